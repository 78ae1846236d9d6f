import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { cleanUp, deletionOrder } from '../../src/sandbox/clean-up.ts';
import type { FhirRest, RestAnswer } from '../../src/sandbox/fhir-rest.ts';
import { RUN_TAGS } from '../../src/sandbox/run-tag.ts';

const RUN = '0b0c4a5e-4b6f-4d1e-8a55-0d6a1a2b3c4d';
const OTHER_RUN = '1b0c4a5e-4b6f-4d1e-8a55-0d6a1a2b3c4d';

function record(reference: string, to: readonly string[] = [], run: string = RUN): Resource {
  const [resourceType = '', id = ''] = reference.split('/');
  const links = to.map((target) => ({ reference: target }));
  return { resourceType, id, links, meta: { tag: [{ system: RUN_TAGS, code: run }] } };
}

/** A server in memory, with the manners that are given. */
function serverWith(
  resources: readonly Resource[],
  manners: {
    readonly transactions?: boolean;
    readonly keepsReferences?: boolean;
    readonly searchesByTag?: boolean;
    readonly isGone?: () => boolean;
    readonly hides?: string;
    /** What a search finds only from the given one on. */
    readonly late?: { readonly resource: Resource; readonly fromSearch: number };
  } = {},
) {
  const {
    transactions = true,
    keepsReferences = false,
    searchesByTag = true,
    isGone = () => false,
    hides,
    late,
  } = manners;
  const held = new Map(resources.map((resource) => [nameOf(resource), resource]));
  const deleted: string[] = [];
  let searches = 0;
  const answered = (status: number, body?: object): RestAnswer => ({
    kind: 'answered',
    status,
    body: body as Record<string, unknown> | undefined,
  });
  const isReferred = (reference: string) =>
    [...held.values()].some((one) => nameOf(one) !== reference && JSON.stringify(one).includes(`"${reference}"`));
  const rest: FhirRest = {
    base: 'http://127.0.0.1/fhir',
    get: async (search) => {
      const [type = ''] = search.split('?');
      if (search === hides) return answered(403);
      if (type === search) return held.has(type) ? answered(200, held.get(type)) : answered(404);
      searches += 1;
      if (searches === late?.fromSearch) held.set(nameOf(late.resource), late.resource);
      const found = [...held.values()].filter(
        (one) => one.resourceType === type && (!searchesByTag || JSON.stringify(one['meta']).includes(RUN)),
      );
      return answered(200, { resourceType: 'Bundle', entry: found.map((resource) => ({ resource })) });
    },
    transaction: async ({ entry }) => {
      if (isGone()) return { kind: 'unreachable' };
      if (!transactions) return answered(400);
      const asked = (entry as { request: { url: string } }[]).map(({ request }) => request.url);
      deleted.push(...asked);
      return answered(200, {
        entry: asked.map((reference) => ({ response: { status: held.delete(reference) ? '204' : '404 Not Found' } })),
      });
    },
    delete: async (reference) => {
      if (isGone()) return { kind: 'unreachable' };
      if (!held.has(reference)) return answered(404);
      if (keepsReferences && isReferred(reference)) return answered(409);
      held.delete(reference);
      deleted.push(reference);
      return answered(204);
    },
  };
  return { rest, held, deleted, searches: () => searches };
}

function nameOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}

const TYPES = ['Patient', 'Condition', 'Observation'];
const CHART = [
  record('Patient/p'),
  record('Observation/o', ['Patient/p', 'Condition/c']),
  record('Condition/c', ['Patient/p']),
];

describe('deletionOrder', () => {
  test('puts what refers before what is referred to', () => {
    expect(deletionOrder(CHART).map(nameOf)).toEqual(['Observation/o', 'Condition/c', 'Patient/p']);
  });

  test('ends on a circle, with everything in it once', () => {
    const circle = [record('Condition/c', ['Observation/o']), record('Observation/o', ['Condition/c'])];
    expect(deletionOrder(circle).map(nameOf).toSorted()).toEqual(['Condition/c', 'Observation/o']);
  });
});

describe('deletionOrder does not run out of stack', () => {
  test('on a resource of any depth', () => {
    let nested: unknown = { reference: 'Patient/p' };
    for (let depth = 0; depth < 20_000; depth += 1) nested = [nested];
    const deep = { ...record('Condition/deep'), nested };
    expect(deletionOrder([record('Patient/p'), deep]).map(nameOf)).toEqual(['Condition/deep', 'Patient/p']);
  });

  test('on a chain of any length', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => record(`Condition/${at}`, [`Condition/${at + 1}`]));
    expect(deletionOrder(chain).map(({ id }) => Number(id))).toEqual(chain.map((_, at) => at));
  });
});

