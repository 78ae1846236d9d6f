import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { buildChart, diagnoseFrom } from '../../src/chart/chart.ts';
import { contextOf } from '../../src/chart/hook-context.ts';
import { type JsonObject, RESOURCE_KEYS, type Reading, type ResourceKey } from '../../src/chart/reading.ts';
import { type ChartSource, openChartSource } from '../../src/fhir/chart-source.ts';
import type { FhirAnswer, FhirFailure } from '../../src/fhir/fhir-answer.ts';
import type { FhirRequest, FhirServerPort } from '../../src/fhir/fhir-server.ts';
import { recommend } from '../../src/guideline/recommend.ts';
import { type RecordedResponse, type RecordedServer, recordedServers } from '../support/recorded-fhir-server.ts';
import { guideline, TODAY } from '../support/service.ts';
import { newServers, queries } from './chart-fixtures.ts';

// What the recorded servers answer, with slips of the kinds that servers and the software between them make.

const servers = recordedServers();
const SEARCHES = RESOURCE_KEYS.filter((key) => key !== 'patient');
/** On every resource that is made another patient's: where it turns up, it was not recognised. */
const FOREIGN = 'urn:foreign';
const FAILURES: Readonly<Record<number, FhirFailure>> = {
  400: 'invalid',
  403: 'refused',
  404: 'not-offered',
  410: 'not-offered',
};

/** Answers as recorded, but for what `change` makes of each page, in the order in which they are asked for. */
class ChangedServer implements FhirServerPort {
  readonly asked: string[] = [];
  readonly #answers: ReadonlyMap<string, RecordedResponse>;
  readonly #change: (body: unknown) => unknown;

  constructor({ base, exchanges }: RecordedServer, change: (body: unknown) => unknown) {
    this.#change = change;
    this.#answers = new Map(
      exchanges.map(({ request: { path, query }, response }) => [nameOf(`${base}/${path}`, query), response]),
    );
  }

  get({ url }: FhirRequest): Promise<FhirAnswer> {
    this.asked.push(url);
    const { origin, pathname, searchParams } = new URL(url);
    const query = Object.fromEntries([...searchParams].map(([name, value]) => [name, keyOf(name, value)]));
    const recorded = this.#answers.get(nameOf(origin + pathname, query));
    const { status, body } = recorded ?? { status: 404 };
    return Promise.resolve(
      status === 200 && body !== undefined
        ? { kind: 'answered', body: this.#change(body) }
        : { kind: 'failed', reason: FAILURES[status] ?? 'malformed' },
    );
  }
}

/** Recordings name the codes of an Observation search by the prefetch key. */
function keyOf(parameter: string, value: string): string {
  const key = SEARCHES.find((each) => parameter === 'code' && queries[each].endsWith(`&code=${value}`));
  return key === undefined ? value : `<${key}>`;
}

/** The same for a base URL with and without its slash: some next links are the base itself. */
function nameOf(url: string, query: Readonly<Record<string, string>>): string {
  const parameters = Object.entries(query).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([new URL(url).href.replace(/\/$/, ''), parameters]);
}

function open({ base, patient }: RecordedServer, port: FhirServerPort): ChartSource {
  return openChartSource(
    { patientId: patient, prefetch: undefined, fhirServer: base, accessToken: 'secret' },
    { queries, servers: { ...newServers(port, 60_000), policy: { mode: 'listed', servers: [base] } } },
  );
}

async function readingOf(server: RecordedServer, key: ResourceKey, port: FhirServerPort) {
  const chart = open(server, port);
  const reading = (await chart.read([key])).get(key);
  return { reading: reading ?? { state: 'unread', reason: 'not-sent' }, skipped: chart.skipped() } as const;
}

const resourcesIn = (reading: Reading): readonly JsonObject[] => (reading.state === 'unread' ? [] : reading.resources);

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// --- Slips of which it is known what must become of them -----------------------------------------------------------------

/**
 * `kept`: in the reading, once. `passed-over`: not in it, and counted. `unreadable`: counted, and the part is not complete.
 * `advice` says nothing; `failure`: some of the search failed; `withheld`: there is more that this client is not shown.
 */
type Fate = 'kept' | 'passed-over' | 'unreadable' | 'advice' | 'failure' | 'withheld';

interface Entry {
  readonly entry: unknown;
  readonly fate: Fate;
}

type Slip = (resource: JsonObject, server: RecordedServer, pick: number) => Entry;

