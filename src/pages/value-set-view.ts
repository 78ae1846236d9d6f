import { asObject, asObjects, asText } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import { counted } from './words.ts';

const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['http://snomed.info/sct', 'SNOMED CT'],
  ['http://loinc.org', 'LOINC'],
  ['http://hl7.org/fhir/sid/icd-10-cm', 'ICD-10-CM'],
  ['http://hl7.org/fhir/sid/icd-10', 'ICD-10'],
  ['http://terminology.hl7.org/CodeSystem/icd-o-3', 'ICD-O-3'],
  ['http://www.nlm.nih.gov/research/umls/rxnorm', 'RxNorm'],
  ['http://www.whocc.no/atc', 'ATC'],
  ['http://www.ama-assn.org/go/cpt', 'CPT'],
  ['http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets', 'HCPCS'],
  ['http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl', 'NCI Thesaurus'],
  ['http://purl.obolibrary.org/obo/mondo.owl', 'Mondo'],
  ['http://www.orpha.net', 'Orphanet'],
  ['http://terminology.hl7.org/CodeSystem/umls', 'UMLS'],
  ['http://terminology.hl7.org/CodeSystem/MSH', 'MeSH'],
]);

/** CPT codes stand in sets of their own, which add to the one without the ending. */
const CPT = '-cpt';

/** A value set as its page shows it. */
export interface ValueSetView {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly size: string;
  readonly systems: readonly { readonly name: string; readonly system: string; readonly rows: readonly CodeRow[] }[];
  readonly copyright: readonly string[];
}

interface CodeRow {
  readonly code: string;
  readonly display: string;
  readonly comment: string;
}

export function systemName(system: string): string {
  return SYSTEMS.get(system) ?? system;
}

/** The value sets by id, each with the CPT codes that add to it. */
export function valueSetViews(valueSets: readonly JsonObject[]): ReadonlyMap<string, ValueSetView> {
  const byId = Map.groupBy(valueSets, (valueSet) => {
    const id = asText(valueSet['id']) ?? '';
    return id.endsWith(CPT) ? id.slice(0, -CPT.length) : id;
  });
  return new Map([...byId].map(([id, sets]) => [id, viewOf(id, sets)]));
}

function viewOf(id: string, sets: readonly JsonObject[]): ValueSetView {
  const [first] = sets.toSorted((a) => (asText(a['id']) === id ? -1 : 1));
  const includes = sets.flatMap((set) => asObjects(asObject(set['compose'])?.['include']));
  const bySystem = Map.groupBy(includes, (include) => asText(include['system']) ?? '');
  const excluded = excludedCodes(sets);
  const systems = [...bySystem].map(([system, parts]) => ({
    name: systemName(system),
    system,
    rows: parts.flatMap((part) => [
      ...asObjects(part['concept'])
        .map((concept) => codeRow(concept))
        .filter(({ code }) => !excluded.has(`${system}|${code}`)),
      ...asObjects(part['filter']).map(filterRow),
    ]),
  }));
  return {
    id,
    title: asText(first?.['title']) ?? id,
    description: asText(first?.['description']) ?? '',
    size: counted(
      systems.reduce((sum, { rows }) => sum + rows.length, 0),
      'code',
    ),
    systems,
    copyright: [...new Set(sets.flatMap((set) => asText(set['copyright']) ?? []))],
  };
}

/** What a site leaves out of the set. */
function excludedCodes(sets: readonly JsonObject[]): ReadonlySet<string> {
  const excludes = sets.flatMap((set) => asObjects(asObject(set['compose'])?.['exclude']));
  return new Set(
    excludes.flatMap((exclude) =>
      asObjects(exclude['concept']).map(
        (concept) => `${asText(exclude['system']) ?? ''}|${asText(concept['code']) ?? ''}`,
      ),
    ),
  );
}

function codeRow(concept: JsonObject): CodeRow {
  const [comment] = asObjects(concept['extension']);
  return {
    code: asText(concept['code']) ?? '',
    display: asText(concept['display']) ?? '',
    comment: asText(comment?.['valueString']) ?? '',
  };
}

function filterRow(filter: JsonObject): CodeRow {
  return { code: asText(filter['value']) ?? '', display: 'Every code of this pattern', comment: '' };
}