describe('cleanUp', () => {
  test('takes one transaction where the server has them', async () => {
    const { rest, held, deleted } = serverWith(CHART);
    expect(await cleanUp({ rest, run: RUN, types: TYPES, pauseMs: 0 }, [CHART])).toEqual({
      deleted: 3,
      left: [],
      untagged: [],
      searched: true,
      lost: false,
    });
    expect([held.size, deleted.length]).toEqual([0, 3]);
  });

  test('goes one by one where it has not, and where references are kept whole', async () => {
    const { rest, held } = serverWith(CHART, { transactions: false, keepsReferences: true });
    expect(await cleanUp({ rest, run: RUN, types: TYPES, pauseMs: 0 }, [CHART])).toMatchObject({
      deleted: 3,
      left: [],
    });
    expect(held.size).toBe(0);
  });

  test('names what it could not delete: here a circle that the server does not let go', async () => {
    const circle = [record('Condition/c', ['Observation/o']), record('Observation/o', ['Condition/c'])];
    const { rest } = serverWith(circle, { transactions: false, keepsReferences: true });
    const { left } = await cleanUp({ rest, run: RUN, types: TYPES, pauseMs: 0 }, [circle]);
    expect(left.toSorted()).toEqual(['Condition/c', 'Observation/o']);
  });

  test('finds by tag what it was not told of, such as the work of a transaction whose answer was lost', async () => {
    const { rest, held } = serverWith([...CHART, record('Condition/other', [], OTHER_RUN)]);
    expect(await cleanUp({ rest, run: RUN, types: TYPES, pauseMs: 0 }, [])).toEqual({
      deleted: 3,
      left: [],
      untagged: [],
      searched: true,
      lost: false,
    });
    expect([...held.keys()]).toEqual(['Condition/other']);
  });

  test('deletes nothing without the tag, though a server that ignores _tag brings everything it has', async () => {
    const others = [record('Patient/other', [], OTHER_RUN), { resourceType: 'Condition', id: 'untagged' }];
    const { rest, held } = serverWith([...CHART, ...others], { searchesByTag: false });
    expect(await cleanUp({ rest, run: RUN, types: TYPES, pauseMs: 0 }, [])).toMatchObject({
      deleted: 3,
      searched: false,
    });
    expect([...held.keys()]).toEqual(['Patient/other', 'Condition/untagged']);
  });

  test('gives up on a server that does not answer any more, and names everything', async () => {
    const { rest } = serverWith(CHART, { isGone: () => true });
    const cleaned = await cleanUp({ rest, run: RUN, types: TYPES, pauseMs: 0 }, [CHART]);
    expect({ ...cleaned, left: cleaned.left.toSorted() }).toEqual({
      deleted: 0,
      left: ['Condition/c', 'Observation/o', 'Patient/p'],
      untagged: [],
      searched: false,
      lost: false,
    });
  });
});

describe('what the answer to a transaction named', () => {
  const options = (rest: FhirRest) => ({ rest, run: RUN, types: TYPES, pauseMs: 0 });

  test('is looked at first: without the tag of the run it is somebody’s, is named, and stays', async () => {
    const stranger = record('Patient/p', [], OTHER_RUN);
    const { rest, held, deleted } = serverWith([stranger, record('Condition/c', ['Patient/p'])]);
    const cleaned = await cleanUp(options(rest), [[record('Patient/p'), record('Condition/c', ['Patient/p'])]]);
    expect(cleaned).toEqual({ deleted: 1, left: [], untagged: ['Patient/p'], searched: true, lost: false });
    expect([[...held.keys()], deleted]).toEqual([['Patient/p'], ['Condition/c']]);
  });

  test('and is not shown, is left and named', async () => {
    const { rest, deleted } = serverWith([record('Patient/p')], { hides: 'Patient/p', searchesByTag: false });
    const found = { ...rest, get: async (search: string) => (search.includes('?') ? undefined : rest.get(search)) };
    expect(await cleanUp(options(found), [[record('Patient/p')]])).toMatchObject({ deleted: 0, left: ['Patient/p'] });
    expect(deleted).toEqual([]);
  });

  test('and is not there any more, is not counted as deleted', async () => {
    const { rest, deleted } = serverWith([record('Patient/p')]);
    const cleaned = await cleanUp(options(rest), [[record('Patient/p'), record('Condition/gone')]]);
    expect(cleaned).toMatchObject({ deleted: 1, left: [] });
    expect(deleted).toEqual(['Patient/p']);
  });
});

describe('a transaction whose answer was lost', () => {
  const lost = (rest: FhirRest) => ({ rest, run: RUN, types: TYPES, hasLost: true, waitsMs: [0, 0, 0] });

  test('is waited for: what turns up is deleted', async () => {
    const { rest, held } = serverWith([], { late: { resource: record('Patient/late'), fromSearch: 7 } });
    expect(await cleanUp(lost(rest), [])).toMatchObject({ deleted: 1, left: [], lost: false });
    expect(held.size).toBe(0);
  });

  test('and of which nothing turns up, is not declared clean', async () => {
    const { rest, searches } = serverWith([]);
    expect(await cleanUp(lost(rest), [])).toMatchObject({ deleted: 0, left: [], searched: true, lost: true });
    expect(searches()).toBe(4 * TYPES.length);
  });

  test('does not outlast one search more than what turned up at once', async () => {
    const { rest, searches } = serverWith([record('Patient/p')]);
    expect(await cleanUp(lost(rest), [])).toMatchObject({ deleted: 1, lost: false });
    expect(searches()).toBe(2 * TYPES.length);
  });
});

test.each(['..', '.', 'a/b', 'a?b', ' '])(
  'a tagged resource with the id %j is not deleted: it leads elsewhere',
  async (id) => {
    const hostile = { ...record('Patient/p'), id };
    const { rest, deleted } = serverWith([hostile]);
    expect(await cleanUp({ rest, run: RUN, types: TYPES, pauseMs: 0 }, [])).toMatchObject({
      deleted: 0,
      searched: false,
    });
    expect(deleted).toEqual([]);
  },
);
