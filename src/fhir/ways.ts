import type { ResourceKey } from '../chart/reading.ts';
import type { Query } from './query.ts';

/** One page of nearly every chart. Where pages are small by default, a chart would take many round trips, one after the other. */
const WHOLE = '_count=1000';
/** The most that Oracle Health documents for DiagnosticReport. */
const HUNDRED = '_count=100';
/** Oracle Health documents no `_count` for these, and answers them whole. */
const WITHOUT_COUNT: ReadonlySet<string> = new Set(['Condition', 'Procedure']);
const WITH_MEDICATION: ReadonlySet<string> = new Set([
  'MedicationRequest',
  'MedicationAdministration',
  'MedicationStatement',
]);
/** Where a profile that every server of its kind follows fixes the category: US Core laboratory results, FHIR vital signs. */
const CATEGORY: ReadonlyMap<ResourceKey, string> = new Map([
  ['observationsLaboratory', 'laboratory'],
  ['observationsBodyWeight', 'vital-signs'],
]);

/**
 * The ways to put one query to a server, as paths, the best first: with everything that saves round trips, then with less and
 * less, for servers that refuse a parameter they do not know. All of them find what the prefetch template finds, or more of it.
 */
export function waysOf(key: ResourceKey, { path, resourceType, isSearch }: Query): readonly string[] {
  if (!isSearch) return [path];
  const category = CATEGORY.get(key);
  return [
    ...aids(resourceType).map((parameters) => `${path}&${parameters}`),
    path,
    ...(category === undefined ? [] : [path.replace(/&code=[^&]*/, `&category=${category}`)]),
  ];
}

function aids(resourceType: string): readonly string[] {
  if (WITHOUT_COUNT.has(resourceType)) return [WHOLE];
  if (!WITH_MEDICATION.has(resourceType)) return [WHOLE, HUNDRED];
  return [`_include=${resourceType}:medication&${WHOLE}`, WHOLE, HUNDRED];
}
