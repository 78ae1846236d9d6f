import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { buildHookRequest, type DiscoveredService } from '../src/ehr-demo/hook-request.ts';
import { resolvePrefetch } from '../src/ehr-demo/prefetch.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';
import { listen } from '../src/server.ts';
import { startLocalServer } from './fhir/local-server.ts';
import { call, post } from './support/http.ts';
import { bearer, makeKey, serveKeys } from './support/jwt.ts';
import { discoveryProblems } from './support/schemas/cds-hooks-discovery.ts';
import { responseProblems } from './support/schemas/cds-hooks-response.ts';
import { until } from './support/until.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const OVERLAY = fileURLToPath(new URL('../fixtures/overlays/general-hospital', import.meta.url));
const ENOUGH_MS = 10_000;

jest.setTimeout(3 * ENOUGH_MS);

const running = new Set<ChildProcess>();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asps-main-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

/** The service as a process of its own, with nothing in its environment but this. */
function start(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [MAIN], {
    env: { PORT: '0', DATABASE_URL: `sqlite:${folder}/feedback.db`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const closed = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return { code: code as number | null, signal: signal as string | null };
  });
  return { child, said, closed, stop: () => child.kill('SIGTERM') };
}

type Process = ReturnType<typeof start>;

/** Where it listens, once it answers. */
async function urlOf({ said, child }: Process): Promise<string> {
  const url = await until('where it listens', () => {
    if (child.exitCode !== null) throw new Error(`exited: ${said.err}`);
    return /ready at (http:\S+)/.exec(said.out)?.[1];
  });
  expect((await call(`${url}/healthz`)).status).toBe(200);
  return url;
}

describe('started', () => {
  test('says where to go and that it is open, and answers within ten seconds', async () => {
    const started = Date.now();
    const service = start({});
    const url = await urlOf(service);
    const health = await call(`${url}/healthz`);
    expect(Date.now() - started).toBeLessThan(ENOUGH_MS);
    expect([health.status, health.body]).toEqual([200, { status: 'up' }]);
    const readiness = await call(`${url}/readyz`);
    expect([readiness.status, readiness.body]).toEqual([200, { status: 'ready' }]);

    await until('it greets', () => service.said.out.includes('OPEN MODE'));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(service.said.out).toMatch(/^ASPS guideline cards: \d+ cards, ready at/);
    expect(service.said.out).toContain(`${url}/cds-services`);
    expect(service.said.out).toContain('npm run try');
    expect(service.said.out).toMatch(/OPEN MODE: callers are not authenticated.*Not for real patients\./);
    expect(service.said.err).toBe('');

    service.stop();
    expect(await service.closed).toEqual({ code: 0, signal: null });
  });

  test('has a valid discovery document, cards whose links lead to its own pages, and logs without the chart', async () => {
    const service = start({});
    const url = await urlOf(service);
    const { status, body } = await call(`${url}/cds-services`);
    expect([status, discoveryProblems(body)]).toEqual([200, []]);

    const services = (body as { services: DiscoveredService[] }).services;
    expect(services.map(({ id }) => id)).toEqual([
      'asps-patient-view',
      'asps-order-select',
      'asps-order-sign',
      'asps-encounter-start',
      'asps-encounter-discharge',
      'asps-appointment-book',
      'asps-problem-list-item-create',
      'asps-order-dispatch',
    ]);
    const [opening] = services;
    if (opening === undefined) throw new Error('There is a service');
    const request = buildHookRequest(
      { patient: loadPatient('metastatic-untreated'), hook: 'patient-view', asOf: new Date() },
      opening,
    );
    const reply = await post(`${url}/cds-services/${opening.id}`, request);
    expect([reply.status, responseProblems(reply.body)]).toEqual([200, []]);
    const links = [...reply.text.matchAll(/"url":"(http:\/\/127[^"]+)"/g)].map(([, link = '']) => link);
    const cards = ['baseline-brain-mri', 'atezolizumab-first-line', 'sarcoma-centre-referral', 'tfe3-confirmation'];
    expect(links).toEqual(cards.map((card) => `${url}/evidence/${card}`));
    expect(await Promise.all(links.map(async (link) => (await call(link)).status))).toEqual(cards.map(() => 200));

    const { text: figures } = await call(`${url}/metrics`);
    expect(figures).toContain('asps_cds_calls_total{service="asps-patient-view",status="200"} 1\n');
    expect(figures).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
    expect(figures).toMatch(/^nodejs_heap_size_used_bytes \d+$/m);

    service.stop();
    expect((await service.closed).code).toBe(0);
    // Held back until the end, and written then.
    expect(service.said.out).toContain('"service":"asps-patient-view"');
    expect(service.said.out).not.toMatch(/metastatic-untreated|Testcase/);
  });

  test('shows the insights to whoever is on this machine, and says where they are', async () => {
    const service = start({ DEMO: 'false' });
    const url = await urlOf(service);
    const { status, text } = await call(`${url}/insights`);
    expect([status, text.includes('<h1>')]).toEqual([200, true]);
    expect(service.said.out).toContain(`${url}/insights `);
    service.stop();
    expect((await service.closed).code).toBe(0);
  });

  test('takes PUBLIC_URL for the links', async () => {
    const free = await listen((_request, response) => response.end(), { port: 0, host: '127.0.0.1' });
    await free.stop(0);
    const service = start({ PUBLIC_URL: 'https://cds.example/asps', PORT: new URL(free.url).port });
    await until('it greets', () => service.said.out.includes('https://cds.example/asps/cds-services'));
    expect((await call(`${free.url}/`)).text).toContain('https://cds.example/asps/cds-services');
    service.stop();
    expect((await service.closed).code).toBe(0);
  });

  test('is stopped by SIGINT as by SIGTERM', async () => {
    const service = start({});
    await urlOf(service);
    service.child.kill('SIGINT');
    expect(await service.closed).toEqual({ code: 0, signal: null });
  });
});

