import { type CodedText, readCodedText } from './coding.ts';
import { asObject, asObjects, asText } from './json.ts';
import type { JsonObject } from './reading.ts';
import { referencedId } from './resource.ts';

/** Contained Medications may refer to each other, in circles too: no further than this. */
const MAX_DEPTH = 4;

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
  follow(record['medicationReference'], 0);
  return { codings, texts };

  function take(said: CodedText): void {
    codings.push(...said.codings);
    texts.push(...said.texts);
  }

  function follow(reference: unknown, depth: number): void {
    const link = asObject(reference);
    if (link === undefined || depth > MAX_DEPTH) return;
    const target = asText(link['reference']);
    const medication = target === undefined ? undefined : find(target);
    if (medication !== undefined) {
      take(readCodedText(medication['code']));
      for (const ingredient of asObjects(medication['ingredient'])) {
        take(readCodedText(ingredient['itemCodeableConcept']));
        follow(ingredient['itemReference'], depth + 1);
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
