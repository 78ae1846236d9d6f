import { asObject, asObjects, asText } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import { referencedId } from '../chart/resource.ts';

const URN = 'urn:uuid:';

/** The id of the Medication that a reference names; undefined of a contained one, which stands in its own resource. */
function medicationIdOf(reference: string | undefined): string | undefined {
  if (reference === undefined || reference.startsWith('#')) return undefined;
  const id = reference.startsWith(URN) ? reference.slice(URN.length) : referencedId(reference);
  return id === '' ? undefined : id;
}

/** The id of the Medication that an order, a dose or a statement is of, if that is a resource of its own. */
export function medicationOf(resource: JsonObject): string | undefined {
  return medicationIdOf(asText(asObject(resource['medicationReference'])?.['reference']));
}

/** The ids of the Medications that a Medication is made of, as far as they are resources of their own. */
export function ingredientsOf(medication: JsonObject): readonly string[] {
  return asObjects(medication['ingredient']).flatMap(
    ({ itemReference }) => medicationIdOf(asText(asObject(itemReference)?.['reference'])) ?? [],
  );
}

/** These Medications and all that they are made of. */
export function withIngredients(
  wanted: Iterable<string>,
  madeOf: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const all = new Set(wanted);
  // A Set is walked to what was added on the way; each is added once, so that circles end.
  for (const id of all) for (const part of madeOf.get(id) ?? []) all.add(part);
  return all;
}