const kept = (resource: JsonObject): Entry => ({ entry: { resource }, fate: 'kept' });
const unreadable = (entry: unknown): Entry => ({ entry, fate: 'unreadable' });
const without = (resource: JsonObject, member: string | undefined) =>
  Object.fromEntries(Object.entries(resource).filter(([name]) => name !== member));
const outcome = (severity: string, code = 'processing', diagnostics = '') => ({
  resource: { resourceType: 'OperationOutcome', issue: [{ severity, code, diagnostics }] },
});
const foreign = (resource: JsonObject, reference: string): Entry => ({
  entry: { resource: { ...resource, subject: { reference }, implicitRules: FOREIGN } },
  fate: 'passed-over',
});
const oneOf = <Item>(items: readonly Item[], pick: number): Item | undefined => items[pick % items.length];
/** What of a resource may be anything at all without making it another one, or another patient's. */
const membersOf = (resource: JsonObject) =>
  Object.keys(resource).filter((member) => !['resourceType', 'subject', 'patient'].includes(member));

const SLIPS: Readonly<Record<string, Slip>> = {
  'an entry that is null': () => unreadable(null),
  'an entry that is no object': (resource) => unreadable([resource]),
  'an entry without a resource': ({ id }) =>
    unreadable({ fullUrl: `urn:uuid:${String(id)}`, search: { mode: 'match' } }),
  'a resource that is a text': (resource) => unreadable({ resource: JSON.stringify(resource) }),
  'a resource without a type': (resource) => unreadable({ resource: without(resource, 'resourceType') }),
  'a type that is no text': (resource) => unreadable({ resource: { ...resource, resourceType: ['Condition'] } }),
  'a type that is empty': (resource) => unreadable({ resource: { ...resource, resourceType: '' } }),
  "another patient's": (resource, { patient }) => foreign(resource, `Patient/${patient}2`),
  "another patient's, absolute and versioned": (resource, { base }) =>
    foreign(resource, `${base.replace(/^(https:\/\/[^/]+)/, '$1:443')}/Patient/another/_history/3`),
  "another patient's, in upper case": (resource, { patient }) => foreign(resource, `Patient/${patient.toUpperCase()}X`),
  'what nobody asked for': () => ({ entry: { resource: { resourceType: 'Provenance' } }, fate: 'passed-over' }),
  'the same again': ({ id, ...resource }) => kept({ ...resource, id: originalOf(id) }),
  'stripped after an error': ({ resourceType, id }) => kept({ resourceType, id, status: 'entered-in-error' }),
  'its type as the last member': (resource) =>
    kept({ ...without(resource, 'resourceType'), resourceType: resource['resourceType'] }),
  'a member less': (resource, _server, pick) => kept(without(resource, oneOf(membersOf(resource), pick))),
  'an id that cannot be made a text': (resource) => kept({ ...resource, id: { toString: [], valueOf: [] } }),
  'no subject': (resource) => kept(without(resource, 'subject')),
  'a member of the wrong type': (resource, _server, pick) =>
    kept({
      ...resource,
      [oneOf(membersOf(resource), pick) ?? 'id']: oneOf([7, null, [], {}, [null], 'x', false], pick),
    }),
  'contained resources that refer to each other': (resource) =>
    kept({
      ...resource,
      medicationReference: { reference: '#one' },
      contained: [
        { resourceType: 'Medication', id: 'one', ingredient: [{ itemReference: { reference: '#other' } }] },
        { resourceType: 'Medication', id: 'other', ingredient: [{ itemReference: { reference: '#one' } }] },
      ],
    }),
  'advice beside the results': () => ({ entry: outcome('information'), fate: 'advice' }),
  'a warning beside the results': () => ({ entry: outcome('warning'), fate: 'advice' }),
  'a failure beside the results': () => ({ entry: outcome('error'), fate: 'failure' }),
  'a part withheld beside the results': () => ({
    entry: outcome('warning', 'suppressed', 'Client not authorized for Condition - Problems.'),
    fate: 'withheld',
  }),
  'outside records withheld beside the results': () => ({
    entry: outcome('warning', 'suppressed', 'Client not authorized for Condition - Outside Record Problems.'),
    fate: 'advice',
  }),
};

/** What a server sends twice is read once: a slip is a resource of its own, after the one it is modelled on. */
const SLIP = '.slip.';
const slipOf = (id: unknown, at: number, pick: number) => `${String(id)}${SLIP}${at}.${pick}`;
const originalOf = (id: unknown) => String(id).split(SLIP)[0];

