import { asObjects, asText } from './json.ts';

/** Other names of code systems met in charts (OID forms of Epic and Oracle Health, older URIs) → the one that FHIR R4 uses. */
const SYSTEM_ALIASES: ReadonlyMap<string, string> = new Map([
  ['urn:oid:2.16.840.1.113883.6.88', 'http://www.nlm.nih.gov/research/umls/rxnorm'],
  ['urn:oid:2.16.840.1.113883.6.69', 'http://hl7.org/fhir/sid/ndc'],
  ['urn:oid:2.16.840.1.113883.6.90', 'http://hl7.org/fhir/sid/icd-10-cm'],
  ['urn:oid:2.16.840.1.113883.6.96', 'http://snomed.info/sct'],
  ['urn:oid:2.16.840.1.113883.6.12', 'http://www.ama-assn.org/go/cpt'],
  ['urn:oid:2.16.840.1.113883.6.1', 'http://loinc.org'],
  ['urn:oid:2.16.840.1.113883.6.43.1', 'http://terminology.hl7.org/CodeSystem/icd-o-3'],
  ['urn:oid:2.16.840.1.113883.3.26.1.1', 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl'],
  ['urn:oid:2.16.840.1.113883.6.73', 'http://www.whocc.no/atc'],
  ['urn:oid:2.16.840.1.113883.6.285', 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets'],
  ['http://hl7.org/fhir/sid/icd-o-3', 'http://terminology.hl7.org/CodeSystem/icd-o-3'],
  ['https://loinc.org', 'http://loinc.org'],
  ['https://snomed.info/sct', 'http://snomed.info/sct'],
]);

export interface Coding {
  readonly system: string;
  readonly code: string;
}

/** What a CodeableConcept says: all its codings, under canonical systems, and all its words, `text` first. */
export interface CodedText {
  readonly codings: readonly Coding[];
  readonly texts: readonly string[];
}

/** A class for payment, into which many diseases fall: "Metastatic Cancer and Acute Leukemia" says of no patient that they have either. */
const PAYMENT_CLASS = /cms-?hcc/i;

const NOTHING: CodedText = { codings: [], texts: [] };

/** The canonical URI of a code system; SNOMED CT edition URIs count as SNOMED CT. */
export function canonicalSystem(system: string): string {
  const plain = system.endsWith('/') ? system.slice(0, -1) : system;
  const trimmed = plain.startsWith('URN:') ? plain.toLowerCase() : plain;
  const alias = SYSTEM_ALIASES.get(trimmed);
  if (alias !== undefined) return alias;
  return trimmed.startsWith('http://snomed.info/sct/') ? 'http://snomed.info/sct' : trimmed;
}

/** Reads a CodeableConcept, or a list of them as one; of anything else, nothing. */
export function readCodedText(...values: readonly unknown[]): CodedText {
  const codings: Coding[] = [];
  const texts: string[] = [];
  for (const value of values) {
    for (const concept of asObjects(value)) {
      const text = asText(concept['text']);
      if (text !== undefined) texts.push(text);
      for (const coding of asObjects(concept['coding'])) {
        const system = asText(coding['system']);
        const code = asText(coding['code']);
        const display = asText(coding['display']);
        if (system !== undefined && code !== undefined)
          codings.push({ system: canonicalSystem(system), code: code.trim() });
        if (display !== undefined && !(system !== undefined && PAYMENT_CLASS.test(system))) texts.push(display);
      }
    }
  }
  return codings.length === 0 && texts.length === 0 ? NOTHING : { codings, texts };
}

/** Code systems that HL7 defines for statuses and categories. */
const HL7_SYSTEM = 'http://terminology.hl7.org/';

/**
 * The code of an element bound to an HL7 code system, or to a plain code: the HL7 coding's, be there local ones before
 * it, else the first one's, else the words ("Entered in Error") as a code.
 */
export function readCode(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const concepts = asObjects(value);
  const codings = concepts.flatMap((concept) => asObjects(concept['coding']));
  const ofHl7 = codings.find(({ system }) => asText(system)?.startsWith(HL7_SYSTEM) === true);
  const coded = asText(ofHl7?.['code']) ?? codings.map(({ code }) => asText(code)).find((code) => code !== undefined);
  if (coded !== undefined) return coded;
  const words = concepts.map(({ text }) => asText(text)).find((text) => text !== undefined);
  return words?.trim().toLowerCase().replaceAll(/\s+/g, '-');
}
