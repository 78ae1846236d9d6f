import { isJsonObject, type JsonObject } from '../../cds-hooks/json.ts';
import type { Action, Suggestion } from '../card-text.ts';
import { referenceTo } from '../hook-request.ts';
import type { PatientStore, Resource } from '../patient-store.ts';
import { draftsIn } from './drafts.ts';
import type { Change } from './records.ts';

/** What the suggestions would change in this chart; or why they are not carried out, none of them. */
export type Planned = { readonly changes: readonly Change[] } | { readonly problem: string };

/**
 * Checks every action before the first is carried out: a card may say what it likes, this chart alone is changed, and what is
 * on file only as long as nobody has signed it.
 */
export function plannedChanges(suggestions: readonly Suggestion[], chart: PatientStore): Planned {
  const planned = suggestions.flatMap(({ actions = [] }) => actions).map((action) => changeFor(action, chart));
  const problem = planned.find((one) => typeof one === 'string');
  if (problem !== undefined) return { problem };

  const changes = planned.filter((one) => typeof one !== 'string');
  const removed = new Set(changes.flatMap((change) => (change.kind === 'delete' ? [change.reference] : [])));
  const both = changes.some((change) => change.kind === 'update' && removed.has(referenceTo(change.resource)));
  return both ? { problem: 'What is to be changed is to be removed as well' } : { changes };
}

function changeFor(action: Action, chart: PatientStore): Change | string {
  const { type, resource, resourceId } = action;
  switch (type) {
    case 'create':
      return isOf(chart, resource) ? creating(resource) : 'What is to be created is not of this patient';
    case 'update': {
      if (!isOf(chart, resource)) return 'What is to be changed is not of this patient';
      const draft = draftIn(chart, `${resource.resourceType}/${String(resource['id'])}`);
      return typeof draft === 'string'
        ? `What is to be changed ${draft}`
        : { kind: 'update', resource: { ...resource, id: draft.id } };
    }
    case 'delete': {
      // 1.0 names it in `resource`, 2.0 in `resourceId`.
      const draft = draftIn(chart, resourceId ?? (typeof resource === 'string' ? resource : ''));
      return typeof draft === 'string'
        ? `What is to be removed ${draft}`
        : { kind: 'delete', reference: referenceTo(draft) };
    }
    default:
      return `What ${type} means is not known`;
  }
}

function creating({ id: _ofTheService, ...resource }: JsonObject & { readonly resourceType: string }): Change {
  return { kind: 'create', resource };
}

/** An unsigned order of this patient; or what it is instead. */
function draftIn(chart: PatientStore, reference: string): Resource | string {
  const found = chart.byReference(reference);
  if (!isOf(chart, found)) return 'is not on file any more';
  if (found['status'] === 'active') return 'is signed by now';
  return draftsIn(chart).find((draft) => referenceTo(draft) === reference) ?? 'is no unsigned order';
}

function isOf<T>(chart: PatientStore, resource: T): resource is T & JsonObject & { readonly resourceType: string } {
  if (!isJsonObject(resource) || typeof resource['resourceType'] !== 'string') return false;
  const subjects = [resource['subject'], resource['patient']].filter((subject) => subject !== undefined);
  return (
    subjects.length > 0 &&
    subjects.every((subject) => isJsonObject(subject) && subject['reference'] === `Patient/${chart.patientId}`)
  );
}
