import type { ResourceKey } from '../chart/reading.ts';
import type { Query } from './query.ts';

/** One page of nearly every chart. Where pages are small by default, a chart would take many round trips, one after the other. */
const WHOLE = '_count=1000';
/**
 * For what servers serve in small pages and bound: Oracle Health documents at most 100 DiagnosticReports. One that ignores what is
 * above would go on with its default of ten.
 */
const SMALLER: ReadonlyMap<string, string> = new Map([
  ['DiagnosticReport', '_count=100'],
  ['Observation', '_count=200'],
]);
const HUNDRED = '_count=100';
/** Oracle Health documents no `_count` for these, and answers them whole. */
const WITHOUT_COUNT: ReadonlySet<string> = new Set(['Condition', 'Procedure']);
const WITH_MEDICATION: ReadonlySet<string> = new Set([
  'MedicationRequest',
  'MedicationAdministration',
  'MedicationStatement',
]);
/** Where a profile fixes the category: US Core laboratory results, FHIR vital signs. */
const CATEGORY: ReadonlyMap<ResourceKey, string> = new Map([
  ['observationsLaboratory', 'laboratory'],
  ['observationsBodyWeight', 'vital-signs'],
]);

/** One way to put a query to a server. */
export interface Way {
  /** Relative to the FHIR base URL. */
  readonly path: string;
  /** Does it find all that the prefetch template finds? If not, "no record" must not follow. */
  readonly findsAll: boolean;
}

/**
 * The ways to put one query to a server, the best first: with everything that saves round trips, then with less and less, for
 * servers that refuse a parameter they do not know. Last, for what has one, by category: a result that is filed elsewhere is not
 * found then.
 */
export function waysOf(key: ResourceKey, { path, resourceType, isSearch }: Query): readonly Way[] {
  if (!isSearch) return [{ path, findsAll: true }];
  const plain = [...aids(resourceType).map((parameters) => `${path}&${parameters}`), path];
  const category = CATEGORY.get(key);
  const byCategory =
    category === undefined ? [] : plain.map((way) => way.replace(/&code=[^&]*/, `&category=${category}`));
  return [
    ...plain.map((way) => ({ path: way, findsAll: true })),
    ...byCategory.map((way) => ({ path: way, findsAll: false })),
  ];
}

function aids(resourceType: string): readonly string[] {
  const smaller = SMALLER.get(resourceType);
  if (smaller !== undefined) return [smaller];
  if (WITHOUT_COUNT.has(resourceType)) return [WHOLE];
  if (!WITH_MEDICATION.has(resourceType)) return [WHOLE, HUNDRED];
  return [`_include=${resourceType}:medication&${WHOLE}`, WHOLE, HUNDRED];
}