describe('with a clients file', () => {
  const key = makeKey('ES384', 'k1');
  const ISS = 'https://ehr.example.org';
  const REQUEST = {
    hook: 'patient-view',
    hookInstance: '0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0',
    context: { userId: 'Practitioner/u1', patientId: 'p1' },
    prefetch: { patient: { resourceType: 'Patient', id: 'p1' }, conditions: null },
  };

  function clientsFile(...lines: readonly string[]): string {
    const file = join(folder, 'clients.yaml');
    writeFileSync(file, ['clients:', '  - name: General Hospital', ...lines.map((line) => `    ${line}`)].join('\n'));
    return file;
  }

  test('in production: a client gets cards under the public address, nobody else does, and its feedback outlives the process', async () => {
    const service = start({
      CLIENTS_FILE: clientsFile(`iss: ${ISS}`, `jwks: { keys: [${JSON.stringify(key.jwk)}] }`),
      PUBLIC_URL: 'https://cds.example/asps',
      NODE_ENV: 'production',
      DATABASE_URL: `sqlite:${folder}/production/feedback.db`,
    });
    await until('it listens', () => /"port":(\d+)/.exec(service.said.out)?.[1]);
    const url = `http://127.0.0.1:${/"port":(\d+)/.exec(service.said.out)?.[1]}`;
    const path = '/cds-services/asps-patient-view';
    const as = (aud: string) => ({ authorization: bearer(key, ISS, `https://cds.example/asps${aud}`) });

    const replies = [
      await post(url + path, REQUEST, as(path)),
      await post(url + path, REQUEST),
      await post(url + path, REQUEST, { authorization: bearer(key, ISS, url + path) }),
      await post(
        `${url}${path}/feedback`,
        { card: REQUEST.hookInstance, outcome: 'overridden', outcomeTimestamp: '2026-11-22T10:00:00Z' },
        as(`${path}/feedback`),
      ),
    ];
    expect(replies.map(({ status, text }) => [status, text.length > 100])).toEqual([
      [200, false],
      [401, true],
      [401, true],
      [200, false],
    ]);
    expect(service.said.out).toContain('1 client(s): every call has to bring a JWT');
    expect(service.said.out).not.toMatch(/OPEN MODE|NOT PRODUCTION/);

    service.child.kill('SIGKILL');
    await service.closed;
    const database = new DatabaseSync(`${folder}/production/feedback.db`, { readOnly: true });
    expect(database.prepare('SELECT client, service, card FROM feedback').all()).toEqual([
      expect.objectContaining({ client: 'General Hospital', service: 'asps-patient-view', card: REQUEST.hookInstance }),
    ]);
    database.close();
  });

  test('each setting and each member of a client reaches what it is about', async () => {
    const service = start({
      CLIENTS_FILE: clientsFile(
        `iss: ${ISS}`,
        `jwks: { keys: [${JSON.stringify(key.jwk)}] }`,
        'prefetch: lean',
        'fhirServers: [http://127.0.0.1:9/fhir]',
        'services: [asps-patient-view]',
        'profile: cds-hooks-1.0',
        'rateLimitPerMinute: 2',
      ),
      DISCOVERY_AUTH: 'true',
      MAX_CALLS_IN_FLIGHT: '1',
      BODY_LIMIT: '20kb',
      MAX_CARDS: '1',
    });
    const url = await urlOf(service);
    const path = '/cds-services/asps-patient-view';
    const as = (aud: string) => ({ authorization: bearer(key, ISS, url + aud) });

    expect((await call(`${url}/cds-services`)).status).toBe(401);
    const discovery = await call(`${url}/cds-services`, { headers: as('/cds-services') });
    expect(discovery.body).toEqual({
      services: [
        {
          hook: 'patient-view',
          id: 'asps-patient-view',
          title: expect.any(String),
          description: expect.any(String),
          prefetch: { patient: 'Patient/{{context.patientId}}', conditions: 'Condition?patient={{context.patientId}}' },
        },
      ],
    });
    expect(
      (await post(`${url}/cds-services/asps-order-sign`, REQUEST, as('/cds-services/asps-order-sign'))).status,
    ).toBe(403);
    const large = { ...REQUEST, extension: { x: 'x'.repeat(30_000) } };
    expect((await post(url + path, large, as(path))).status).toBe(413);
    const { resources } = loadPatient('metastatic-untreated');
    const chart = {
      patient: resources.find(({ resourceType }) => resourceType === 'Patient'),
      conditions: {
        resourceType: 'Bundle',
        entry: resources.filter(({ resourceType }) => resourceType === 'Condition').map((resource) => ({ resource })),
      },
    };
    const context = { ...REQUEST.context, patientId: 'metastatic-untreated' };
    const { body } = await post(url + path, { ...REQUEST, context, prefetch: chart }, as(path));
    expect(body).toEqual({ cards: [expect.not.objectContaining({ uuid: expect.anything() })] });
    expect((await post(url + path, REQUEST, as(path))).status).toBe(429);

    service.stop();
    expect((await service.closed).code).toBe(0);
  });

  test('what was shown and counted is on record when the process has ended, cards at once, and comments for those who want them', async () => {
    const service = start({
      CLIENTS_FILE: clientsFile(`iss: ${ISS}`, `jwks: { keys: [${JSON.stringify(key.jwk)}] }`),
      OVERLAY_DIR: OVERLAY,
      COMMENT_RETENTION_DAYS: '30',
      DATABASE_URL: `sqlite:${folder}/record/asps.db`,
    });
    const url = await urlOf(service);
    const path = '/cds-services/asps-patient-view';
    const as = (aud: string) => ({ authorization: bearer(key, ISS, url + aud) });
    const services = (await call(`${url}/cds-services`)).body as { services: DiscoveredService[] };
    const [offered] = services.services;
    if (offered === undefined) throw new Error('no service');
    const patient = loadPatient('meditech-on-chemotherapy');
    const request = buildHookRequest({ patient, hook: 'patient-view' }, offered);
    const { body } = await post(url + path, request, as(path));
    const { cards } = body as { cards: { uuid: string }[] };
    const database = new DatabaseSync(`${folder}/record/asps.db`, { readOnly: true });
    const rows = (sql: string) =>
      database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row }));
    // Before the process has had any time to write it later.
    const uuids = rows("SELECT card FROM showing WHERE state = 'shown'").map(({ card }) => card);
    expect(new Set(uuids)).toEqual(new Set(cards.map(({ uuid }) => uuid)));
    expect(cards.length).toBeGreaterThan(1);
    expect(rows("SELECT card_id, client FROM showing WHERE state = 'shadow'")).toEqual([
      { card_id: 'avoid-cytotoxic-chemotherapy', client: 'General Hospital' },
    ]);

    const [{ uuid: card } = { uuid: '' }] = cards;
    const overridden = { card, outcome: 'overridden', outcomeTimestamp: '2026-11-22T10:00:00Z' };
    const feedback = { ...overridden, overrideReason: { userComment: 'Seen elsewhere' } };
    expect((await post(`${url}${path}/feedback`, { feedback }, as(`${path}/feedback`))).status).toBe(200);
    service.stop();
    expect((await service.closed).code).toBe(0);
    expect(rows('SELECT comment FROM feedback_comment')).toEqual([{ comment: 'Seen elsewhere' }]);
    expect(rows("SELECT subject, client, count FROM tally WHERE measure = 'call'")).toEqual([
      { subject: '200', client: 'General Hospital', count: 1 },
    ]);
    expect(rows('SELECT * FROM instance')).toEqual([]);
    database.close();
    expect(service.said.out).not.toContain('Seen elsewhere');
  });

  test('the insights are for whoever has the token, and are not there without one', async () => {
    const ADMIN_TOKEN = 'correct-horse-battery-staple';
    const CLIENTS_FILE = clientsFile(`iss: ${ISS}`, `jwks: { keys: [${JSON.stringify(key.jwk)}] }`);
    const ask = async (env: Readonly<Record<string, string>>, tokens: readonly string[]) => {
      const service = start({ CLIENTS_FILE, DEMO: 'false', ...env });
      const url = await urlOf(service);
      const asked = tokens.map((token) => call(`${url}/insights`, { headers: { authorization: `Bearer ${token}` } }));
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      service.stop();
      expect((await service.closed).code).toBe(0);
      expect(service.said.out + service.said.err).not.toContain(ADMIN_TOKEN);
      return statuses;
    };
    expect(await ask({}, [ADMIN_TOKEN])).toEqual([404]);
    expect(await ask({ ADMIN_TOKEN }, ['x'.repeat(28), ADMIN_TOKEN])).toEqual([401, 200]);
  });

  test('a JWT is refused by the next process, too (CH-166)', async () => {
    const env = {
      CLIENTS_FILE: clientsFile(`iss: ${ISS}`, `jwks: { keys: [${JSON.stringify(key.jwk)}] }`),
      PUBLIC_URL: 'http://127.0.0.1:9/asps',
      DATABASE_URL: `sqlite:${folder}/replay/asps.db`,
      DEMO: 'false',
    };
    const authorization = bearer(key, ISS, 'http://127.0.0.1:9/asps/cds-services');
    const statuses: number[] = [];
    for (let times = 0; times < 2; times += 1) {
      const service = start(env);
      // oxlint-disable-next-line no-await-in-loop -- one process after the other
      const port = await until('it listens', () => /"port":(\d+)/.exec(service.said.out)?.[1]);
      // oxlint-disable-next-line no-await-in-loop -- as above
      statuses.push((await call(`http://127.0.0.1:${port}/cds-services`, { headers: { authorization } })).status);
      service.child.kill('SIGKILL');
      // oxlint-disable-next-line no-await-in-loop -- as above
      await service.closed;
    }
    expect(statuses).toEqual([200, 401]);
  });

  test('in production: a client has the SMART app with its own cards, its token endpoint and its frames', async () => {
    const iss = 'https://fhir.example.org/r4';
    const service = start({
      CLIENTS_FILE: clientsFile(
        `iss: ${ISS}`,
        `jwks: { keys: [${JSON.stringify(key.jwk)}] }`,
        `fhirServers: [${iss}]`,
        `overlay: ${relative(folder, OVERLAY)}`,
        'smartClientId: asps-app',
        'smartAuthorizationServers: [https://login.example.org]',
        'smartFrameAncestors: [https://portal.example.org]',
      ),
      PUBLIC_URL: 'https://cds.example/asps',
      NODE_ENV: 'production',
    });
    await until('it listens', () => /"port":(\d+)/.exec(service.said.out)?.[1]);
    const url = `http://127.0.0.1:${/"port":(\d+)/.exec(service.said.out)?.[1]}/smart`;

    const launch = await call(`${url}/launch?${new URLSearchParams({ iss, launch: 'x' })}`);
    expect(launch.text).toContain('data-client-id="asps-app" data-redirect-uri="https://cds.example/asps/smart/"');
    expect(launch.headers.get('content-security-policy')).toContain(
      "connect-src 'self' https://fhir.example.org https://login.example.org;frame-ancestors 'self' https://portal.example.org;",
    );
    const [, script = ''] = /src="(assets\/launch-[^"]+)"/.exec(launch.text) ?? [];
    expect((await call(`${url}/${script}`)).status).toBe(200);
    const { body } = await call(`${url}/guideline.json?${new URLSearchParams({ iss })}`);
    expect(body).toMatchObject({ site: 'General Hospital', content: { overlays: [expect.anything()] } });
    const [evidence, education] = await Promise.all(
      ['evidence', 'education'].map((name) => call(`${url}/${name}.json`)),
    );
    expect(evidence?.body).toMatchObject({
      outcomes: expect.any(Object),
      sources: expect.any(Array),
      catalogue: { statements: expect.any(Array) },
    });
    expect(education?.body).toMatchObject({ sections: expect.any(Array) });

    service.stop();
    expect((await service.closed).code).toBe(0);
    expect(service.said.out).not.toContain('fhir.example.org');
  });

  test('without a client at which it is registered there is no SMART app', async () => {
    const service = start({ CLIENTS_FILE: clientsFile(`iss: ${ISS}`, `jwksUrl: ${ISS}/jwks`), DEMO: 'false' });
    const url = await urlOf(service);
    expect((await call(`${url}/smart/`)).status).toBe(404);
    expect((await call(`${url}/smart/evidence.json`)).status).toBe(404);
    service.stop();
    expect((await service.closed).code).toBe(0);
  });

  test('elsewhere it says that it is not production, and fetches keys from where the file says (CH-178)', async () => {
    const keyServer = await serveKeys(key);
    const service = start({ CLIENTS_FILE: clientsFile(`iss: ${ISS}`, `jwksUrl: ${keyServer.url}`) });
    const url = await urlOf(service);
    const path = '/cds-services/asps-patient-view';
    const reply = await post(url + path, REQUEST, { authorization: bearer(key, ISS, url + path) });
    expect([reply.status, keyServer.requests]).toEqual([200, 1]);
    await until('it greets', () => service.said.out.includes('NOT PRODUCTION'));
    service.stop();
    expect((await service.closed).code).toBe(0);
    await keyServer.close();
  });
});

