import type { CodedText } from './coding.ts';
import type { Terminology } from './terminology.ts';
import { MAX_TEXT } from './text.ts';

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const ATC = 'http://www.whocc.no/atc';
/** Whose codes say which drug it is, whatever the words are. Others have codes for "medicinal product", or for a study's packages. */
const SAYS_WHICH = new Set([RXNORM, ATC]);
/** Whose codes are of drugs, if there are no words. */
const OF_DRUGS = new Set([
  ...SAYS_WHICH,
  'http://hl7.org/fhir/sid/ndc',
  'http://snomed.info/sct',
  'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
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

/** Many orders may be of one Medication, which says a lot: it is judged once. */
const judged = new WeakMap<CodedText, boolean>();

/**
 * Does the record say in no way what drug it is of? It has no code that says so, and its words are none or only say that it is
 * a study's drug, chemotherapy, not in the formulary or named in a comment: "IP ONC STUDY DRUG IVPB". It may then be any drug.
 * A text in which one word more stands counts as a name.
 */
export function namesNoDrug(concept: CodedText, terminology: Pick<Terminology, 'drugsIn'>): boolean {
  const known = judged.get(concept) ?? saysNothing(concept, terminology);
  judged.set(concept, known);
  return known;
}

function saysNothing({ codings, texts }: CodedText, { drugsIn }: Pick<Terminology, 'drugsIn'>): boolean {
  const has = (systems: ReadonlySet<string>) => codings.some(({ system }) => systems.has(system));
  if (has(SAYS_WHICH)) return false;
  // A site's own code is a name if its overlay knows it.
  if (texts.length === 0) return !has(OF_DRUGS) && drugsIn({ codings, texts }).length === 0;
  const said = texts.map((text) => text.slice(0, MAX_TEXT).toLowerCase());
  if (!said.some((text) => NO_NAME.test(text)) || !said.every(isNoName)) return false;
  return drugsIn({ codings, texts }).length === 0;
}

function isNoName(text: string): boolean {
  const ofStudy = OF_STUDY.exec(text);
  if (ofStudy !== null && !BESIDE.test(text.slice(0, ofStudy.index))) return true;
  for (const [part] of text.matchAll(PART)) if (!FILLER.has(part) && !NUMBER.test(part)) return false;
  return true;
}
