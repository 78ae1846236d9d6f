import type { Resource } from './patient-store.ts';

/** Older names of code systems: real charts hold codings under the OID, and a server's index knows them as the same. */
const SYSTEM_OF_ALIAS: ReadonlyMap<string, string> = new Map([
  ['urn:oid:2.16.840.1.113883.6.1', 'http://loinc.org'],
  ['urn:oid:2.16.840.1.113883.6.96', 'http://snomed.info/sct'],
  ['urn:oid:2.16.840.1.113883.6.90', 'http://hl7.org/fhir/sid/icd-10-cm'],
  ['urn:oid:2.16.840.1.113883.6.88', 'http://www.nlm.nih.gov/research/umls/rxnorm'],
  ['urn:oid:2.16.840.1.113883.6.12', 'http://www.ama-assn.org/go/cpt'],
  ['http://hl7.org/fhir/observation-category', 'http://terminology.hl7.org/CodeSystem/observation-category'],
]);

type Token = { readonly system: string | undefined; readonly code: string };

/**
 * FHIR R4 token search, comma meaning OR: does an element of the resource hold one of the wanted codes?
 * An element with text alone matches nothing.
 */
export function matchesToken(resource: Resource, parameter: string, wanted: string): boolean {
  const tokens = tokensOf(elementOf(resource, parameter));
  return wanted.split(',').some((alternative) => {
    const bar = alternative.indexOf('|');
    const system = bar === -1 ? undefined : alternative.slice(0, bar);
    const code = alternative.slice(bar + 1);
    return tokens.some((token) => (code === '' || token.code === code) && systemMatches(token.system, system));
  });
}

/** The drugs of a Medication… resource are searched as `code` though the element is named otherwise. */
function elementOf(resource: Resource, parameter: string): unknown {
  const isMedicationUse = parameter === 'code' && /^Medication./.test(resource.resourceType);
  return isMedicationUse ? resource['medicationCodeableConcept'] : resource[parameter];
}

function systemMatches(held: string | undefined, wanted: string | undefined): boolean {
  if (wanted === undefined || held === undefined) return true;
  return held === wanted || canonical(held) === canonical(wanted);
}

function canonical(system: string): string {
  return SYSTEM_OF_ALIAS.get(system) ?? system;
}

/** A primitive code (`status`) has no system of its own to compare; a Coding without one has the empty system. */
function tokensOf(element: unknown): readonly Token[] {
  if (typeof element === 'string') return [{ system: undefined, code: element }];
  if (Array.isArray(element)) return element.flatMap(tokensOf);
  if (typeof element !== 'object' || element === null) return [];
  if ('coding' in element) return tokensOf(element.coding);
  if (!('code' in element) || typeof element.code !== 'string') return [];
  return [
    { system: 'system' in element && typeof element.system === 'string' ? element.system : '', code: element.code },
  ];
}
