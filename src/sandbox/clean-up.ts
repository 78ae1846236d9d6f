import { setTimeout as pause } from 'node:timers/promises';
import { isJsonObject, type JsonObject } from '../cds-hooks/json.ts';
import type { Resource } from '../ehr-demo/patient-store.ts';
import { type FhirRest, isAbsent, isDone, type RestAnswer } from './fhir-rest.ts';
import { hasPlainReference, referenceOf } from './resource-reference.ts';
import { isOfRun, searchOfRun } from './run-tag.ts';
import { isResource, searchAll } from './search-pages.ts';

/** What is left on the server of a run. */
export type CleanUp = {
  /** How many resources were there and are deleted. */
  readonly deleted: number;
  /** `Type/id` of what could not be deleted, or not be looked at. */
  readonly left: readonly string[];
  /** `Type/id` of what the server said it had created, and what does not carry the run's tag: not deleted, it may be anybody's. */
  readonly untagged: readonly string[];
  /** Could the server be asked, by tag, what there is? If not, only what is known to have been created was deleted. */
  readonly searched: boolean;
  /** Was a transaction left without an answer of which nothing has turned up? It may still be done. */
  readonly lost: boolean;
};

export type CleanUpOptions = {
  readonly rest: FhirRest;
  readonly run: string;
  /** The resource types that a run can create. */
  readonly types: readonly string[];
  /** Was the answer to a transaction lost? Default is `false`. */
  readonly hasLost?: boolean;
  /** Milliseconds to wait after the first round of deletions one by one; longer after each further one. Default is 200. */
  readonly pauseMs?: number;
  /** Milliseconds to wait before each further search for the work of a lost transaction. Default is some 15 s together. */
  readonly waitsMs?: readonly number[];
};

const ROUNDS = 5;
const WAITS_MS = [500, 1000, 2000, 4000, 8000];

/**
 * Deletes what a run has created: what is known of it, then whatever else the server has under its tag, such as the work of a
 * transaction whose answer was lost. Nothing without the tag is deleted, whatever a search or the answer to a transaction says.
 */
export async function cleanUp(
  { rest, run, types, hasLost = false, pauseMs = 200, waitsMs = WAITS_MS }: CleanUpOptions,
  known: readonly (readonly Resource[])[],
): Promise<CleanUp> {
  const open = new Set(known.flat().map(referenceOf));
  const untagged = new Set<string>();
  const gone = new Set<string>();
  const result = (searched: boolean, lost: boolean): CleanUp => ({
    deleted: gone.size,
    left: [...open],
    untagged: [...untagged],
    searched,
    lost,
  });
  const remove = async (resources: readonly Resource[]): Promise<boolean> => {
    for (const resource of resources) open.add(referenceOf(resource));
    const { deleted, absent, answers } = await deleteAll(rest, resources, pauseMs);
    for (const reference of deleted) gone.add(reference);
    for (const reference of [...deleted, ...absent]) open.delete(reference);
    return answers;
  };

  for (const resources of known) {
    const ours: Resource[] = [];
    for (const resource of resources) {
      const reference = referenceOf(resource);
      // oxlint-disable-next-line no-await-in-loop -- a shared server is not to be flooded
      const owner = ownerIn(await rest.get(reference), reference, run);
      if (owner === 'unreachable') return result(false, hasLost);
      if (owner === 'run') ours.push(resource);
      if (owner === 'somebody') untagged.add(reference);
      if (owner === 'nobody' || owner === 'somebody') open.delete(reference);
    }
    // oxlint-disable-next-line no-await-in-loop -- a shared server is not to be flooded
    if (!(await remove(ours))) return result(false, hasLost);
  }

  let searched = true;
  let hasTurnedUp = false;
  const removeFound = async (): Promise<number> => {
    const found = await foundOfRun(rest, run, types);
    searched = found.complete;
    const further = found.resources.filter((resource) => !gone.has(referenceOf(resource)));
    await remove(further);
    hasTurnedUp ||= further.length > 0;
    return further.length;
  };
  let further = await removeFound();
  for (const wait of hasLost ? waitsMs : []) {
    if (hasTurnedUp && further === 0) break;
    // A server may go on with a transaction for a while after the connection is gone.
    // oxlint-disable-next-line no-await-in-loop -- waits between the searches
    await pause(wait);
    // oxlint-disable-next-line no-await-in-loop -- each search looks at what the wait has brought
    further = await removeFound();
  }
  return result(searched, hasLost && !hasTurnedUp);
}

