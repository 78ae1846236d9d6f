import type { DraftContext } from './draft-orders.ts';
import { asObject, asObjects, asText } from './json.ts';
import type { JsonObject, Reading, Readings } from './reading.ts';
import { isAnotherPatients } from './subject.ts';

/** What a hook's context itself holds of the patient's chart; hooks without such members have none of them. */
export interface ContextResources {
  /** Order hooks: the unsigned orders. */
  readonly drafts?: DraftContext;
  /** appointment-book: a Bundle of the visits that are being booked. */
  readonly appointments?: JsonObject;
  /** problem-list-item-create: a Bundle of the problems that were just added. */
  readonly conditions?: JsonObject;
}

/** The resources of a context's Bundle that are of this type and not another patient's, and how many others there are. */
export function resourcesIn(
  bundle: JsonObject,
  type: string,
  isOthers: (resource: JsonObject) => boolean,
): { readonly resources: readonly JsonObject[]; readonly skipped: number; readonly unreadable: boolean } {
  const entries: readonly unknown[] = Array.isArray(bundle['entry']) ? bundle['entry'] : asObjects(bundle['entry']);
  const readable = entries.flatMap((entry) => {
    const resource = asObject(asObject(entry)?.['resource']);
    return resource === undefined || asText(resource['resourceType']) === undefined ? [] : [resource];
  });
  const resources = readable.filter((resource) => resource['resourceType'] === type && !isOthers(resource));
  return { resources, skipped: entries.length - resources.length, unreadable: readable.length < entries.length };
}

/**
 * The readings with the problems just added (rule 6). The server may list them already, so that one with the id of one on
 * file takes its place. Where the Conditions could not be read, those of the context are some of them, never all.
 */
export function withConditions(
  readings: Readings,
  bundle: JsonObject | undefined,
  patientId: string,
): { readonly readings: Readings; readonly skipped: number } {
  if (bundle === undefined) return { readings, skipped: 0 };
  const found = resourcesIn(bundle, 'Condition', (condition) => isAnotherPatients(condition, patientId));
  const { skipped } = found;
  if (found.resources.length === 0 && !found.unreadable) return { readings, skipped };

  const added = new Map(found.resources.map((condition) => [asText(condition['id']) ?? condition, condition]));
  const onFile = readings.get('conditions') ?? { state: 'unread', reason: 'not-sent' };
  const others =
    onFile.state === 'unread' ? [] : onFile.resources.filter((condition) => !added.has(asText(condition['id']) ?? ''));
  const resources = [...others, ...added.values()];
  const conditions: Reading =
    onFile.state !== 'complete'
      ? { state: 'incomplete', resources, reason: onFile.reason }
      : found.unreadable
        ? { state: 'incomplete', resources, reason: 'malformed' }
        : { state: 'complete', resources };
  return { readings: new Map([...readings, ['conditions', conditions]]), skipped };
}
