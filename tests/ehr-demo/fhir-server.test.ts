import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadScenarios } from '../../src/ehr-demo/scenarios.ts';
import { fhirErrors } from '../support/fhir-schema.ts';
import { type Ask, type FhirServerProcess, fixtureResources, startFhirServer } from '../support/fhir-server-process.ts';
import { call, type Reply } from '../support/http.ts';

const FHIR_JSON = { 'content-type': 'application/fhir+json' };
const TOKEN = 'a-token-of-the-tests';

interface Found {
  readonly total: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly {
    readonly fullUrl: string;
    readonly search: { readonly mode: string };
    readonly resource: { readonly resourceType: string; readonly id: string };
  }[];
}

let server: FhirServerProcess;
beforeAll(async () => {
  server = await startFhirServer({ token: TOKEN });
});
afterAll(() => server.stop());

function send(method: string, path: string, body: unknown): Promise<Reply> {
  return server.fetch(path, { method, headers: FHIR_JSON, body: JSON.stringify(body) });
}

/** Keeps a resource under its own id, and says so if the server would not. */
async function put(resource: { readonly resourceType: string; readonly id: string }): Promise<void> {
  const reply = await send('PUT', `${resource.resourceType}/${resource.id}`, resource);
  expect([200, 201]).toContain(reply.status);
}

async function find(path: string, init: Ask = {}): Promise<Found> {
  const reply = await server.fetch(path, init);
  expect({ path, status: reply.status, problems: fhirErrors(reply.body) }).toEqual({ path, status: 200, problems: [] });
  return reply.body as Found;
}

function idsOf({ entry = [] }: Found): readonly string[] {
  return entry.map(({ resource }) => resource.id);
}

function linkOf({ link }: Found, wanted: string): string | undefined {
  return link.find(({ relation }) => relation === wanted)?.url;
}

function condition(id: string, patient: string, more: object = {}) {
  return { resourceType: 'Condition', id, subject: { reference: `Patient/${patient}` }, ...more };
}

describe('what it says of itself', () => {
  test('GET /metadata needs no token, and answers a valid CapabilityStatement of R4 with its security', async () => {
    const { status, headers, body } = await call(`${server.base}/metadata`);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/fhir+json; charset=utf-8']);
    expect(fhirErrors(body)).toEqual([]);
    expect(body).toMatchObject({ fhirVersion: '4.0.1', rest: [{ mode: 'server', security: { cors: true } }] });
  });

  test('it lists no search parameter of a type that it cannot compare', async () => {
    const { body } = await call(`${server.base}/metadata`);
    const [{ resource }] = (body as { rest: [{ resource: { type: string; searchParam: { name: string }[] }[] }] }).rest;
    const observation = resource.find(({ type }) => type === 'Observation')?.searchParam.map(({ name }) => name);
    expect(observation).toEqual(expect.arrayContaining(['patient', 'code', 'category', 'date', '_tag']));
    expect(observation).not.toContain('value-quantity');
  });
});

describe('the token', () => {
  test.each([
    ['none', {}, 'Bearer realm="FHIR"'],
    ['another', { authorization: 'Bearer another' }, 'Bearer realm="FHIR", error="invalid_token"'],
    ['of another scheme', { authorization: `Basic ${TOKEN}` }, 'Bearer realm="FHIR"'],
  ])('%s is a 401 that says how to come again', async (_claim, headers: Record<string, string>, challenge) => {
    for (const path of ['Patient', 'Patient/x', 'nothing/of/the/kind']) {
      // oxlint-disable-next-line no-await-in-loop -- three, one after another
      const reply = await call(`${server.base}/${path}`, { headers });
      expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, challenge]);
      expect(fhirErrors(reply.body)).toEqual([]);
    }
  });
});