interface PlacedSlip {
  readonly name: string;
  readonly at: number;
  readonly pick: number;
}

const placedSlip = fc.record({ name: fc.constantFrom(...Object.keys(SLIPS)), at: fc.nat(60), pick: fc.nat(60) });

/** Members of the Bundle itself, on which nothing may hang; but for a total above nought where there is no entry. */
const aroundEntries = fc.record(
  {
    total: fc.jsonValue().filter((total) => typeof total !== 'number' || total <= 0),
    type: fc.jsonValue(),
    id: fc.jsonValue(),
    meta: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const dropped = fc.subarray(['total', 'type', 'id', 'meta']);

/** The entries of a recorded page, with slips among them. */
function entriesWith(
  slips: readonly PlacedSlip[],
  body: JsonObject,
  key: ResourceKey,
  server: RecordedServer,
): readonly Entry[] {
  const recorded = ((body['entry'] ?? []) as readonly { readonly resource: JsonObject }[]).map(
    (entry): Entry => ({ entry, fate: entry.resource['resourceType'] === 'OperationOutcome' ? 'advice' : 'kept' }),
  );
  const [resourceType = ''] = queries[key].split('?');
  const own = resourcesOf(recorded).filter((resource) => resource['resourceType'] === resourceType);
  const entries = [...recorded];
  for (const { name, at, pick } of slips) {
    const model = oneOf(own, at) ?? { resourceType, id: 'one', subject: { reference: `Patient/${server.patient}` } };
    const slip = SLIPS[name]?.({ ...model, id: slipOf(model['id'], at, pick) }, server, pick) ?? unreadable(undefined);
    entries.splice(at % (entries.length + 1), 0, slip);
  }
  return entries;
}

function resourceOf(entry: unknown): JsonObject | undefined {
  return isObject(entry) && isObject(entry['resource']) ? entry['resource'] : undefined;
}

function resourcesOf(entries: readonly Entry[]): readonly JsonObject[] {
  return entries.map(({ entry }) => resourceOf(entry)).filter((resource) => resource !== undefined);
}

/** Without those whose type and id an earlier one has. */
function once(resources: readonly JsonObject[]): readonly JsonObject[] {
  const met = new Set<string>();
  return resources.filter(({ resourceType, id }) => {
    const name = JSON.stringify([resourceType, id]);
    const isFirst = typeof id !== 'string' || !met.has(name);
    met.add(name);
    return isFirst;
  });
}

/** What must be read of these pages, of which the later ones were asked for. */
function expectationOf(pages: readonly (readonly Entry[])[], key: ResourceKey) {
  const [resourceType = ''] = queries[key].split('?');
  const resources = pages.map((page) => resourcesOf(page.filter(({ fate }) => fate === 'kept')));
  const passedOver = pages.map((page) => page.filter(({ fate }) => fate === 'passed-over' || fate === 'unreadable'));
  const has = (fate: Fate) => pages.some((page) => page.some((entry) => entry.fate === fate));
  // A page of which nothing could be used is no empty page.
  const isLost = pages.map(
    (page, at) =>
      !page.some(({ fate }) => fate === 'failure') &&
      passedOver[at]?.length !== 0 &&
      !resources[at]?.some((resource) => resource['resourceType'] === resourceType),
  );
  return {
    state: isLost[0]
      ? 'unread'
      : has('unreadable') || has('failure') || has('withheld') || isLost.includes(true)
        ? 'incomplete'
        : 'complete',
    resources: once(resources.filter((_page, at) => !isLost[at]).flat()),
    skipped: passedOver.flat().length,
  };
}

async function readWith(
  server: RecordedServer,
  key: ResourceKey,
  slipsOf: (page: number) => readonly PlacedSlip[],
  around: (body: JsonObject) => JsonObject = (body) => body,
) {
  const pages: (readonly Entry[])[] = [];
  const port = new ChangedServer(server, (body) => {
    if (!isObject(body) || body['resourceType'] !== 'Bundle') return body;
    const entries = entriesWith(slipsOf(pages.length), body, key, server);
    pages.push(entries);
    return { ...around(body), entry: entries.map(({ entry }) => entry) };
  });
  const { reading, skipped } = await readingOf(server, key, port);
  const expected = expectationOf(pages, key);
  const resources = resourcesIn(reading);
  return {
    pages,
    // A difference is named by where it begins: thousands of resources side by side tell nobody anything.
    read: {
      state: reading.state,
      skipped,
      other: expected.resources.findIndex((resource, at) => resource !== resources[at]),
    },
    // Medications that the records only refer to are asked for after them, one by one.
    beyond: [...new Set(resources.slice(expected.resources.length).map((resource) => resource['resourceType']))],
    expected: { state: expected.state, skipped: expected.skipped, other: -1 },
  };
}

/** What the server has of this part, as recorded. */
const offered = new Map<string, boolean>();
for (const server of servers) {
  for (const key of SEARCHES) {
    const { reading } = await readingOf(server, key, new ChangedServer(server, (body) => body));
    offered.set(`${server.id} ${key}`, reading.state === 'complete');
  }
}
/** A counterexample names the recording, and does not print it. */
const anyServer = fc.constantFrom(...servers.map((server) => ({ ...server, [fc.toStringMethod]: () => server.id })));
const searches = servers.flatMap((server) =>
  SEARCHES.filter((key) => offered.get(`${server.id} ${key}`) === true).map((key) => ({
    server,
    key,
    [fc.toStringMethod]: () => `${server.id} ${key}`,
  })),
);
const search = fc.constantFrom(...searches);

describe.each(servers)('$name', (server) => {
  test('as recorded, every part is read to its end with nothing left out, or is known not to be had', async () => {
    const chart = open(server, new ChangedServer(server, (body) => body));
    const readings = [...(await chart.read(RESOURCE_KEYS))];

    expect(readings.flatMap(([key, { state }]) => (state === 'incomplete' ? [key] : []))).toEqual([]);
    expect(readings.flatMap(([key, { state }]) => (state === 'unread' ? [key] : []))).toEqual(
      RESOURCE_KEYS.filter((key) => Object.hasOwn(server.unread, key)),
    );
    expect(chart.skipped()).toBe(0);
  });

  test.each(Object.keys(SLIPS))('%s, on every page, does to the reading what it must and no more', async (name) => {
    const { pages, read, beyond, expected } = await readWith(server, 'conditions', (page) => [
      { name, at: page, pick: 3 },
      { name, at: 60, pick: 4 },
    ]);
    expect(read).toEqual(expected);
    expect(beyond).toEqual([]);
    expect(pages.every((page) => page.length >= 2)).toBe(true);
  });

  test('5,000 entries with slips among them are read and counted like five', async () => {
    const slips = Object.keys(SLIPS);
    const { pages, read, expected } = await readWith(server, 'conditions', () =>
      Array.from({ length: 5000 }, (_, at) => ({ name: slips[at % slips.length] ?? '', at, pick: at })),
    );
    expect(pages[0]?.length).toBeGreaterThan(5000);
    expect(read).toEqual(expected);
  });
});

test('the recordings hold both what follows a next link and what is empty', () => {
  const pages = servers.flatMap(({ exchanges }) => exchanges.map(({ response }) => response.body).filter(isObject));
  expect(pages.some(({ link }) => JSON.stringify(link ?? []).includes('"next"'))).toBe(true);
  expect(
    pages.some(({ resourceType, total, entry }) => resourceType === 'Bundle' && total === 0 && entry === undefined),
  ).toBe(true);
});

test('any slips on any page: what can be read is read, in order, the rest is counted, and complete is said of whole pages only', async () => {
  await fc.assert(
    fc.asyncProperty(
      search,
      fc.array(fc.array(placedSlip, { maxLength: 6 }), { maxLength: 2 }),
      aroundEntries,
      dropped,
      async ({ server, key }, slips, more, fewer) => {
        const { read, beyond, expected } = await readWith(
          server,
          key,
          (page) => slips[page] ?? [],
          (body) => fewer.reduce<JsonObject>(without, { ...body, ...more }),
        );
        expect(read).toEqual(expected);
        expect(beyond.filter((resourceType) => resourceType !== 'Medication')).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

// --- Damage of which nobody can say what it means ------------------------------------------------------------------------

interface Damage {
  /** Where: which child to go down to, level by level. */
  readonly path: readonly number[];
  /** What is put there; undefined: nothing is. */
  readonly value: unknown;
}

const damage = fc.record({
  path: fc.array(fc.nat(30), { minLength: 1, maxLength: 9 }),
  value: fc.oneof(
    fc.constantFrom(undefined, null),
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      '#one',
      '//evil.example/fhir',
      'https://evil.example/fhir/Condition',
      '../admin',
      '?',
      'Medication/..',
    ),
  ),
});

/** A copy with one thing in it replaced or taken out. */
function damaged(value: unknown, { path, value: put }: Damage, level = 0): unknown {
  const step = path[level];
  if (step === undefined || typeof value !== 'object' || value === null) return put;
  if (Array.isArray(value)) {
    const at = step % Math.max(1, value.length);
    const changed = damaged(value[at], { path, value: put }, level + 1);
    return value.flatMap((item: unknown, index) => (index !== at ? [item] : changed === undefined ? [] : [changed]));
  }
  const members = Object.entries(value);
  const at = step % Math.max(1, members.length);
  return Object.fromEntries(
    members.flatMap(([name, item], index) => {
      const changed: unknown = index === at ? damaged(item, { path, value: put }, level + 1) : item;
      return changed === undefined ? [] : [[name, changed]];
    }),
  );
}

/** Every third resource of a page made another patient's. */
function withForeign(body: unknown): unknown {
  if (!isObject(body) || !Array.isArray(body['entry'])) return body;
  const entry = body['entry'].map((item: unknown, at) => {
    const resource = resourceOf(item);
    return resource === undefined || at % 3 !== 1 ? item : foreign(resource, 'Patient/another').entry;
  });
  return { ...body, entry };
}

/** Could every entry be read for what it is? */
function isReadable(body: unknown): boolean {
  if (!isObject(body) || typeof body['resourceType'] !== 'string' || body['resourceType'] === '') return false;
  if (body['resourceType'] !== 'Bundle') return true;
  const entries = body['entry'] ?? [];
  return (
    Array.isArray(entries) &&
    Array.isArray(body['link'] ?? []) &&
    entries.every((entry) => {
      const resource = resourceOf(entry);
      return typeof resource?.['resourceType'] === 'string' && resource['resourceType'] !== '';
    })
  );
}

test("whatever is damaged, reading does not fail, yields no other patient's resource and asks no other server", async () => {
  await fc.assert(
    fc.asyncProperty(anyServer, fc.array(damage, { minLength: 1, maxLength: 6 }), async (server, damages) => {
      const port = new ChangedServer(server, (body) =>
        withForeign(damages.reduce((changed: unknown, each) => damaged(changed, each), body)),
      );
      const readings = await open(server, port).read(RESOURCE_KEYS);

      expect([...readings.keys()]).toEqual([...RESOURCE_KEYS]);
      const resources = [...readings.values()].flatMap(resourcesIn);
      // A Medication is nobody's, and an entry that lost its type is not read at all.
      expect(resources.some((each) => each['implicitRules'] === FOREIGN && each['resourceType'] !== 'Medication')).toBe(
        false,
      );
      const { origin } = new URL(server.base);
      expect(port.asked.filter((url) => !url.startsWith(server.base) || new URL(url).origin !== origin)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('whatever is damaged, a part is complete only if each page of it could be read', async () => {
  await fc.assert(
    fc.asyncProperty(search, fc.array(damage, { minLength: 1, maxLength: 4 }), async ({ server, key }, damages) => {
      const bodies: unknown[] = [];
      const port = new ChangedServer(server, (body) => {
        const changed = damages.reduce((before: unknown, each) => damaged(before, each), body);
        if (isObject(body) && body['resourceType'] === 'Bundle') bodies.push(changed);
        return changed;
      });
      const { reading, skipped } = await readingOf(server, key, port);
      expect(bodies.length).toBeGreaterThan(0);
      expect(reading.state !== 'complete' || bodies.every(isReadable)).toBe(true);
      expect(skipped).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});

test('whatever is damaged, the cards can be worked out', async () => {
  await fc.assert(
    fc.asyncProperty(anyServer, fc.array(damage, { minLength: 1, maxLength: 6 }), async (server, damages) => {
      const { patient } = server;
      const port = new ChangedServer(server, (body) =>
        damages.reduce((changed: unknown, each) => damaged(changed, each), body),
      );
      const readings = await open(server, port).read(RESOURCE_KEYS);
      const context = contextOf('patient-view', { userId: 'Practitioner/one', patientId: patient }, []);
      const diagnosis = diagnoseFrom(readings, guideline.terminology);
      const chart = buildChart(patient, diagnosis, readings, context, guideline, TODAY);
      const occasion = { hook: 'patient-view', today: '2026-11-22', maxCards: 4, detail: 'full' } as const;
      expect(recommend(guideline, chart, occasion).shown.length).toBeLessThanOrEqual(4);
    }),
    { numRuns: 100 },
  );
});