/** Referring before referred to, as far as there is such an order: servers that keep references whole refuse the other. */
export function deletionOrder(resources: readonly Resource[]): readonly Resource[] {
  const byReference = new Map(resources.map((resource) => [referenceOf(resource), resource]));
  const ordered: Resource[] = [];
  const seen = new Set<string>();
  // A list of what is still to be done in place of recursion: a server's answer must not exhaust the stack.
  const todo = resources.toReversed().map((resource) => ({ resource, isLeft: false }));
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { resource, isLeft } = next;
    if (isLeft) {
      ordered.push(resource);
      continue;
    }
    const reference = referenceOf(resource);
    if (seen.has(reference)) continue;
    seen.add(reference);
    todo.push({ resource, isLeft: true });
    for (const target of referencesIn(resource)) {
      const other = byReference.get(target);
      if (other !== undefined) todo.push({ resource: other, isLeft: false });
    }
  }
  return ordered.toReversed();
}

/** Whose is it? `unclear`: the server did not show it. */
function ownerIn(
  answer: RestAnswer | undefined,
  reference: string,
  run: string,
): 'run' | 'somebody' | 'nobody' | 'unclear' | 'unreachable' {
  if (answer?.kind === 'unreachable') return 'unreachable';
  if (answer === undefined) return 'unclear';
  if (isAbsent(answer)) return 'nobody';
  const { body } = answer;
  if (!isDone(answer) || !isResource(body) || referenceOf(body) !== reference) return 'unclear';
  return isOfRun(body, run) ? 'run' : 'somebody';
}

/** What was deleted, and what was not there any more; the rest could not be deleted. */
type Deletion = {
  readonly deleted: readonly string[];
  readonly absent: readonly string[];
  /** Does the server answer at all? */
  readonly answers: boolean;
};

/** Deletes, in one transaction, which may hold circles of references, or else one by one. */
async function deleteAll(rest: FhirRest, resources: readonly Resource[], pauseMs: number): Promise<Deletion> {
  if (resources.length === 0) return { deleted: [], absent: [], answers: true };
  const ordered = deletionOrder(resources).map(referenceOf);
  const answer = await rest.transaction(deletionOf(ordered));
  const statuses = isDone(answer) ? statusesIn(answer.body) : [];
  if (statuses.length === ordered.length && statuses.every((status) => DELETED.test(status) || ABSENT.test(status))) {
    const absent = ordered.filter((_reference, at) => ABSENT.test(statuses[at] ?? ''));
    return { deleted: ordered.filter((reference) => !absent.includes(reference)), absent, answers: true };
  }
  return deleteOneByOne(rest, ordered, pauseMs);
}

const DELETED = /^2\d\d/;
const ABSENT = /^(?:404|410)/;

async function deleteOneByOne(rest: FhirRest, ordered: readonly string[], pauseMs: number): Promise<Deletion> {
  const deleted: string[] = [];
  const absent: string[] = [];
  let left = ordered;
  for (let round = 1; round <= ROUNDS && left.length > 0; round += 1) {
    const still: string[] = [];
    for (const reference of left) {
      // oxlint-disable-next-line no-await-in-loop -- in their order
      const one = await rest.delete(reference);
      // A server that does not answer now will not answer to the rest either.
      if (one.kind === 'unreachable') return { deleted, absent, answers: false };
      if (isDone(one)) deleted.push(reference);
      else if (isAbsent(one)) absent.push(reference);
      else still.push(reference);
    }
    left = still;
    // 409: something still refers to it, in an index that may be a moment behind.
    // oxlint-disable-next-line no-await-in-loop -- waits between the rounds
    if (left.length > 0 && round < ROUNDS) await pause(pauseMs * round);
  }
  return { deleted, absent, answers: true };
}

async function foundOfRun(rest: FhirRest, run: string, types: readonly string[]) {
  const resources: Resource[] = [];
  let complete = true;
  for (const type of types) {
    // oxlint-disable-next-line no-await-in-loop -- a shared server is not to be flooded
    const search = await searchAll(rest, searchOfRun(type, run));
    if (search.kind === 'found') resources.push(...search.resources);
    else complete = false;
    if (search.kind === 'failed' && !search.answers) break;
  }
  // A server that ignores `_tag` brings everything it has.
  const ours = resources.filter((one) => isOfRun(one, run) && hasPlainReference(one));
  return { resources: ours, complete: complete && ours.length === resources.length };
}

function deletionOf(references: readonly string[]): JsonObject {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: references.map((url) => ({ request: { method: 'DELETE', url } })),
  };
}

function statusesIn(body: JsonObject | undefined): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(body?.['entry']) ? body['entry'] : [];
  return entries.map((entry) => {
    const response = isJsonObject(entry) ? entry['response'] : undefined;
    const status = isJsonObject(response) ? response['status'] : undefined;
    return typeof status === 'string' ? status : '';
  });
}

function referencesIn(resource: Resource): readonly string[] {
  const references: string[] = [];
  const todo: unknown[] = [resource];
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if ('reference' in value && typeof value.reference === 'string') references.push(value.reference);
    for (const member of Object.values(value)) if (member !== undefined) todo.push(member);
  }
  return references;
}
