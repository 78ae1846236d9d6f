import { type CodedText, readCodedText } from './coding.ts';
import { asObject, asObjects, asText } from './json.ts';
import type { JsonObject } from './reading.ts';
import { referencedId } from './resource.ts';

/** Contained Medications may refer to each other, in circles too: each is read once, and no more than these. */
const MAX_MEDICATIONS = 50;

/** Finds a Medication that stands beside the record: an entry of the same Bundle. */
export type MedicationLookup = (id: string) => JsonObject | undefined;

/** The Medication entries of a Bundle, by id. */
export function medicationLookup(resources: readonly JsonObject[]): MedicationLookup {
  let byId: Map<string, JsonObject> | undefined;
  return (id) => {
    byId ??= new Map(
      resources
        .filter((resource) => resource['resourceType'] === 'Medication')
        .map((resource) => [asText(resource['id']) ?? '', resource]),
    );
    return byId.get(id);
  };
}

/**
 * What a MedicationRequest, -Administration or -Statement is of: everything its medication says, wherever it stands –
 * in the record, contained, in a neighbouring entry, as ingredients – and else the display of the reference.
 */
export function readMedication(record: JsonObject, lookup: MedicationLookup): CodedText {
  const inline = record['medicationCodeableConcept'];
  if (inline !== undefined && record['medicationReference'] === undefined) return readCodedText(inline);
  const codings: CodedText['codings'][number][] = [];
  const texts: string[] = [];
  take(readCodedText(inline));
  const read = new Set<string>();
  follow(record['medicationReference']);
  return { codings, texts };

  function take(said: CodedText): void {
    for (const coding of said.codings) codings.push(coding);
    for (const text of said.texts) texts.push(text);
  }

  function follow(reference: unknown): void {
    const link = asObject(reference);
    if (link === undefined) return;
    const target = asText(link['reference']);
    if (target !== undefined && !read.has(target) && read.size < MAX_MEDICATIONS) {
      read.add(target);
      const medication = find(target);
      take(readCodedText(medication?.['code']));
      for (const ingredient of asObjects(medication?.['ingredient'])) {
        take(readCodedText(ingredient['itemCodeableConcept']));
        follow(ingredient['itemReference']);
      }
    }
    const display = asText(link['display']);
    if (display !== undefined) texts.push(display);
  }

  function find(target: string): JsonObject | undefined {
    if (!target.startsWith('#')) return lookup(target.startsWith('urn:uuid:') ? target.slice(9) : referencedId(target));
    return asObjects(record['contained']).find((contained) => contained['id'] === target.slice(1));
  }
}
