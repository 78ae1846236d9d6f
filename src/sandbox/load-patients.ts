import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../cds-hooks/json.ts';
import { type PatientStore, type Resource, storeOf } from '../ehr-demo/patient-store.ts';
import { loadPatient } from '../ehr-demo/scenarios.ts';
import { shiftDates } from '../ehr-demo/shift-dates.ts';
import { describeAnswer, type FhirRest, isDone, isRedirect } from './fhir-rest.ts';
import { type NewNames, newName, relabel } from './relabel.ts';
import { isFhirId, referenceOf } from './resource-reference.ts';
import { tagged } from './run-tag.ts';

/** A synthetic patient as the server holds them now. */
export type LoadedPatient = {
  /** The name in the fixtures. */
  readonly name: string;
  /** The chart, with the server's ids and dates moved to today. */
  readonly chart: PatientStore;
  readonly names: NewNames;
};

/** What became of one transaction. */
export type Load =
  | { readonly kind: 'loaded'; readonly patient: LoadedPatient; readonly created: readonly Resource[] }
  /** Nobody knows whether it was done, or will be. */
  | { readonly kind: 'lost' }
  /** Part of it may be there all the same: transactions are not atomic everywhere. */
  | { readonly kind: 'failed'; readonly because: string; readonly created: readonly Resource[] }
  /** The server takes no writes, at least not with this token. */
  | { readonly kind: 'refused'; readonly because: string };

export type LoadOptions = {
  readonly rest: FhirRest;
  /** The UUID of the run, which tags everything it creates. */
  readonly run: string;
  /** By how many days the dates of the fixtures move. */
  readonly days: number;
  readonly token?: string | undefined;
};

// 404 and 501: the address for transactions is not there at all.
const NO_WRITES: ReadonlySet<number> = new Set([401, 403, 404, 405, 501]);
// What a gateway says of a server behind it that may still be at work.
const NOT_HEARD_OF: ReadonlySet<number> = new Set([408, 502, 504]);

/** Creates a synthetic patient in one transaction, by POST, so that nothing on a shared server is written over. */
export async function loadOnto({ rest, run, days, token }: LoadOptions, name: string): Promise<Load> {
  const { resources } = shifted(loadPatient(name), days);
  const fullUrls = resources.map(() => `urn:uuid:${randomUUID()}`);
  const answer = await rest.transaction(transactionOf(resources, fullUrls, run));
  if (answer.kind === 'unreachable' || NOT_HEARD_OF.has(answer.status)) return { kind: 'lost' };
  const because = describeAnswer(answer, token);
  if (NO_WRITES.has(answer.status) || isRedirect(answer)) return { kind: 'refused', because };
  if (!isDone(answer)) return { kind: 'failed', because, created: [] };
  // Done, and broken off before it said what.
  if (answer.body === undefined) return { kind: 'lost' };

  const ids = idsIn(answer.body, resources);
  const names = new Map(
    resources.flatMap((resource, at) => {
      const id = ids[at];
      return id === undefined ? [] : [[referenceOf(resource), `${resource.resourceType}/${id}`] as const];
    }),
  );
  const created = resources
    .filter((resource) => names.has(referenceOf(resource)))
    .map((resource) => renamed(resource, names));
  if (created.length < resources.length) {
    const missing = resources.length - created.length;
    return { kind: 'failed', because: `${missing} of ${resources.length} entries were not created`, created };
  }
  const patientId = newName(`Patient/${name}`, names).slice('Patient/'.length);
  return { kind: 'loaded', patient: { name, chart: storeOf(patientId, created), names }, created };
}

function shifted(chart: PatientStore, days: number): PatientStore {
  return storeOf(chart.patientId, shiftDates(chart.resources, days));
}

/** The Bundle that creates these resources, tagged, with references among them as `urn:uuid`. */
function transactionOf(resources: readonly Resource[], fullUrls: readonly string[], run: string): JsonObject {
  const names = new Map(resources.map((resource, at) => [referenceOf(resource), fullUrls[at] ?? '']));
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource, at) => ({
      fullUrl: fullUrls[at],
      resource: tagged(relabel(resource, names), run),
      request: { method: 'POST', url: resource.resourceType },
    })),
  };
}

/**
 * The id that the server gave to each entry, in their order (FHIR R4, 3.1.0.11.2); undefined where it created none. A server that
 * says anything but 201 may mean a resource that was there before.
 */
function idsIn(body: JsonObject | undefined, resources: readonly Resource[]): readonly (string | undefined)[] {
  const entries: readonly unknown[] = Array.isArray(body?.['entry']) ? body['entry'] : [];
  return resources.map(({ resourceType }, at) => {
    const entry = entries[at];
    if (!isJsonObject(entry) || !isJsonObject(entry['response'])) return undefined;
    const { status, location } = entry['response'];
    if (typeof status !== 'string' || !/^201\b/.test(status)) return undefined;
    // `[base]/Type/id/_history/1`, relative or absolute.
    const path =
      typeof location === 'string'
        ? location
            .replace(/\/_history\/.*$/, '')
            .split('/')
            .slice(-2)
        : [];
    const id =
      path[0] === resourceType ? path[1] : isJsonObject(entry['resource']) ? entry['resource']['id'] : undefined;
    return typeof id === 'string' && isFhirId(id) ? id : undefined;
  });
}

function renamed(resource: Resource, names: NewNames): Resource {
  const [, id = resource.id] = newName(referenceOf(resource), names).split('/');
  return { ...relabel(resource, names), id };
}
