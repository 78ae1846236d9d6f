import { isJsonObject, type JsonObject } from '../../cds-hooks/json.ts';
import type { Action, Suggestion } from '../card-text.ts';
import type { PatientStore, Resource } from '../patient-store.ts';
import { type Change, referenceTo } from './changes.ts';

/** What the suggestions would change in this chart; or why they are not carried out, none of them. */
export type Planned = { readonly changes: readonly Change[] } | { readonly problem: string };

/** Checks every action before the first is carried out: a card may say what it likes, this chart alone is changed. */
export function plannedChanges(suggestions: readonly Suggestion[], chart: PatientStore): Planned {
  const planned = suggestions.flatMap(({ actions = [] }) => actions).map((action) => changeFor(action, chart));
  const problem = planned.find((one) => typeof one === 'string');
  if (problem !== undefined) return { problem };

  const changes = planned.filter((one) => typeof one !== 'string');
  const removed = changes.flatMap((change) => (change.kind === 'delete' ? [referenceTo(change.before)] : []));
  // Two suggestions of one card may remove the same order.
  const news = changes.filter(
    (change, at) => change.kind !== 'delete' || isFirst(changes, at, referenceTo(change.before)),
  );
  const both = news.find((change) => change.kind === 'update' && removed.includes(referenceTo(change.resource)));
  return both === undefined ? { changes: news } : { problem: 'What is to be changed is to be removed as well' };
}

function isFirst(changes: readonly Change[], at: number, reference: string): boolean {
  return !changes.slice(0, at).some((change) => change.kind === 'delete' && referenceTo(change.before) === reference);
}

function changeFor(action: Action, chart: PatientStore): Change | string {
  const { type, resource, resourceId } = action;
  switch (type) {
    case 'create':
      return isOf(chart, resource) ? creating(resource) : 'What is to be created is not of this patient';
    case 'update': {
      if (!isOf(chart, resource)) return 'What is to be changed is not of this patient';
      const before = onFile(chart, `${resource.resourceType}/${String(resource['id'])}`);
      return before === undefined
        ? 'What is to be changed is not on file'
        : { kind: 'update', resource: { ...resource, id: before.id }, before };
    }
    case 'delete': {
      // 1.0 names it in `resource`, 2.0 in `resourceId`.
      const reference = resourceId ?? (typeof resource === 'string' ? resource : '');
      const before = onFile(chart, reference);
      return before === undefined ? 'What is to be removed is not on file any more' : { kind: 'delete', before };
    }
    default:
      return `What ${type} means is not known`;
  }
}

function creating({ id: _ofTheService, ...resource }: JsonObject & { readonly resourceType: string }): Change {
  return { kind: 'create', resource };
}

/** A record of this patient; not the patient, and not what their records refer to. */
function onFile(chart: PatientStore, reference: string): Resource | undefined {
  const found = chart.byReference(reference);
  return isOf(chart, found) ? found : undefined;
}

function isOf<T>(chart: PatientStore, resource: T): resource is T & JsonObject & { readonly resourceType: string } {
  if (!isJsonObject(resource) || typeof resource['resourceType'] !== 'string') return false;
  const subjects = [resource['subject'], resource['patient']].filter((subject) => subject !== undefined);
  return (
    subjects.length > 0 &&
    subjects.every((subject) => isJsonObject(subject) && subject['reference'] === `Patient/${chart.patientId}`)
  );
}
