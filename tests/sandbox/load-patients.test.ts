import { describe, expect, test } from '@jest/globals';
import { loadPatient } from '../../src/ehr-demo/scenarios.ts';
import type { FhirRest, RestAnswer } from '../../src/sandbox/fhir-rest.ts';
import { loadOnto } from '../../src/sandbox/load-patients.ts';
import { RUN_TAGS } from '../../src/sandbox/run-tag.ts';

const RUN = '0b0c4a5e-4b6f-4d1e-8a55-0d6a1a2b3c4d';
const PATIENT = 'ct-head-only';

type Entry = {
  readonly fullUrl: string;
  readonly resource: {
    readonly resourceType: string;
    readonly id?: string;
    readonly meta: { readonly tag: readonly { readonly system: string; readonly code: string }[] };
  };
  readonly request: { readonly method: string; readonly url: string };
};

/** A server that answers each entry of a transaction as told. */
function answering(responseOf: (entry: Entry, at: number) => object) {
  const sent: Entry[] = [];
  const rest: FhirRest = {
    base: 'http://127.0.0.1/fhir',
    get: () => Promise.reject(new Error('nothing is read')),
    delete: () => Promise.reject(new Error('nothing is deleted')),
    transaction: async ({ entry }) => {
      sent.push(...(entry as Entry[]));
      const body = { resourceType: 'Bundle', entry: sent.map((one, at) => responseOf(one, at)) };
      return { kind: 'answered', status: 200, body };
    },
  };
  return { rest, sent };
}

const located = ({ request }: Entry, at: number) => ({
  response: { status: '201 Created', location: `${request.url}/n${at}/_history/1` },
});

const withResponse = ({ request }: Entry, at: number, status: string) => ({
  response: { status, location: `${request.url}/n${at}/_history/1` },
});

describe('the transaction', () => {
  test('creates and never updates: POST, without ids, tagged with the run, references as urn:uuid', async () => {
    const { rest, sent } = answering(located);
    await loadOnto({ rest, run: RUN, days: 0 }, PATIENT);
    const names = new Set(sent.map(({ fullUrl }) => fullUrl));
    const references = [...JSON.stringify(sent).matchAll(/"reference":"([^"#]+)"/g)].map(([, reference]) => reference);
    expect(references.filter((reference) => !names.has(reference ?? ''))).toEqual([]);
    for (const { fullUrl, resource, request } of sent) {
      expect(fullUrl).toMatch(/^urn:uuid:/);
      expect(request).toEqual({ method: 'POST', url: resource.resourceType });
      expect(resource.id).toBeUndefined();
      expect(resource.meta.tag).toContainEqual({ system: RUN_TAGS, code: RUN });
    }
    expect(sent.find(({ resource }) => resource.resourceType === 'Patient')?.resource.meta.tag).toContainEqual(
      expect.objectContaining({ code: 'HTEST' }),
    );
  });

  test('moves the dates', async () => {
    const { rest, sent } = answering(located);
    await loadOnto({ rest, run: RUN, days: 1 }, 'eighteen-today');
    expect(JSON.stringify(sent)).toContain('"birthDate":"2008-11-23"');
  });
});

describe('the ids that the server gives', () => {
  test.each([
    ['relative locations', located],
    [
      'absolute locations, without a version',
      ({ request }: Entry, at: number) => ({
        response: { status: '201', location: `https://h/r4/${request.url}/n${at}` },
      }),
    ],
    [
      'the resource alone',
      ({ resource }: Entry, at: number) => ({ resource: { ...resource, id: `n${at}` }, response: { status: '201' } }),
    ],
  ])('are read from %s, and the chart is rewritten with them', async (_what, responseOf) => {
    const load = await loadOnto({ rest: answering(responseOf).rest, run: RUN, days: 0 }, PATIENT);
    const { resources } = loadPatient(PATIENT);
    const at = resources.findIndex(({ resourceType }) => resourceType === 'Patient');
    expect(load).toMatchObject({ kind: 'loaded', patient: { name: PATIENT, chart: { patientId: `n${at}` } } });
    if (load.kind !== 'loaded') return;
    expect(load.created.map(({ resourceType, id }) => [resourceType, id])).toEqual(
      resources.map(({ resourceType }, index) => [resourceType, `n${index}`]),
    );
    expect(JSON.stringify(load.created)).not.toContain(`Patient/${PATIENT}`);
  });
});

describe('a server that does not do it all', () => {
  test.each([
    ['the word that a resource was there before', (entry: Entry, at: number) => withResponse(entry, at, '200 OK')],
    ['no id', ({ request }: Entry) => ({ response: { status: '201', location: `${request.url}/` } })],
    [
      'an id that leads elsewhere',
      ({ request }: Entry) => ({ response: { status: '201', location: `${request.url}/..` } }),
    ],
    [
      'an id that steers the terminal',
      ({ request }: Entry) => ({
        response: { status: '201', location: `${request.url}/\u001b[31mx\nall as expected` },
      }),
    ],
    [
      'the id of another type',
      (_entry: Entry, at: number) => ({ response: { status: '201', location: `Basic/n${at}` } }),
    ],
  ])('%s: nothing is taken to be created', async (_what, responseOf) => {
    const load = await loadOnto({ rest: answering(responseOf).rest, run: RUN, days: 0 }, PATIENT);
    expect(load).toMatchObject({ kind: 'failed', created: [] });
  });

  test('part of a transaction: what there is of it is known, to be deleted', async () => {
    const { rest } = answering((entry, at) => (at === 1 ? { response: { status: '422' } } : located(entry, at)));
    const load = await loadOnto({ rest, run: RUN, days: 0 }, PATIENT);
    expect(load).toMatchObject({ kind: 'failed', because: expect.stringMatching(/^1 of \d+ entries/) });
    expect(load.kind === 'failed' && load.created.map(({ id }) => id)).not.toContain('n1');
  });

  const answered = (status: number): RestAnswer => ({ kind: 'answered', status, body: undefined });
  test.each<[RestAnswer, string]>([
    [answered(401), 'refused'],
    [answered(403), 'refused'],
    [answered(404), 'refused'],
    [answered(405), 'refused'],
    [answered(501), 'refused'],
    [answered(400), 'failed'],
    [answered(422), 'failed'],
    [answered(500), 'failed'],
    [answered(307), 'refused'],
    [answered(200), 'lost'],
    [answered(502), 'lost'],
    [answered(504), 'lost'],
    [{ kind: 'unreachable' }, 'lost'],
  ])('%j: %s', async (answer, kind) => {
    const rest = { ...answering(located).rest, transaction: async () => answer };
    expect((await loadOnto({ rest, run: RUN, days: 0 }, PATIENT)).kind).toBe(kind);
  });
});
