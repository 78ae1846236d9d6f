import type { CodedText } from './coding.ts';
import type { Terminology } from './terminology.ts';
import { MAX_TEXT } from './text.ts';

/** Whose codes are each of a drug. */
const OF_DRUGS = new Set([
  'http://www.nlm.nih.gov/research/umls/rxnorm',
  'http://hl7.org/fhir/sid/ndc',
  'http://www.whocc.no/atc',
  'http://snomed.info/sct',
]);

/** A drug of a study, whatever else stands beside it: the name of the study, a vehicle, a dose. */
const OF_STUDY =
  /\b(?:study|investigational|trial|research|experimental)(?:[ -](?:new|medicinal|study|blinded|iv|oral|chemotherapy))?[ -](?:drugs?|agents?|medications?|meds?|medicines?|products?)\b/;
/** "Saline flush after study drug": what is given beside it has a name. */
const BESIDE = /\b(?:for|before|after|with|during|prior to|pre|post|following|while on|not|no|without)\W+(?:\w+\W+)?$/;

/** Words for a drug that is named elsewhere, or nowhere. */
const NO_NAME =
  /\b(?:study|investigational|trial|research|experimental|blinded|chemotherapy|chemo|antineoplastics?|chemotherapeutic|immunotherapy|non[ -]?formulary|placeholder|unlisted|unclassified|otherwise classified|miscellaneous|see (?:\w+ ){0,2}(?:comments?|orders?|notes?|instructions?|details|protocol))\b/;
/** What may stand beside them and is no name either. */
const FILLER = new Set(
  (
    'additional admin administration agent agents and antineoplastic antineoplastics arm bag biologicals biologics blinded capsule capsules chemo ' +
    'chemotherapeutic chemotherapy classified clinic clinical comment comments compounded cycle daily day days details dose doses drug drugs ' +
    'entry experimental external for formulary hospital immunotherapy in infusion inj injection inpatient instructions intravenous ' +
    'investigational ip iv ivp ivpb kg m2 mcg med medication medications medicine medicines meds mg miscellaneous ml non nonformulary nos not ' +
    'note notes of onc oncology op or oral order orders other otherwise outpatient outside patient pediatric per pharmacy placeholder plan po ' +
    'prescription product products protocol regimen research see set study tab tablet tablets the therapy to treatment trial unclassified ' +
    'unlisted unspecified via with'
  ).split(' '),
);
const NUMBER = /^\d+$/;
const PART = /[\p{L}\p{N}]+/gu;

/**
 * Does the record say in no way what drug it is of? It has no code of a system of drugs, and its words are none or only say
 * that it is a study's drug, chemotherapy, not in the formulary or named in a comment: "IP ONC STUDY DRUG IVPB". It may
 * then be any drug. A text in which one word more stands counts as a name.
 */
export function namesNoDrug(concept: CodedText, { drugsIn }: Pick<Terminology, 'drugsIn'>): boolean {
  const { codings, texts } = concept;
  if (codings.some(({ system }) => OF_DRUGS.has(system))) return false;
  if (texts.length === 0) return true;
  const said = texts.map((text) => text.slice(0, MAX_TEXT).toLowerCase());
  if (!said.some((text) => NO_NAME.test(text)) || !said.every(isNoName)) return false;
  return drugsIn(concept).length === 0;
}

function isNoName(text: string): boolean {
  const ofStudy = OF_STUDY.exec(text);
  if (ofStudy !== null && !BESIDE.test(text.slice(0, ofStudy.index))) return true;
  return (text.match(PART) ?? []).every((part) => FILLER.has(part) || NUMBER.test(part));
}
