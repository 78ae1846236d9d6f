import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Authentication } from '../src/cds-hooks/authentication/authentication.ts';
import { createClientAuthentication } from '../src/cds-hooks/authentication/client-authentication.ts';
import { clientProfile } from '../src/cds-hooks/profile.ts';
import type { CdsServiceResponse } from '../src/cds-hooks/types.ts';
import type { Client } from '../src/clients.ts';
import { buildHookRequest, type DiscoveredService } from '../src/ehr-demo/hook-request.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';
import { startLocalServer } from './fhir/local-server.ts';
import { call, post, type Reply, type Served, sendRaw } from './support/http.ts';
import { bearer, encoded, goodClaims, goodHeader, makeKey, type SigningKey, signed } from './support/jwt.ts';
import { discoveryProblems } from './support/schemas/cds-hooks-discovery.ts';
import { PUBLIC_URL, rememberFeedback, serveService, TODAY } from './support/service.ts';

const keys = {
  plain: makeKey('ES384', 'plain'),
  epic: makeKey('RS384', 'epic'),
  lean: makeKey('ES384', 'lean'),
  fhirpath: makeKey('ES384', 'fhirpath'),
  busy: makeKey('ES384', 'busy'),
};
type Name = keyof typeof keys;

const ISS = (name: Name) => `https://${name}.example.org`;
const DISCOVERY = `${PUBLIC_URL}/cds-services`;
const VIEW = `${DISCOVERY}/asps-patient-view`;

function client(name: Name, more: Partial<Client> = {}): Client {
  return {
    name,
    iss: ISS(name),
    keys: { jwks: { keys: [keys[name].jwk] } },
    algorithms: ['ES384', 'RS384'],
    fhirServers: [],
    reach: { kind: 'any' },
    profile: clientProfile('default'),
    prefetch: 'full',
    rateLimitPerMinute: 1000,
    ...more,
  };
}

const lines: string[] = [];
const feedback = rememberFeedback();
let fhir: Awaited<ReturnType<typeof startLocalServer>>;
let asked: string[] = [];
let served: Served;
let view: string;

beforeAll(async () => {
  fhir = await startLocalServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404).end();
  });
  served = await serveService({
    authentication: createClientAuthentication(
      [
        client('plain'),
        client('epic', { profile: clientProfile('epic'), services: ['asps-patient-view'] }),
        client('lean', { prefetch: 'lean', fhirServers: [fhir.base] }),
        client('fhirpath', { profile: clientProfile('default', ['prefetch-fhirpath']) }),
        client('busy', { rateLimitPerMinute: 2 }),
      ],
      { now: () => TODAY },
    ),
    feedback,
    onLog: (line) => void lines.push(line),
  });
  view = `${served.url}/cds-services/asps-patient-view`;
});
afterAll(() => Promise.all([served.close(), fhir.close()]));
beforeEach(() => {
  lines.length = 0;
  asked = [];
});

const as = (name: Name, aud = VIEW) => ({ authorization: bearer(keys[name], ISS(name), aud, TODAY) });

async function openingChart(more: object = {}): Promise<object> {
  const { services } = (await call(`${served.url}/cds-services`)).body as { services: DiscoveredService[] };
  const target = services.find(({ hook }) => hook === 'patient-view');
  if (target === undefined) throw new Error('There is such a service');
  return {
    ...buildHookRequest({ patient: loadPatient('metastatic-untreated'), hook: 'patient-view' }, target),
    ...more,
  };
}

/** The line of the one POST of a test, once the server has written it. */
async function logged(): Promise<Record<string, unknown>> {
  for (let tries = 0; tries < 400; tries += 1) {
    const line = lines
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .findLast(({ method }) => method === 'POST');
    if (line !== undefined) return line;
    // oxlint-disable-next-line no-await-in-loop -- waits for the line
    await new Promise((done) => setTimeout(done, 5));
  }
  throw new Error('Nothing was logged');
}

const cardsOf = ({ body }: Reply) => (body as CdsServiceResponse).cards;

describe('a client that shows who it is (CH-155, CH-156)', () => {
  // CH-154.
  test('gets cards, and its name stands in the log, without its JWT (CH-179)', async () => {
    const headers = as('plain');
    const reply = await post(view, await openingChart(), headers);
    expect(reply.status).toBe(200);
    expect(cardsOf(reply).length).toBeGreaterThan(0);
    expect(await logged()).toMatchObject({ client: 'plain', status: 200, service: 'asps-patient-view' });
    const [, payload = 'none'] = headers.authorization.split('.');
    expect(lines.join()).not.toContain(payload);
  });

  test('gets them once for a JWT (CH-166)', async () => {
    const headers = as('plain');
    const request = await openingChart();
    expect((await post(view, request, headers)).status).toBe(200);
    await logged();
    lines.length = 0;
    expect((await post(view, request, headers)).status).toBe(401);
    expect(await logged()).toMatchObject({ refusal: 'replay' });
  });

  test('sees the cards in the way of its profile', async () => {
    const [card] = cardsOf(await post(view, await openingChart(), as('epic')));
    expect(card?.source.topic?.code).toMatch(/^[A-Za-z0-9]+$/);
    expect(cardsOf(await post(view, await openingChart(), as('plain')))[0]?.source.topic?.code).toContain('-');
  });
});

