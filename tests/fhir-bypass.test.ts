import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { chartQueries } from '../src/chart/queries.ts';
import type { Client } from '../src/clients.ts';
import { buildHookRequest, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';
import type { NetworkReach } from '../src/fhir/network-reach.ts';
import { rememberServers } from '../src/fhir/server-memories.ts';
import { cdsServices } from '../src/services.ts';
import { post, type Reply, type Served } from './support/http.ts';
import { registeredClient } from './support/registered-client.ts';
import { guideline, serveService, trustingAuthentication } from './support/service.ts';

type Json = Readonly<Record<string, unknown>>;
type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** The Hospital's own server, which is on its list, and one on the same machine that is on nobody's but the Neighbour's. */
const hospital = { asked: [] as string[], answer: undefined as Answering | undefined, origin: '', base: '', port: 0 };
const canary = { connections: 0, requests: [] as string[], origin: '', base: '', port: 0 };
const servers: Server[] = [];
let service: Served;

const fhirJson = { 'content-type': 'application/fhir+json' };
const { body: chart, patientId } = chartOf('metastatic-untreated');
const inPublic: NetworkReach = { kind: 'public', besides: [] };

beforeAll(async () => {
  // Only what this file serves is asked, or would be: nock would keep every other spelling of this machine from being reached.
  nock.restore();
  hospital.port = await listenOn('127.0.0.1', (request, response) => {
    hospital.asked.push(request.url ?? '');
    (hospital.answer ?? answerNormally)(request, response);
  });
  canary.port = await listenOn(undefined, (request, response) => {
    canary.requests.push(request.url ?? '');
    answerNormally(request, response);
  });
  servers[1]?.on('connection', () => {
    canary.connections += 1;
  });
  for (const server of [hospital, canary]) {
    server.origin = `http://127.0.0.1:${server.port}`;
    server.base = `${server.origin}/fhir`;
  }
  service = await serveService({
    // Nothing is remembered from one attempt to the next: a server that is left alone would prove nothing.
    memories: { of: (...server) => rememberServers().of(...server), circuits: () => [] },
    // A busy machine must not leave questions of one test to arrive in the next.
    budgetMs: 20_000,
    authentication: trustingAuthentication([
      client('Hospital', [hospital.base]),
      client('Neighbour', [canary.base]),
      ...Object.values(THIS_MACHINE).flatMap((spell) => [
        client(`public ${spell()}`, [spell()], inPublic),
        client(`vouched ${spell()}`, [spell()], { kind: 'public', besides: ['0.0.0.0/0', '::/0'] }),
      ]),
    ]),
  });
});
beforeEach(() => {
  Object.assign(hospital, { asked: [], answer: undefined });
  Object.assign(canary, { connections: 0, requests: [] });
});
afterAll(async () => {
  await service.close();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

/** The patient, and nothing else. */
function answerNormally({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const isPatient = url === `/fhir/Patient/${patientId}`;
  response.writeHead(200, fhirJson).end(JSON.stringify(isPatient ? chart.prefetch?.['patient'] : bundle([])));
}

async function listenOn(host: string | undefined, answer: Answering): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

function client(name: string, fhirServers: readonly string[], reach: NetworkReach = { kind: 'any' }): Client {
  return registeredClient({ name, fhirServers, reach, rateLimitPerMinute: 3000 });
}

function chartOf(patient: string) {
  const target = serviceForHook(cdsServices(chartQueries(guideline.terminology)), 'patient-view');
  if (target === undefined) throw new Error('no service for patient-view');
  const body = buildHookRequest({ patient: loadPatient(patient), hook: 'patient-view' }, target);
  return { body, patientId: String(body.context['patientId']) };
}

function bundle(resources: readonly unknown[], link: readonly Json[] = []) {
  return { resourceType: 'Bundle', type: 'searchset', link, entry: resources.map((resource) => ({ resource })) };
}

/** The Conditions of a patient with ASPS, so that all of the chart is asked for. */
function conditions(): { readonly entry: readonly { readonly resource: Json }[] } & Json {
  return structuredClone(chart.prefetch?.['conditions']) as ReturnType<typeof conditions>;
}

/** Calls the service as the Hospital, with a token that is worth stealing. */
async function send(changes: Json = {}, name = 'Hospital'): Promise<Reply> {
  const fhirAuthorization = {
    access_token: 'secret',
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'patient/*.read',
    subject: 'cds-service',
  };
  const { prefetch: _all, ...call } = chart;
  return post(
    `${service.url}/cds-services/asps-patient-view`,
    { ...call, fhirServer: hospital.base, fhirAuthorization, prefetch: { conditions: conditions() }, ...changes },
    { authorization: `Bearer ${name}` },
  );
}

/** What the Hospital's server was asked beyond the patient's own parts of the chart, and Medications by their id. */
function strays(): readonly string[] {
  return hospital.asked.filter((url) => {
    const { pathname, searchParams } = new URL(url, hospital.origin);
    const isOwn =
      url === `/fhir/Patient/${patientId}` ||
      (/^\/fhir\/[A-Z][A-Za-z]+$/.test(pathname) && searchParams.get('patient') === patientId) ||
      /^\/fhir\/Medication\/[A-Za-z0-9.-]{1,64}$/.test(url);
    return !isOwn;
  });
}

/** Everything that was asked and should not have been. */
function visits(): readonly string[] {
  const unseen = canary.connections > 0 && canary.requests.length === 0 ? ['a connection to the canary'] : [];
  return [...canary.requests, ...unseen, ...strays()];
}

test('the canary is alive: its own client has it asked, with the token', async () => {
  expect((await send({ fhirServer: canary.base }, 'Neighbour')).status).toBe(200);
  expect(canary.requests.length).toBeGreaterThan(5);
});

test('the Hospital’s server is asked', async () => {
  expect((await send()).status).toBe(200);
  expect(hospital.asked.length).toBeGreaterThan(5);
  expect(visits()).toEqual([]);
});

describe('no `fhirServer` but the listed one is asked (CH-87)', () => {
  const at = (text: string) => text.replaceAll('CANARY', String(canary.port)).replaceAll('OWN', String(hospital.port));

  test.each([
    // this machine by every other name
    'http://127.0.0.1:CANARY/fhir',
    'http://localhost:CANARY/fhir',
    'http://LOCALHOST.:CANARY/fhir',
    'http://[::1]:CANARY/fhir',
    'http://[0:0:0:0:0:0:0:1]:CANARY/fhir',
    'http://[::ffff:127.0.0.1]:CANARY/fhir',
    'http://[::ffff:7f00:1]:CANARY/fhir',
    'http://0.0.0.0:CANARY/fhir',
    'http://[::]:CANARY/fhir',
    'http://0:CANARY/fhir',
    'http://2130706433:CANARY/fhir',
    'http://0x7f000001:CANARY/fhir',
    'http://0x7F.0.0.1:CANARY/fhir',
    'http://0177.0.0.1:CANARY/fhir',
    'http://127.1:CANARY/fhir',
    'http://127.0.0.2:CANARY/fhir',
    'http://127.0.0.1.:CANARY/fhir',
    'http://１２７.0.0.1:CANARY/fhir',
    'http://127。0。0。1:CANARY/fhir',
    'http://ⓛocalhost:CANARY/fhir',
    'HTTP://127.0.0.1:CANARY/fhir',
    // both at once
    'http://127.0.0.1:OWN@127.0.0.1:CANARY/fhir',
    'http://127.0.0.1:OWN%2F@127.0.0.1:CANARY/fhir',
    'http://user:pass@127.0.0.1:OWN/fhir',
    'http://127.0.0.1:OWN\\@127.0.0.1:CANARY/fhir',
    'http://127.0.0.1:CANARY\\@127.0.0.1:OWN/fhir',
    'http://127.0.0.1:CANARY#@127.0.0.1:OWN/fhir',
    'http://127.0.0.1:CANARY?@127.0.0.1:OWN/fhir',
    'http://127.0.0.1:CANARY/#http://127.0.0.1:OWN/fhir',
    'http://127.0.0.1:OWN/fhir http://127.0.0.1:CANARY/fhir',
    'http://127.0.0.1:OWN/fhir,http://127.0.0.1:CANARY/fhir',
    'http://127.0.0.1:OWN/fhir\r\nHost: 127.0.0.1:CANARY',
    // what a parser would repair
    'http://127.0.0.1:\tCANARY/fhir',
    'http://127.0.0.1:CANARY/fhir\n',
    ' http://127.0.0.1:CANARY/fhir',
    'http:/127.0.0.1:CANARY/fhir',
    'http:127.0.0.1:CANARY/fhir',
    'http:\\\\127.0.0.1:CANARY\\fhir',
    '//127.0.0.1:CANARY/fhir',
    // another port, another scheme
    'http://127.0.0.1/fhir',
    'https://127.0.0.1:OWN/fhir',
    'https://127.0.0.1:CANARY/fhir',
    'ftp://127.0.0.1:CANARY/fhir',
    'ws://127.0.0.1:CANARY/fhir',
    'gopher://127.0.0.1:CANARY/_GET',
    'file:///etc/passwd',
    'file://127.0.0.1/etc/passwd',
    'data:application/json,{}',
    'javascript:fetch("http://127.0.0.1:CANARY")',
    'blob:http://127.0.0.1:CANARY/fhir',
    // the listed server, above or beside its base
    'http://127.0.0.1:OWN',
    'http://127.0.0.1:OWN/fhir2',
    'http://127.0.0.1:OWN/FHIR',
    'http://127.0.0.1:OWN/fhir/tenant',
    'http://127.0.0.1:OWN/fhir/../admin',
    'http://127.0.0.1:OWN/fhir/%2e%2e/admin',
    'http://127.0.0.1:OWN/fhir/.%2E/admin',
    'http://127.0.0.1:OWN/fhir/..%2fadmin',
    'http://127.0.0.1:OWN/fhir/..%5cadmin',
    'http://127.0.0.1:OWN/fhir/..;/admin',
    'http://127.0.0.1:OWN/fhir;/../admin',
    'http://127.0.0.1:OWN/%66hir/..//admin',
    'http://127.0.0.1:OWN/fhir?redirect=http://127.0.0.1:CANARY',
    'http://127.0.0.1:OWN/fhir#x',
    'http://127.0.0.1:OWN/fhir%00',
    '',
  ])('%j', async (spelling) => {
    const reply = await send({ fhirServer: at(spelling) });
    // As if it had named none: the patient is then missing (CH-41). Or it is no absolute URL at all.
    expect([400, 412]).toContain(reply.status);
    expect(hospital.asked).toEqual([]);
    expect(visits()).toEqual([]);
  });

  test('nor another client’s', async () => {
    expect((await send({ fhirServer: hospital.base }, 'Neighbour')).status).toBe(412);
    expect((await send({ fhirServer: canary.base })).status).toBe(412);
    expect(hospital.asked).toEqual([]);
    expect(visits()).toEqual([]);
  });

  test.each([
    ['in the context', () => ({ context: { ...chart.context, fhirServer: canary.base } })],
    ['in the prefetch', () => ({ prefetch: { conditions: conditions(), fhirServer: canary.base } })],
    ['in an extension', () => ({ extension: { fhirServer: canary.base } })],
    [
      'beside the token',
      () => ({ fhirAuthorization: { ...authorization(), fhirServer: canary.base, aud: canary.base } }),
    ],
    ['as the subject of the token', () => ({ fhirAuthorization: { ...authorization(), subject: canary.base } })],
    ['as the scope', () => ({ fhirAuthorization: { ...authorization(), scope: `${canary.base} patient/*.read` } })],
    ['as the token', () => ({ fhirAuthorization: { ...authorization(), access_token: canary.base } })],
    ['as the user', () => ({ context: { ...chart.context, userId: `${canary.base}/Practitioner/1` } })],
  ] as const)('nor one that comes another way: %s', async (_way, changes) => {
    expect((await send(changes())).status).toBe(200);
    expect(hospital.asked.length).toBeGreaterThan(5);
    expect(visits()).toEqual([]);
  });

  test.each([
    ['in a list', '/fhirServer', () => ({ fhirServer: [hospital.base, canary.base] })],
    ['in an object', '/fhirServer', () => ({ fhirServer: { toString: canary.base, href: canary.base } })],
    [
      'as the type of the token',
      '/fhirAuthorization/token_type',
      () => ({ fhirAuthorization: { ...authorization(), token_type: canary.base } }),
    ],
    [
      'as the token: x\\r\\nHost',
      '/fhirAuthorization/access_token',
      () => ({ fhirAuthorization: { ...authorization(), access_token: `x\r\nHost: ${canary.base}` } }),
    ],
  ] as const)('and a call that has one %s is refused, not repeated, and nobody asked', async (_way, place, changes) => {
    const reply = await send(changes());
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(`${place} must`)]);
    expect(reply.text).not.toContain(String(canary.port));
    expect(hospital.asked).toEqual([]);
    expect(visits()).toEqual([]);
  });

  function authorization(): Json {
    return { access_token: 'secret', token_type: 'Bearer', expires_in: 300, scope: 'patient/*.read', subject: 'cds' };
  }

  test.each(['Host', 'X-Forwarded-Host', 'Forwarded', 'Referer', 'X-Original-URL', 'Link'])(
    'nor one in the header %s',
    async (header) => {
      const { prefetch: _all, ...call } = chart;
      await post(
        `${service.url}/cds-services/asps-patient-view`,
        { ...call, fhirServer: hospital.base, prefetch: { conditions: conditions() } },
        { authorization: 'Bearer Hospital', [header]: `host=127.0.0.1:${canary.port}` },
      );
      expect(hospital.asked.length).toBeGreaterThan(0);
      expect(visits()).toEqual([]);
    },
  );

  test.each([
    '.',
    '..',
    '../../admin',
    '..%2f..%2fadmin',
    '%2e%2e',
    'x/../../admin',
    'x?y=1',
    'x#y',
    'x&_include=*',
    'x,y',
    '\\\\127.0.0.1\\fhir',
    '//127.0.0.1',
    'http://127.0.0.1',
  ])('nor another patient, or none, under the id %j', async (id) => {
    const own = conditions().entry.map(({ resource }) => ({ ...resource, subject: { reference: `Patient/${id}` } }));
    const context = { ...chart.context, patientId: id };
    for (const prefetch of [{ conditions: bundle(own) }, {}]) {
      // oxlint-disable-next-line no-await-in-loop -- what was asked is looked at for each
      const reply = await send({ context, prefetch });
      expect([reply.status, reply.text]).toEqual([400, expect.stringContaining('/context/patientId must')]);
      expect(hospital.asked).toEqual([]);
      expect(visits()).toEqual([]);
    }
  });
});

/** Where a link, a Location or a reference would like to lead. */
const ELSEWHERE: Readonly<Record<string, () => string>> = {
  'another port': () => `${canary.base}/Condition?patient=${patientId}`,
  'another name of this machine': () => `http://localhost:${canary.port}/fhir/Condition`,
  'the same port under another name': () => `http://localhost:${hospital.port}/fhir/admin`,
  'another scheme': () => `https://127.0.0.1:${hospital.port}/fhir/admin`,
  'another scheme and port': () => `https://127.0.0.1:${canary.port}/fhir/Condition`,
  'a protocol-relative address': () => `//127.0.0.1:${canary.port}/fhir/Condition`,
  backslashes: () => `\\\\127.0.0.1:${canary.port}\\fhir`,
  'slashes and backslashes': () => `/\\127.0.0.1:${canary.port}/fhir`,
  'three slashes': () => `http:///127.0.0.1:${canary.port}/fhir`,
  'a tab in the address': () => `http:/\t/127.0.0.1:${canary.port}/fhir`,
  'user information': () => `http://127.0.0.1:${hospital.port}@127.0.0.1:${canary.port}/fhir`,
  'user information of the same server': () => `http://x:y@127.0.0.1:${hospital.port}/fhir/admin`,
  'a decimal address': () => `http://2130706433:${canary.port}/fhir`,
  IPv6: () => `http://[::1]:${canary.port}/fhir`,
  'mapped IPv6': () => `http://[::ffff:127.0.0.1]:${canary.port}/fhir`,
  'a path above the base': () => `${hospital.origin}/admin`,
  'the root': () => '/',
  'a path from the root': () => '/admin',
  'a step up': () => '../admin',
  'a step up below the base': () => `${hospital.base}/../admin`,
  'an encoded step up': () => `${hospital.base}/%2e%2e/admin`,
  'a half-encoded step up': () => `${hospital.base}/.%2E/admin`,
  'an encoded slash': () => `${hospital.base}/..%2fadmin`,
  'an encoded backslash': () => `${hospital.base}/..%5Cadmin`,
  'backslashes up': () => `${hospital.base}/x\\..\\..\\admin`,
  'a base that begins alike': () => `${hospital.base}2/admin`,
  'a base in capitals': () => `${hospital.origin}/FHIR/admin`,
  'a file': () => 'file:///etc/passwd',
  'a script': () => 'javascript:fetch("http://127.0.0.1")',
  data: () => 'data:application/fhir+json,{"resourceType":"Bundle"}',
  'another protocol': () => `ftp://127.0.0.1:${canary.port}/fhir`,
  'a urn': () => 'urn:uuid:4a2ea7a4-3f5f-4f57-9d1d-2f6f3d7c1f10',
  nothing: () => '',
};
const elsewhere = Object.entries(ELSEWHERE);

describe('no next link leads away (CH-87)', () => {
  test.each(elsewhere)('of an answer, to %s', async (_where, url) => {
    const evil = url();
    hospital.answer = (_request, response) =>
      response.writeHead(200, fhirJson).end(JSON.stringify(bundle([], [{ relation: 'next', url: evil }])));
    await send();
    await send({ prefetch: {} });
    expect(hospital.asked.length).toBeGreaterThan(5);
    expect(visits()).toEqual([]);
  });

  test.each(elsewhere)('of a prefetched Bundle, to %s', async (_where, url) => {
    const reply = await send({ prefetch: { conditions: withNext(url()) } });
    expect(reply.status).toBe(200);
    expect(hospital.asked.length).toBeGreaterThan(5);
    expect(visits()).toEqual([]);
  });

  test('of a prefetched Bundle, though to the Hospital’s own server it does', async () => {
    await send({ prefetch: { conditions: withNext(`${hospital.base}/Condition?patient=${patientId}&page=2`) } });
    expect(hospital.asked).toContain(`/fhir/Condition?patient=${patientId}&page=2`);
    expect(visits()).toEqual([]);
  });

  function withNext(url: string): Json {
    return { ...conditions(), link: [{ relation: 'next', url }] };
  }

  test('a fragment is not sent, and the same page is not asked for twice', async () => {
    hospital.answer = (request, response) =>
      response
        .writeHead(200, fhirJson)
        .end(JSON.stringify(bundle([], [{ relation: 'next', url: `${hospital.origin}${request.url}#again` }])));
    await send({ prefetch: {} });
    expect(hospital.asked.filter((url) => url.includes('/Condition'))).toHaveLength(1);
    expect(visits()).toEqual([]);
  });

  test.each(['self', 'first', 'previous', 'prev', 'last', 'alternate', 'search', 'NEXT'])(
    'the link “%s” is not followed at all',
    async (relation) => {
      hospital.answer = (_request, response) =>
        response.writeHead(200, fhirJson).end(JSON.stringify(bundle([], [{ relation, url: `${canary.base}/x` }])));
      await send({ prefetch: {} });
      expect(hospital.asked.length).toBeGreaterThan(0);
      expect(visits()).toEqual([]);
    },
  );
});

describe('no answer of the server leads away', () => {
  test.each(
    [201, 302, 307].flatMap((status) => elsewhere.slice(0, 21).map(([where, url]) => [status, where, url] as const)),
  )('a %i with a Location: %s', async (status, _where, url) => {
    // What cannot stand in a header cannot be sent in one.
    const location = url().replaceAll('\t', '');
    hospital.answer = (_request, response) => response.writeHead(status, { ...fhirJson, location }).end();
    await send();
    expect(hospital.asked.length).toBeGreaterThan(0);
    expect(visits()).toEqual([]);
  });

  test.each([300, 301, 303, 305, 308])('a %i with a Location on another port', async (status) => {
    hospital.answer = (_request, response) => response.writeHead(status, { location: canary.base }).end();
    await send();
    expect(hospital.asked.length).toBeGreaterThan(0);
    expect(visits()).toEqual([]);
  });

  test.each([201, 301, 307])('a %i with a Location below the base is not followed either', async (status) => {
    hospital.answer = (_request, response) =>
      response.writeHead(status, { ...fhirJson, location: `${hospital.base}/Binary/1` }).end();
    await send();
    expect(hospital.asked.length).toBeGreaterThan(0);
    expect(visits()).toEqual([]);
  });

  test.each(['refresh', 'link', 'content-location', 'alt-svc', 'x-accel-redirect', 'sourcemap', 'www-authenticate'])(
    'the header %s',
    async (header) => {
      hospital.answer = (_request, response) =>
        response
          .writeHead(header === 'www-authenticate' ? 401 : 200, {
            ...fhirJson,
            [header]: `0; url=<${canary.base}>; rel=next`,
          })
          .end(JSON.stringify(bundle([])));
      await send();
      expect(hospital.asked.length).toBeGreaterThan(0);
      expect(visits()).toEqual([]);
    },
  );

  test.each([
    ['a fullUrl', (evil: string) => ({ fullUrl: evil })],
    ['links of an entry', (evil: string) => ({ link: [{ relation: 'next', url: evil }] })],
    ['a Location of a response', (evil: string) => ({ response: { status: '302', location: evil } })],
    ['a request', (evil: string) => ({ request: { method: 'GET', url: evil } })],
  ])('%s', async (_what, more) => {
    const { entry, ...all } = conditions();
    const answer = { ...all, entry: entry.map((each) => ({ ...each, ...more(`${canary.base}/Condition/1`) })) };
    hospital.answer = (_request, response) => response.writeHead(200, fhirJson).end(JSON.stringify(answer));
    await send({ prefetch: {} });
    expect(hospital.asked.length).toBeGreaterThan(0);
    expect(visits()).toEqual([]);
  });

  test('references, sources and attachments of resources', async () => {
    const evil = `${canary.base}/x/1`;
    const reference = { reference: evil, type: 'Patient', identifier: { system: evil, value: evil } };
    const resource = (resourceType: string) => ({
      resourceType,
      id: 'x',
      implicitRules: evil,
      meta: { source: evil, profile: [evil] },
      extension: [{ url: evil, valueUrl: evil }],
      subject: { reference: `Patient/${patientId}` },
      encounter: reference,
      recorder: reference,
      basedOn: [reference],
      result: [reference],
      imagingStudy: [reference],
      endpoint: [reference],
      partOf: [reference],
      presentedForm: [{ url: evil }],
      status: 'final',
    });
    hospital.answer = ({ url = '' }, response) => {
      const type = /^\/fhir\/(\w+)\?/.exec(url)?.[1];
      response.writeHead(200, fhirJson).end(JSON.stringify(bundle(type === undefined ? [] : [resource(type)])));
    };
    await send();
    expect(hospital.asked.length).toBeGreaterThan(5);
    expect(visits()).toEqual([]);
  });

  test('an absolute reference to the patient on another server', async () => {
    const [first] = conditions().entry;
    const subject = { reference: `${canary.base}/Patient/${patientId}` };
    const reply = await send({ prefetch: { conditions: bundle([{ ...first?.resource, subject }]) } });
    expect(reply.status).toBe(200);
    expect(hospital.asked.length).toBeGreaterThan(5);
    expect(visits()).toEqual([]);
  });
});

describe('no Medication is read from elsewhere', () => {
  const order = (reference: string, id = 'x') => ({
    resourceType: 'MedicationRequest',
    id,
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${patientId}` },
    medicationReference: { reference },
  });

  const REFERENCES: Readonly<Record<string, () => string>> = {
    ...ELSEWHERE,
    'a Medication on another server': () => `${canary.base}/Medication/1`,
    'a Medication by a protocol-relative address': () => `//127.0.0.1:${canary.port}/fhir/Medication/1`,
    'a Medication above the base': () => `${hospital.origin}/Medication/1`,
    'another patient': () => 'Patient/someone-else',
    'another patient behind a Medication': () => 'Medication/../Patient/someone-else',
    'another patient, encoded': () => 'Medication/%2e%2e/Patient/someone-else',
    'another patient, absolute': () => `${hospital.base}/Medication/../Patient/someone-else`,
    'above the base behind a Medication': () => 'Medication/../../admin',
    'an encoded slash behind a Medication': () => 'Medication/..%2fPatient%2fsomeone-else',
    'an id with a slash': () => 'Medication/1/Patient',
    'an id with a semicolon': () => 'Medication/1;x=/../../admin',
    'an operation': () => 'Medication/1/$everything',
    'all Medications': () => 'Medication',
    'no Medication': () => 'Medication/',
    'a step within': () => 'Medication/.',
    'a search': () => 'Medication?_include=*',
    'a search behind an id': () => 'Medication/1?_include=*',
    'a search of all patients': () => '?_type=Patient',
    'an id that is too long': () => `Medication/${'x'.repeat(65)}`,
    'a blank': () => 'Medication/1 HTTP/1.1',
    'a line end': () => 'Medication/1\r\nX-Evil: 1',
  };

  test.each(Object.entries(REFERENCES))('of an order on the server, by %s', async (_where, reference) => {
    const evil = reference();
    hospital.answer = ({ url = '' }, response) =>
      response
        .writeHead(200, fhirJson)
        .end(JSON.stringify(bundle(url.startsWith('/fhir/MedicationRequest?') ? [order(evil)] : [])));
    await send();
    expect(hospital.asked.length).toBeGreaterThan(5);
    expect(visits()).toEqual([]);
  });

  test.each(Object.entries(REFERENCES))('of a prefetched order, by %s', async (_where, reference) => {
    const medicationRequests = bundle([order(reference()), order('Medication/own', 'own')]);
    const reply = await send({ prefetch: { ...chart.prefetch, conditions: conditions(), medicationRequests } });
    expect(reply.status).toBe(200);
    // The orders have been read: the other one has led to its Medication.
    expect(hospital.asked).toEqual(['/fhir/Medication/own']);
    expect(visits()).toEqual([]);
  });

  test('though from the Hospital’s server it is', async () => {
    const medicationRequests = bundle([order('Medication/1'), order(`${hospital.base}/Medication/2`, 'y')]);
    await send({ prefetch: { ...chart.prefetch, conditions: conditions(), medicationRequests } });
    expect(hospital.asked.toSorted()).toEqual(['/fhir/Medication/1', '/fhir/Medication/2']);
  });
});

/** Ways to write down this machine, all of which lead there. */
const THIS_MACHINE = {
  'its address': () => `http://127.0.0.1:${canary.port}/fhir`,
  'another of its addresses': () => `http://127.0.0.2:${canary.port}/fhir`,
  'a decimal address': () => `http://2130706433:${canary.port}/fhir`,
  'any address': () => `http://0.0.0.0:${canary.port}/fhir`,
  'a name': () => `http://localhost:${canary.port}/fhir`,
  'an encrypted name': () => `https://localhost:${canary.port}/fhir`,
  IPv6: () => `http://[::1]:${canary.port}/fhir`,
  'any IPv6': () => `http://[::]:${canary.port}/fhir`,
  'mapped IPv6': () => `http://[::ffff:127.0.0.1]:${canary.port}/fhir`,
  'compatible IPv6': () => `http://[::127.0.0.1]:${canary.port}/fhir`,
};

describe('in production a listed server that leads to this machine is not asked', () => {
  test.each(Object.entries(THIS_MACHINE))('under %s', async (_name, spell) => {
    const fhirServer = spell();
    const reply = await send({ fhirServer, prefetch: {} }, `public ${fhirServer}`);
    expect([reply.status, reply.text]).toEqual([412, expect.stringContaining('failed')]);
    expect(visits()).toEqual([]);
  });

  test.each(Object.entries(THIS_MACHINE))(
    'under %s, not even if every private address was let in',
    async (_name, spell) => {
      const fhirServer = spell();
      const reply = await send({ fhirServer, prefetch: {} }, `vouched ${fhirServer}`);
      expect([reply.status, reply.text]).toEqual([412, expect.stringContaining('failed')]);
      expect(visits()).toEqual([]);
    },
  );
});
