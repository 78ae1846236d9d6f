import { type MissingMedications, missingMedications } from '../chart/medication.ts';
import type { JsonObject, Reading, ResourceKey } from '../chart/reading.ts';
import { referencedId } from '../chart/resource.ts';

/** The parts of a chart whose records may only refer to what was given. */
export const WITH_MEDICATIONS: ReadonlySet<ResourceKey> = new Set([
  'medicationRequests',
  'medicationAdministrations',
  'medicationStatements',
]);

/** A part of the chart, with what was read of it. */
export type PartReading = readonly [ResourceKey, Reading];

/** Reads the Medications under these references, as far as they can be had; undefined if there is nobody to ask. */
export type FindMedications = ((references: readonly string[]) => Promise<ReadonlyMap<string, JsonObject>>) | undefined;

/**
 * The parts with the Medications that their records only refer to, from another part or by `find`. Those that nothing names come
 * first, whichever part they are of: more may be missing than can be read.
 */
export async function withMedications(
  parts: readonly PartReading[],
  find: FindMedications,
): Promise<readonly PartReading[]> {
  const resources = parts.map(([, reading]) => (reading.state === 'unread' ? [] : reading.resources));
  const missing = resources.map(missingMedications);
  // One that came with the orders is the one that a dose refers to, too.
  const beside = new Map(
    resources.flat().flatMap((one) => {
      const { resourceType, id } = one;
      return resourceType === 'Medication' && typeof id === 'string' ? [[id, one]] : [];
    }),
  );
  const isSought = (reference: string) => !beside.has(referencedId(reference));
  const sought = inOrder(missing).filter(isSought);
  const read = find === undefined ? NONE : await find(sought);
  const known = (reference: string) => read.get(reference) ?? beside.get(referencedId(reference));
  return parts.map(([key, reading], at) => [key, withFound(reading, missing[at], known, find !== undefined)]);
}

/** The references of several records, those that nothing names first. */
export function inOrder(missing: readonly MissingMedications[]): readonly string[] {
  return [...missing.flatMap(({ nameless }) => nameless), ...missing.flatMap(({ named }) => named)];
}

const NONE: ReadonlyMap<string, JsonObject> = new Map();

function withFound(
  reading: Reading,
  missing: MissingMedications | undefined,
  find: (reference: string) => JsonObject | undefined,
  wereAsked: boolean,
): Reading {
  const references = missing === undefined ? [] : inOrder([missing]);
  if (reading.state === 'unread' || references.length === 0) return reading;
  const beside = new Set(references.map(find).filter((medication) => medication !== undefined));
  const unresolved = references.filter((reference) => find(reference) === undefined).map(referencedId);
  return {
    ...reading,
    resources: [...reading.resources, ...beside],
    ...(wereAsked && unresolved.length > 0 ? { unresolved: [...new Set(unresolved)] } : {}),
  };
}