test('the uuids that feedback will name stand in the log, beside the cards (CH-141)', async () => {
  const cards = cardsOf(await post(view, await openingChart(), as('plain')));
  expect(cards.some(({ suggestions = [] }) => suggestions.length > 0)).toBe(true);
  expect(await logged()).toMatchObject({
    cards: cards.map(({ source }) => source.topic?.code),
    issued: cards.map(({ uuid, suggestions = [] }) => ({
      card: uuid,
      suggestions: suggestions.map((one) => one.uuid),
    })),
  });
});

describe('nobody else gets anything, and nobody learns why (CH-180, CH-191)', () => {
  const other = makeKey('ES384', 'plain');
  const claims = () => goodClaims(ISS('plain'), VIEW, TODAY);
  const jwt = (header: object, payload: object, key: SigningKey = keys.plain) =>
    `Bearer ${signed(header, payload, key)}`;

  const attempts: readonly [reason: string, authorization: () => string | undefined][] = [
    ['no-token', () => undefined],
    ['no-token', () => 'Basic dXNlcjpwYXNz'],
    ['malformed', () => 'Bearer x'],
    ['issuer', () => bearer(keys.plain, 'https://stranger.example.org', VIEW, TODAY)],
    ['audience', () => bearer(keys.plain, ISS('plain'), DISCOVERY, TODAY)],
    ['audience', () => bearer(keys.plain, ISS('plain'), `${VIEW}/feedback`, TODAY)],
    ['audience', () => bearer(keys.plain, ISS('plain'), view, TODAY)],
    ['expired', () => bearer(keys.plain, ISS('plain'), VIEW, new Date(TODAY.getTime() - 3_600_000))],
    ['not-yet-valid', () => bearer(keys.plain, ISS('plain'), VIEW, new Date(TODAY.getTime() + 3_600_000))],
    ['algorithm', () => `Bearer ${encoded({ ...goodHeader(keys.plain), alg: 'none' })}.${encoded(claims())}.`],
    ['key', () => jwt({ ...goodHeader(keys.plain), kid: 'epic' }, claims())],
    ['signature', () => jwt(goodHeader(keys.plain), claims(), other)],
    ['malformed', () => jwt({ ...goodHeader(keys.plain), typ: 'at+jwt' }, claims())],
  ];

  test.each(attempts.map(([reason, authorization], at) => [at, reason, authorization] as const))(
    '%i: %s',
    async (_at, reason, authorization) => {
      const value = authorization();
      const reply = await post(view, await openingChart(), value === undefined ? {} : { authorization: value });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer');
      expect(reply.headers.get('access-control-allow-origin')).toBe('*');
      expect(reply.text).toBe(
        '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"login","details":{"text":"Authentication is required."},"diagnostics":"unauthenticated"}]}',
      );
      expect(await logged()).toMatchObject({ status: 401, code: 'unauthenticated', refusal: reason });
    },
  );

  test('before a byte of the body is read', async () => {
    const { host } = new URL(served.url);
    const received = await sendRaw(
      served.url,
      `POST /cds-services/asps-patient-view HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n{`,
    );
    expect(received).toMatch(/^HTTP\/1\.1 401 /);
  });

  // CH-163.
  test('from the host that a request names', async () => {
    const evil = `https://evil.example/cds-services/asps-patient-view`;
    const reply = await post(view, await openingChart(), {
      authorization: bearer(keys.plain, ISS('plain'), evil, TODAY),
      'x-forwarded-host': 'evil.example',
    });
    expect(reply.status).toBe(401);
  });

  test('but what is open to all: preflights (CH-181), health, and the pages about the guideline', async () => {
    const preflight = await call(view, {
      method: 'OPTIONS',
      headers: { origin: 'https://ehr.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    const open = ['/healthz', '/readyz', '/', '/evidence/baseline-brain-mri'];
    expect(await Promise.all(open.map(async (path) => (await call(served.url + path)).status))).toEqual([
      200, 200, 200, 200,
    ]);
  });
});

test('the start page says who may call', async () => {
  const open = await serveService();
  const [forClients, forAll] = await Promise.all([call(`${served.url}/`), call(`${open.url}/`)]);
  expect([forClients.text.includes('JWT of a registered client'), forClients.text.includes('Open mode')]).toEqual([
    true,
    false,
  ]);
  expect([forAll.text.includes('JWT of a registered client'), forAll.text.includes('Open mode')]).toEqual([
    false,
    true,
  ]);
  await open.close();
});

describe('discovery', () => {
  const url = () => `${served.url}/cds-services`;
  const servicesOf = ({ body }: Reply) => (body as { services: DiscoveredService[] }).services;

  test('is open, and offers everything', async () => {
    const reply = await call(url());
    expect([reply.status, discoveryProblems(reply.body), servicesOf(reply).length]).toEqual([200, [], 8]);
    expect(reply.headers.get('vary')).toContain('Authorization');
  });

  test('offers a client what it may call, and asks for what it can send (CH-114)', async () => {
    const forEpic = await call(url(), { headers: as('epic', DISCOVERY) });
    expect(servicesOf(forEpic).map(({ id }) => id)).toEqual(['asps-patient-view']);
    const forLean = servicesOf(await call(url(), { headers: as('lean', DISCOVERY) }));
    expect(forLean.map(({ prefetch }) => Object.keys(prefetch ?? {}))).toEqual(
      Array.from({ length: 8 }, () => ['patient', 'conditions']),
    );
    const forFhirPath = servicesOf(await call(url(), { headers: as('fhirpath', DISCOVERY) }));
    expect(
      forFhirPath.filter(({ prefetch }) => 'draftMedications' in (prefetch ?? {})).map(({ hook }) => hook),
    ).toEqual(['order-select', 'order-sign']);
    expect(JSON.stringify(servicesOf(await call(url())))).not.toContain('draftMedications');
  });

  test('refuses a JWT that is not good rather than overlook it', async () => {
    expect((await call(url(), { headers: as('epic', VIEW) })).status).toBe(401);
  });

  test('can be for clients alone', async () => {
    const closed = await serveService({
      authentication: createClientAuthentication([client('plain')], { now: () => TODAY }),
      discoveryAuth: true,
    });
    const replies = await Promise.all([
      call(`${closed.url}/cds-services`),
      call(`${closed.url}/cds-services`, { headers: as('plain', DISCOVERY) }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([401, 200]);
    await closed.close();
  });
});

test('feedback takes the address of the feedback or of the service for its audience (CH-149)', async () => {
  const entry = {
    card: 'f6b95768-b1c8-40dc-8385-bf3504b82ffb',
    outcome: 'overridden',
    outcomeTimestamp: '2026-11-22T11:00:00Z',
  };
  const body = { feedback: [entry] };
  const replies = [
    await post(`${view}/feedback`, body, as('plain', `${VIEW}/feedback`)),
    await post(`${view}/feedback`, body, as('plain', VIEW)),
    await post(`${view}/feedback`, body, as('plain', DISCOVERY)),
    await post(`${view}/feedback`, body),
  ];
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
  expect(feedback.kept.map(({ client: name, service }) => [name, service])).toEqual([
    ['plain', 'asps-patient-view'],
    ['plain', 'asps-patient-view'],
  ]);
});

describe('an address that is routed alike', () => {
  test.each([
    ['a slash at its end', '/cds-services/asps-patient-view/', `${VIEW}/`],
    ['two slashes in it', '/cds-services//asps-patient-view', `${DISCOVERY}//asps-patient-view`],
  ])('is a right audience too: with %s', async (_what, path, aud) => {
    expect((await post(served.url + path, await openingChart(), as('plain', aud))).status).toBe(200);
  });

  test.each([`${VIEW}?x`, `${VIEW}#x`, `${VIEW}//`, VIEW.toUpperCase(), VIEW.replace('https', 'http')])(
    'and no other is: %s',
    async (aud) => {
      expect((await post(view, await openingChart(), as('plain', aud))).status).toBe(401);
    },
  );
});

test('past so many JWTs that are still being judged, one more is told to come again', async () => {
  const judged = Promise.withResolvers<Authentication<Client>>();
  const allThere = Promise.withResolvers<void>();
  let judging = 0;
  const slow = await serveService({
    authentication: {
      authenticate: () => {
        judging += 1;
        if (judging === 200) allThere.resolve();
        return judged.promise;
      },
    },
    maxCallsInFlight: 1,
  });
  const address = `${slow.url}/cds-services/asps-patient-view`;
  const waiting = Array.from({ length: 200 }, () => post(address, {}, { authorization: 'Bearer x' }));
  await allThere.promise;
  expect((await post(address, {}, { authorization: 'Bearer x' })).status).toBe(503);
  expect((await call(`${slow.url}/healthz`)).status).toBe(200);
  judged.resolve({ state: 'refused', reason: 'signature' });
  expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([401]));
  expect((await post(address, {}, { authorization: 'Bearer x' })).status).toBe(401);
  await slow.close();
});

test('two Authorization headers are none: another server may heed the other one', async () => {
  const { host } = new URL(served.url);
  const headers = [as('plain'), as('epic')].map(({ authorization }) => `Authorization: ${authorization}\r\n`).join('');
  const received = await sendRaw(
    served.url,
    `POST /cds-services/asps-patient-view HTTP/1.1\r\nHost: ${host}\r\n${headers}Content-Length: 0\r\n\r\n`,
  );
  expect(received).toMatch(/^HTTP\/1\.1 401 /);
  expect(await logged()).toMatchObject({ refusal: 'malformed' });
});

test('a client that hangs up ends what was asked of its FHIR server, and gives back its place (CH-83)', async () => {
  const waiting = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const slow = await startLocalServer((request) => {
    waiting.resolve();
    request.once('close', () => closed.resolve());
  });
  const patient = await serveService({
    authentication: createClientAuthentication([client('plain', { fhirServers: [slow.base] })], { now: () => TODAY }),
    budgetMs: 60_000,
    maxCallsInFlight: 1,
  });
  const address = `${patient.url}/cds-services/asps-patient-view`;
  const body = await openingChart({ fhirServer: slow.base, prefetch: {} });
  const ending = new AbortController();
  const hungUp = fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...as('plain') },
    body: JSON.stringify(body),
    signal: ending.signal,
  }).catch(() => undefined);
  await waiting.promise;
  expect((await post(address, await openingChart(), as('plain'))).status).toBe(503);
  ending.abort();
  await Promise.all([hungUp, closed.promise]);
  expect((await post(address, await openingChart(), as('plain'))).status).toBe(200);
  await Promise.all([patient.close(), slow.close()]);
});

test('a service that is not among a client’s is forbidden (CH-192)', async () => {
  const sign = `${DISCOVERY}/asps-order-sign`;
  const reply = await post(`${served.url}/cds-services/asps-order-sign`, {}, as('epic', sign));
  expect([reply.status, (reply.body as { issue: object[] }).issue]).toEqual([
    403,
    [expect.objectContaining({ diagnostics: 'forbidden' })],
  ]);
  expect((await post(`${served.url}/cds-services/asps-order-sign`, {}, as('plain', sign))).status).toBe(400);
});

test('a client that calls too often waits, and no other does', async () => {
  const request = await openingChart();
  const statuses = [];
  for (const name of ['busy', 'busy', 'busy', 'plain'] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: it is about their order
    const { status, headers } = await post(view, request, as(name));
    statuses.push(status === 429 ? [status, Number(headers.get('retry-after')) > 0] : status);
  }
  expect(statuses).toEqual([200, 200, [429, true], 200]);
});

describe('the FHIR server that a call names (CH-87)', () => {
  test('is asked if it is the client’s', async () => {
    await post(view, await openingChart({ fhirServer: fhir.base, prefetch: {} }), as('lean'));
    expect(asked).toEqual([expect.stringContaining('/Condition?patient=')]);
  });

  test('is not asked if it is another’s, which is logged', async () => {
    const reply = await post(view, await openingChart({ fhirServer: fhir.base, prefetch: {} }), as('plain'));
    expect([reply.status, asked]).toEqual([412, []]);
    expect(await logged()).toMatchObject({ client: 'plain', fhirServer: 'not-allowed' });
  });
});

test('Medications beside the drafts count for a client that was asked for them, and for nobody else (CH-57, CH-72)', async () => {
  const sign = `${DISCOVERY}/asps-order-sign`;
  const medication = {
    resourceType: 'Medication',
    id: 'm1',
    code: { text: 'doxorubicin 75 mg/m2 IV' },
  };
  const order = {
    resourceType: 'MedicationRequest',
    id: 'd1',
    status: 'draft',
    intent: 'order',
    subject: { reference: 'Patient/metastatic-untreated' },
    medicationReference: { reference: 'Medication/m1' },
  };
  const opening = (await openingChart()) as { context: object; prefetch: object };
  const request = {
    ...opening,
    hook: 'order-sign',
    context: { ...opening.context, draftOrders: { resourceType: 'Bundle', entry: [{ resource: order }] } },
    prefetch: {
      ...opening.prefetch,
      draftMedications: { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: medication }] },
    },
  };
  const topics = async (name: Name) =>
    cardsOf(await post(`${served.url}/cds-services/asps-order-sign`, request, as(name, sign))).map(
      ({ source }) => source.topic?.code,
    );
  expect(await topics('fhirpath')).toContain('avoid-anthracycline-first-line');
  await logged();
  lines.length = 0;
  expect(await topics('plain')).not.toContain('avoid-anthracycline-first-line');
  // What drug it is nobody could say: that the orders were looked at would be too much said.
  expect(await logged()).toMatchObject({ unread: ['draftMedications'] });
});
