import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '../cds-hooks/json.ts';
import type { Resource } from '../ehr-demo/patient-store.ts';
import { type FhirRest, isAbsent, isDone } from './fhir-rest.ts';
import { isOfRun, searchOfRun } from './run-tag.ts';
import { searchAll } from './search-pages.ts';

/** What is left on the server of a run. */
export type CleanUp = {
  readonly deleted: number;
  /** `Type/id` of what could not be deleted. */
  readonly left: readonly string[];
  /** Could the server be asked, by tag, what there is? If not, only what is known to have been created was deleted. */
  readonly searched: boolean;
};

export type CleanUpOptions = {
  readonly rest: FhirRest;
  readonly run: string;
  /** The resource types that a run can create. */
  readonly types: readonly string[];
  /** Milliseconds to wait after the first round of deletions one by one; longer after each further one. Default is 200. */
  readonly pauseMs?: number;
};

const ROUNDS = 5;

/**
 * Deletes what a run has created: what is known of it, then whatever else the server has under its tag, such as the work of a
 * transaction whose answer was lost. Nothing without the tag is deleted, whatever a search brings.
 */
export async function cleanUp(
  { rest, run, types, pauseMs = 200 }: CleanUpOptions,
  known: readonly (readonly Resource[])[],
): Promise<CleanUp> {
  const open = new Set(known.flat().map(referenceOf));
  const gone = new Set<string>();
  const remove = async (resources: readonly Resource[]): Promise<boolean> => {
    const { left, answers } = await deleteAll(rest, resources, pauseMs);
    for (const resource of resources) {
      const reference = referenceOf(resource);
      if (left.includes(resource)) open.add(reference);
      else {
        open.delete(reference);
        gone.add(reference);
      }
    }
    return answers;
  };
  for (const resources of known) {
    // oxlint-disable-next-line no-await-in-loop -- a shared server is not to be flooded
    if (!(await remove(resources))) return { deleted: gone.size, left: [...open], searched: false };
  }
  const found = await foundOfRun(rest, run, types);
  await remove(found.resources);
  return { deleted: gone.size, left: [...open], searched: found.complete };
}

/** Referring before referred to, as far as there is such an order: servers that keep references whole refuse the other. */
export function deletionOrder(resources: readonly Resource[]): readonly Resource[] {
  const byReference = new Map(resources.map((resource) => [referenceOf(resource), resource]));
  const ordered: Resource[] = [];
  const seen = new Set<string>();
  const visit = (resource: Resource) => {
    const reference = referenceOf(resource);
    if (seen.has(reference)) return;
    seen.add(reference);
    for (const target of referencesIn(resource)) {
      const other = byReference.get(target);
      if (other !== undefined) visit(other);
    }
    ordered.push(resource);
  };
  for (const resource of resources) visit(resource);
  return ordered.toReversed();
}

/** Deletes, in one transaction, which may hold circles of references, or else one by one; and says what could not be. */
async function deleteAll(
  rest: FhirRest,
  resources: readonly Resource[],
  pauseMs: number,
): Promise<{ readonly left: readonly Resource[]; readonly answers: boolean }> {
  if (resources.length === 0) return { left: [], answers: true };
  const ordered = deletionOrder(resources);
  const answer = await rest.transaction(deletionOf(ordered));
  if (isDone(answer) && allDone(answer.body, ordered.length)) return { left: [], answers: true };

  let left = ordered;
  for (let round = 1; round <= ROUNDS && left.length > 0; round += 1) {
    const still: Resource[] = [];
    for (const [at, resource] of left.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- in their order
      const one = await rest.delete(referenceOf(resource));
      // A server that does not answer now will not answer to the rest either.
      if (one.kind === 'unreachable') return { left: [...still, ...left.slice(at)], answers: false };
      if (!isDone(one) && !isAbsent(one)) still.push(resource);
    }
    left = still;
    // 409: something still refers to it, in an index that may be a moment behind.
    // oxlint-disable-next-line no-await-in-loop -- waits between the rounds
    if (left.length > 0 && round < ROUNDS) await pause(pauseMs * round);
  }
  return { left, answers: true };
}

async function foundOfRun(rest: FhirRest, run: string, types: readonly string[]) {
  const searches = [];
  // oxlint-disable-next-line no-await-in-loop -- a shared server is not to be flooded
  for (const type of types) searches.push(await searchAll(rest, searchOfRun(type, run)));
  const resources = searches.flatMap((search) => (search.kind === 'found' ? search.resources : []));
  // A server that ignores `_tag` brings everything it has.
  const complete = searches.every(({ kind }) => kind === 'found') && resources.every((one) => isOfRun(one, run));
  return { resources: resources.filter((one) => isOfRun(one, run)), complete };
}

function deletionOf(resources: readonly Resource[]): JsonObject {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({ request: { method: 'DELETE', url: referenceOf(resource) } })),
  };
}

function allDone(body: JsonObject | undefined, count: number): boolean {
  const entries: readonly unknown[] = Array.isArray(body?.['entry']) ? body['entry'] : [];
  const statuses = entries.map((entry) =>
    String((entry as { response?: { status?: unknown } } | null)?.response?.status),
  );
  return statuses.length === count && statuses.every((status) => /^(?:2\d\d|404|410)/.test(status));
}

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'reference' in value && typeof value.reference === 'string' ? [value.reference] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

function referenceOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}