describe('one resource', () => {
  test('is created under an id of the server, read, updated and deleted', async () => {
    const created = await send('POST', 'Patient', { resourceType: 'Patient', id: 'mine', gender: 'female' });
    const { id } = created.body as { id: string };
    expect(created.status).toBe(201);
    expect(id).not.toBe('mine');
    expect(created.headers.get('location')).toBe(`${server.base}/Patient/${id}`);

    const read = await server.fetch(`Patient/${id}`);
    expect([read.status, read.body]).toEqual([200, created.body]);
    expect(read.headers.get('etag')).toBe(`W/"${(read.body as { meta: { versionId: string } }).meta.versionId}"`);

    const updated = await send('PUT', `Patient/${id}`, { resourceType: 'Patient', id, gender: 'male' });
    expect([updated.status, updated.headers.get('location')]).toEqual([200, null]);
    expect((await server.fetch(`Patient/${id}`)).body).toMatchObject({ gender: 'male' });

    expect((await server.fetch(`Patient/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await server.fetch(`Patient/${id}`)).status).toBe(404);
    expect((await server.fetch(`Patient/${id}`, { method: 'DELETE' })).status).toBe(200);
  });

  test('that moves to another patient is found there, and no longer where it was', async () => {
    await put(condition('moving', 'moves-from'));
    await put(condition('moving', 'moves-to'));
    expect((await find('Condition?patient=moves-from')).total).toBe(0);
    expect(idsOf(await find('Condition?patient=moves-to'))).toEqual(['moving']);
    await server.fetch('Condition/moving', { method: 'DELETE' });
    expect((await find('Condition?patient=moves-to')).total).toBe(0);
  });

  test('an update may bring an id that is new, and is a 201 then', async () => {
    const body = { resourceType: 'Patient', id: 'brought' };
    expect((await send('PUT', 'Patient/brought', body)).status).toBe(201);
    expect((await send('PUT', 'Patient/brought', body)).status).toBe(200);
  });

  test('what is no valid R4 is refused, and the outcome says where', async () => {
    const reply = await send('PUT', 'Condition/no-subject', { resourceType: 'Condition', id: 'no-subject' });
    expect([reply.status, reply.body]).toMatchObject([400, { issue: [{ expression: ['Condition.subject'] }] }]);
    expect((await server.fetch('Condition/no-subject')).status).toBe(404);
  });
});

describe('search', () => {
  beforeAll(async () => {
    const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
    const tagged = { meta: { tag: [{ system: 'https://tags.example', code: 'search' }] } };
    await server.load([
      { resourceType: 'Patient', id: 'search-a' },
      { resourceType: 'Patient', id: 'search-b' },
      condition('search-1', 'search-a', tagged),
      condition('search-2', 'search-a', { recordedDate: '2025-01-02' }),
      condition('search-3', 'search-b', tagged),
      condition('search-old', 'search-a/_history/3'),
      { ...condition('weight', 'search-a'), resourceType: 'Observation', status: 'final', code: loinc('29463-7') },
      { ...condition('height', 'search-a'), resourceType: 'Observation', status: 'final', code: loinc('8302-2') },
    ]);
  });

  test.each([
    ['search-a', 'an id'],
    ['Patient/search-a', 'a reference'],
    ['BASE/Patient/search-a', 'an absolute reference'],
  ])('finds one patient’s records alone by %s, version-suffixed ones too', async (written) => {
    const patient = encodeURIComponent(written.replace('BASE', server.base));
    const expected = ['search-1', 'search-2', 'search-old'];
    expect(idsOf(await find(`Condition?patient=${patient}`))).toEqual(expected);
    expect(idsOf(await find(`Condition?subject=${patient}`))).toEqual(expected);
    expect(idsOf(await find('Condition?subject:Patient=search-a'))).toEqual(expected);
  });

  test('compares codes with their system as it is written', async () => {
    const observations = async (code: string) =>
      idsOf(await find(`Observation?patient=search-a&code=${encodeURIComponent(code)}`));
    expect(await observations('http://loinc.org|29463-7,http://loinc.org|3141-9')).toEqual(['weight']);
    expect(await observations('29463-7,8302-2')).toEqual(['weight', 'height']);
    expect(await observations('urn:oid:2.16.840.1.113883.6.1|29463-7')).toEqual([]);
  });

  test('by POST finds what it finds by GET, parameters of the URL included', async () => {
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    const found = await find('Condition/_search?patient=search-a', { ...form, body: 'recorded-date=ge2025' });
    expect(idsOf(found)).toEqual(['search-2']);
    expect((await find('Condition/_search', { ...form, body: 'patient=search-b' })).total).toBe(1);
  });

  test('finds a tag, also beside a patient', async () => {
    expect(idsOf(await find('Condition?_tag=https://tags.example%7Csearch'))).toEqual(['search-1', 'search-3']);
    expect(idsOf(await find('Condition?patient=search-b&_tag=search'))).toEqual(['search-3']);
  });

  test('nothing found is a Bundle without entries', async () => {
    const found = await find('Condition?patient=nobody');
    expect([found.total, found.entry]).toEqual([0, undefined]);
  });

  test('an unknown parameter is ignored, and not in the self link', async () => {
    const found = await find('Condition?patient=search-b&value-quantity=5&__proto__=x&mood=good');
    expect(idsOf(found)).toEqual(['search-3']);
    expect(linkOf(found, 'self')).toBe(`${server.base}/Condition?patient=search-b&_count=20`);
  });

  test.each([
    ['an unknown parameter, where strictness is asked for', 'Condition?patient=search-a&mood=good', 'mood'],
    ['one that it cannot compare, likewise', 'Observation?value-quantity=gt5', 'value-quantity'],
    ['a modifier that it does not know', 'Condition?code:in=x', 'code:in'],
    ['a count that is none', 'Condition?_count=many', '_count'],
    ['a summary that there is not', 'Condition?_summary=short', '_summary'],
    ['a date that is none', 'Condition?recorded-date=yesterday', 'yesterday'],
    ['an include that there is not', 'Condition?patient=search-a&_include=Condition:mood', 'Condition:mood'],
  ])('%s is a 400 that names it', async (_claim, path, named) => {
    const reply = await server.fetch(path, { headers: { prefer: 'return=minimal, handling=strict' } });
    expect([reply.status, fhirErrors(reply.body)]).toEqual([400, []]);
    expect(reply.text).toContain(named);
  });

  test('inside a batch it ignores unknown parameters too, and knows a patient by the id', async () => {
    const entry = [{ request: { method: 'GET', url: 'Condition?patient=search-b&mood=good' } }];
    const { body } = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    expect(body).toMatchObject({ entry: [{ response: { status: '200' }, resource: { total: 1 } }] });
  });

  test('of two sort keys, the first rules', async () => {
    await server.load(
      ['b 2020', 'a 2021', 'b 2019', 'a 2018'].map((told, index) => ({
        resourceType: 'Patient',
        id: `sorted-${index}`,
        birthDate: told.slice(2),
        address: [{ city: told.slice(0, 1) }],
      })),
    );
    const sorted = await find('Patient?_id=sorted-0,sorted-1,sorted-2,sorted-3&_sort=address-city,-birthdate');
    expect(idsOf(sorted)).toEqual(['sorted-1', 'sorted-3', 'sorted-0', 'sorted-2']);
    // The way the SMART launcher looks for the last visit.
    expect(idsOf(await find('Patient/?_id=sorted-0,sorted-1&_count=1&_sort:desc=birthdate'))).toEqual(['sorted-1']);
  });

  test('sends along what is included, which does not count', async () => {
    const order = { resourceType: 'MedicationRequest', status: 'active', intent: 'order' };
    await server.load([
      { resourceType: 'Medication', id: 'shared', code: { text: 'pazopanib' } },
      ...['one', 'two'].map((id) => ({
        ...order,
        id,
        subject: { reference: 'Patient/search-a' },
        medicationReference: { reference: 'Medication/shared' },
      })),
    ]);
    const found = await find('MedicationRequest?patient=search-a&_include=MedicationRequest:medication&_count=1000');
    expect(found.total).toBe(2);
    expect(found.entry?.map(({ fullUrl, search }) => [fullUrl, search.mode])).toEqual([
      [`${server.base}/MedicationRequest/one`, 'match'],
      [`${server.base}/MedicationRequest/two`, 'match'],
      [`${server.base}/Medication/shared`, 'include'],
    ]);
  });
});

describe('pages', () => {
  const ids = Array.from({ length: 45 }, (_, index) => `paged-${index}`);
  beforeAll(() => server.load(ids.map((id) => condition(id, 'paged'))));

  test('next links lead through everything, each resource once, and stay below the base', async () => {
    const seen: string[] = [];
    let next: string | undefined = 'Condition?patient=paged';
    let pages = 0;
    while (next !== undefined) {
      // oxlint-disable-next-line no-await-in-loop -- a next link is known only from the page before it
      const page = await find(next);
      expect(page.total).toBe(45);
      seen.push(...idsOf(page));
      pages += 1;
      const url = linkOf(page, 'next');
      expect(url === undefined || url.startsWith(`${server.base}/Condition?`)).toBe(true);
      next = url?.slice(server.base.length + 1);
    }
    expect([pages, seen]).toEqual([3, ids]);
  });

  test('are as long as is asked, and one is enough for everything', async () => {
    expect(idsOf(await find('Condition?patient=paged&_count=7'))).toHaveLength(7);
    const all = await find('Condition?patient=paged&_count=1000');
    expect([idsOf(all), linkOf(all, 'next')]).toEqual([ids, undefined]);
    const none = await find('Condition?patient=paged&_summary=count');
    expect([none.total, none.entry, linkOf(none, 'next')]).toEqual([45, undefined, undefined]);
  });

  test('asked at the root of the host, it links there', async () => {
    const { origin } = new URL(server.base);
    const { body } = await call(`${origin}/Condition?patient=paged&_count=10`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(linkOf(body as Found, 'next')).toBe(`${origin}/Condition?patient=paged&_count=10&_offset=10`);
    expect((body as Found).entry?.[0]?.fullUrl).toBe(`${origin}/Condition/paged-0`);
  });
});

describe('a transaction', () => {
  const URN = 'urn:uuid:00000000-0000-4000-8000-000000000001';
  const transaction = (...entry: readonly object[]) =>
    send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });

  test('gives ids, and references inside follow', async () => {
    const { status, body } = await transaction(
      { fullUrl: URN, resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } },
      {
        resource: { resourceType: 'Condition', subject: { reference: URN } },
        request: { method: 'POST', url: 'Condition' },
      },
    );
    expect([status, fhirErrors(body)]).toEqual([200, []]);
    const { entry } = body as { entry: { response: { status: string; location: string } }[] };
    expect(entry.map(({ response }) => response.status)).toEqual(['201', '201']);
    const [patient, made] = entry.map(({ response }) => response.location);
    expect((await server.fetch(made ?? '')).body).toMatchObject({ subject: { reference: patient } });
  });

  test('that fails leaves everything as it was', async () => {
    await put({ resourceType: 'Patient', id: 'changed' });
    await put(condition('undone', 'undone-from'));
    await put({ resourceType: 'Patient', id: 'deleted' });
    const { status } = await transaction(
      { request: { method: 'DELETE', url: 'Patient/deleted' } },
      { resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } },
      {
        resource: { resourceType: 'Patient', id: 'changed', gender: 'male' },
        request: { method: 'PUT', url: 'Patient/changed' },
      },
      {
        resource: { resourceType: 'Patient', id: 'added', gender: 'male' },
        request: { method: 'PUT', url: 'Patient/added' },
      },
      { resource: condition('undone', 'undone-to'), request: { method: 'PUT', url: 'Condition/undone' } },
      { resource: { resourceType: 'Condition', id: 'bad' }, request: { method: 'PUT', url: 'Condition/bad' } },
    );
    expect(status).toBe(400);
    expect((await find('Condition?patient=undone-to')).total).toBe(0);
    expect(idsOf(await find('Condition?patient=undone-from'))).toEqual(['undone']);
    expect((await server.fetch('Patient/changed')).body).not.toHaveProperty('gender');
    expect((await server.fetch('Patient/deleted')).status).toBe(200);
    expect((await server.fetch('Patient/added')).status).toBe(404);
    expect((await find('Patient?gender=male')).total).toBe(0);
  });

  test('creates only what is not there yet, where it says so', async () => {
    const once = () =>
      transaction({
        resource: { resourceType: 'Patient', identifier: [{ system: 'https://ids.example', value: 'once' }] },
        request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=https://ids.example|once' },
      });
    const statuses = [await once(), await once()].map(
      ({ body }) => (body as { entry: [{ response: { status: string } }] }).entry[0].response.status,
    );
    expect(statuses).toEqual(['201', '200']);
    expect((await find('Patient?identifier=once')).total).toBe(1);
  });

  test('a batch does what it can, and says of each entry how it went', async () => {
    const entry = [
      { resource: { resourceType: 'Sarcoma', id: 'x' }, request: { method: 'PUT', url: 'Sarcoma/x' } },
      { resource: { resourceType: 'Patient', id: 'batched' }, request: { method: 'PUT', url: 'Patient/batched' } },
      { resource: { resourceType: 'Condition', id: 'bad' }, request: { method: 'PUT', url: 'Condition/bad' } },
    ];
    const { status, body } = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    expect([status, body]).toMatchObject([
      200,
      { entry: [{ response: { status: '400' } }, { response: { status: '200' } }, { response: { status: '400' } }] },
    ]);
    expect((await server.fetch('Patient/batched')).status).toBe(200);
  });
});

describe('whatever it is sent, it answers with an OperationOutcome', () => {
  const deep = `${'{"resourceType":"Basic","contained":['.repeat(20_000)}${']}'.repeat(20_000)}`;
  const long = JSON.stringify({ resourceType: 'Patient', id: 'long', language: 'x'.repeat(10 * 1024 * 1024) });
  const textOf = (body: string): Ask => ({ method: 'POST', headers: FHIR_JSON, body });

  test.each<[claim: string, path: string, init: Ask, status: number]>([
    ['malformed JSON', 'Patient', textOf('{"resourceType":'), 400],
    ['no body', 'Patient', { method: 'POST', headers: FHIR_JSON }, 400],
    ['null', 'Patient', textOf('null'), 400],
    ['a list', 'Patient', textOf('[]'), 400],
    ['an object that is no resource', 'Patient', textOf('{"id":"x"}'), 400],
    ['a resource of another type', 'Patient', textOf('{"resourceType":"Condition"}'), 400],
    ['a type that is no text', 'Patient', textOf('{"resourceType":{"resourceType":"Patient"}}'), 400],
    ['an id that is no text', '', textOf(transactionOf({ resourceType: 'Patient', id: 7 }, 'Patient/7')), 400],
    ['a transaction without entries', '', textOf('{"resourceType":"Bundle","type":"transaction"}'), 400],
    ['entries that are none', '', textOf('{"resourceType":"Bundle","type":"transaction","entry":[null,5]}'), 400],
    ['entries that are no list', '', textOf('{"resourceType":"Bundle","type":"batch","entry":{"a":1}}'), 400],
    ['no Bundle where one belongs', '', textOf('{"resourceType":"Patient"}'), 400],
    [
      'a body of another kind',
      'Patient',
      { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' },
      415,
    ],
    ['nesting without end', 'Basic', textOf(deep), 400],
    ['more than 10 MiB', 'Patient', textOf(long), 413],
    ['a type that there is not', 'Sarcoma', {}, 404],
    ['the name of a member of every object', 'constructor/x', {}, 404],
    ['an id that none can be', 'Patient/a%2Fb', {}, 404],
    ['an encoding that is broken', 'Patient/%E0%A4%A', {}, 400],
    ['an interaction that it does not offer', 'Patient/x/_history/1', {}, 404],
    ['a search without a type', '?_type=Patient', {}, 404],
    ['a query longer than any', `Patient?_id=${'x,'.repeat(5000)}`, {}, 400],
  ])('%s', async (_claim, path, init, status) => {
    const reply = await server.fetch(path, init);
    expect([reply.status, fhirErrors(reply.body)]).toEqual([status, []]);
    expect(reply.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(reply.body).toMatchObject({ resourceType: status === 200 ? 'Bundle' : 'OperationOutcome' });
    expect((await server.fetch('Patient?_count=1')).status).toBe(200);
  });
});

test('it takes all fixture patients', async () => {
  const resources = fixtureResources();
  await server.load(resources);
  expect((await find('Patient?_summary=count&_tag=HTEST')).total).toBe(loadScenarios().length);
  const orders = resources.filter(
    ({ id, resourceType }) => resourceType === 'MedicationRequest' && id.startsWith('epic-on-atezolizumab'),
  );
  expect((await find('MedicationRequest?patient=epic-on-atezolizumab')).total).toBe(orders.length);
});

test('started without a token it asks for none, and takes its time if told to', async () => {
  const slow = await startFhirServer({ latencyMs: 150 });
  try {
    const started = performance.now();
    expect((await call(`${slow.base}/Patient`)).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(140);
  } finally {
    expect(await slow.stop()).toBe(0);
  }
});

function transactionOf(resource: object, url: string): string {
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource, request: { method: 'PUT', url } }],
  });
}