test('SIGTERM with a call in flight: it is answered, nobody else is let in, and the process exits 0', async () => {
  const arrival = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const { resources } = loadPatient('metastatic-untreated');
  const fhir = await startLocalServer(async (request, response) => {
    const query = decodeURIComponent((request.url ?? '').replace(/^\/fhir\//, ''));
    arrival.resolve();
    await leave.promise;
    const { answer } = resolvePrefetch({ answer: query }, {}, resources);
    response.setHeader('Content-Type', 'application/fhir+json').end(JSON.stringify(answer));
  });
  const service = start({ FHIR_BUDGET_MS: '60000' });
  const url = await urlOf(service);
  const { services } = (await call(`${url}/cds-services`)).body as { services: DiscoveredService[] };
  const [opening] = services;
  if (opening === undefined) throw new Error('There is a service');
  const { prefetch: _prefetch, ...request } = buildHookRequest(
    { patient: loadPatient('metastatic-untreated'), hook: 'patient-view' },
    opening,
  );
  const reply = post(`${url}/cds-services/${opening.id}`, { ...request, fhirServer: fhir.base });
  await arrival.promise;

  service.stop();
  await until('it takes nobody more', () => isRefused(url));
  expect(service.child.exitCode).toBeNull();
  leave.resolve();

  const { status, body, headers } = await reply;
  expect([status, responseProblems(body)]).toEqual([200, []]);
  expect((body as { cards: unknown[] }).cards.length).toBeGreaterThan(0);
  expect(headers.get('connection')).toBe('close');
  expect(await service.closed).toEqual({ code: 0, signal: null });
  await fhir.close();
});

/** Is a new connection turned away? */
async function isRefused(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

describe('what it cannot do, it refuses with a message and exit code 1', () => {
  async function refusal(env: Readonly<Record<string, string>>): Promise<string> {
    const { said, closed } = start(env);
    expect(await closed).toEqual({ code: 1, signal: null });
    expect(said.out).toBe('');
    expect(said.err).not.toMatch(/\n\s+at |node:internal|Error:/);
    return said.err;
  }

  test('a port in use', async () => {
    const other = await listen((_request, response) => response.end(), { port: 0, host: '127.0.0.1' });
    const { port } = new URL(other.url);
    expect(await refusal({ PORT: port })).toBe(
      `Cannot listen on 127.0.0.1:${port}: another program is using this port. Set PORT to a free one.\n`,
    );
    await other.stop(0);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['an address that others reach', { HOST: '0.0.0.0' }, /^Invalid configuration: HOST must be a loopback address/],
    ['every address of IPv6', { HOST: '::' }, /^Invalid configuration: HOST must be a loopback address/],
    ['production', { NODE_ENV: 'production' }, /^Invalid configuration: NODE_ENV must not be production/],
    ['another database', { DATABASE_URL: 'mysql://db/x' }, /^Invalid configuration: DATABASE_URL must be sqlite:/],
    [
      'a database server that nobody knows',
      { DATABASE_URL: 'postgres://asps:hunter2@db.invalid/x' },
      /^The host db\.invalid of DATABASE_URL is not known\.\n$/,
    ],
    [
      'a clients file that is not there',
      { CLIENTS_FILE: './nowhere.yaml' },
      /nowhere\.yaml: cannot be read \(ENOENT\)/,
    ],
    ['a port that is none', { PORT: 'http' }, /^Invalid configuration: PORT must be integer/],
  ])('%s', async (_claim, env, message) => {
    expect(await refusal(env)).toMatch(message);
  });

  test('several faults are named at once, none with its value', async () => {
    const message = await refusal({
      HOST: '0.0.0.0',
      NODE_ENV: 'production',
      DATABASE_URL: '/secret/path',
      PORT: '99999',
    });
    for (const name of ['HOST', 'NODE_ENV', 'DATABASE_URL', 'PORT']) expect(message).toContain(name);
    expect(message).not.toMatch(/0\.0\.0\.0|secret|99999/);
  });
});
