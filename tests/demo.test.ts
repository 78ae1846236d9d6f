import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DemoProcess, startDemo } from './support/demo-process.ts';
import { call, post, sendRaw } from './support/http.ts';
import { bearer, makeKey } from './support/jwt.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const PATH = '/cds-services/asps-patient-view';
const REQUEST = {
  hook: 'patient-view',
  hookInstance: '0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0',
  context: { userId: 'Practitioner/u1', patientId: 'p1' },
  prefetch: { patient: { resourceType: 'Patient', id: 'p1' }, conditions: null },
};
const stranger = makeKey('ES384', 'k1');

/** Opens a chart as a browser does, and returns what comes to stand on the screen. */
async function openChart({ url }: Pick<DemoProcess, 'url'>, patient: string): Promise<string> {
  const page = await call(`${url}/demo/patients/${patient}`);
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { text } = await call(`${url}/demo/patients/${patient}/patient-view`, {
    method: 'POST',
    headers: { cookie, 'hx-request': 'true' },
  });
  return text;
}

describe('without any configuration', () => {
  let demo: DemoProcess;
  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(() => demo.stop());

  test('a chart is opened with cards, by a call that the service authenticated', async () => {
    expect(demo.log()).toContain(`${demo.url}/demo `);
    expect(await openChart(demo, 'metastatic-untreated')).toContain('No brain MRI found since the ASPS diagnosis');
    const { text } = await call(`${demo.url}/metrics`);
    expect(text).toContain('asps_cds_calls_total{service="asps-patient-view",status="200"} 1\n');
    await demo.stop();
    expect(demo.log()).toMatch(/"service":"asps-patient-view","client":"Demo EHR \(Spec-complete\)"/);
    expect(demo.log()).not.toMatch(/Testcase|eyJ/);
    demo = await startDemo();
  });

  test('the public key is served, and nothing else of it', async () => {
    const { status, body } = await call(`${demo.url}/demo/jwks.json`);
    expect(status).toBe(200);
    expect(body).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-384',
          x: expect.any(String),
          y: expect.any(String),
          kid: expect.any(String),
          alg: 'ES384',
          use: 'sig',
        },
      ],
    });
  });

  test('nobody else passes for the demo EHR, and whoever does not say to be it is let on', async () => {
    const forged = bearer(stranger, `${demo.url}/demo/ehr/spec-complete`, demo.url + PATH);
    expect((await post(demo.url + PATH, REQUEST, { authorization: forged })).status).toBe(401);
    expect((await post(demo.url + PATH, REQUEST)).status).toBe(200);
    const sandbox = bearer(stranger, 'https://sandbox.cds-hooks.org', demo.url + PATH);
    expect((await post(demo.url + PATH, REQUEST, { authorization: sandbox })).status).toBe(200);
  });

  test('its records are read with a token at one address, and by anybody at the other', async () => {
    expect((await call(`${demo.url}/demo/fhir/Patient`)).status).toBe(401);
    expect((await call(`${demo.url}/demo/open/fhir/Patient`)).status).toBe(200);
    expect((await post(`${demo.url}/demo/open/fhir/Patient`, { resourceType: 'Patient' })).status).toBe(405);
  });

  test.each(['/demo', '/demo/open/fhir/Patient', '/demo/jwks.json', '/demo/auth/token'])(
    'a page that gave its own name our address gets nothing of %s',
    async (path) => {
      const request = (host: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      expect(await sendRaw(demo.url, request('evil.example:3000'))).toMatch(/^HTTP\/1.1 421 /);
      expect(await sendRaw(demo.url, request('localhost:3000'))).toMatch(/^HTTP\/1.1 (200|404) /);
    },
  );

  test('the SMART app has its figures and texts, which are read when it asks', async () => {
    const [evidence, education] = await Promise.all(
      ['evidence', 'education'].map((name) => call(`${demo.url}/smart/${name}.json`)),
    );
    expect(evidence?.body).toMatchObject({ outcomes: { responses: expect.any(Array) } });
    expect(education?.body).toMatchObject({ sections: expect.any(Array) });
  });

  test('what is the SMART app’s is for its own pages, and the services are for everybody’s', async () => {
    const headers = { origin: 'https://elsewhere.example' };
    const allowed = async (path: string) =>
      (await call(demo.url + path, { headers })).headers.get('access-control-allow-origin');
    expect(await allowed('/cds-services')).toBe('*');
    for (const path of ['/smart/', '/smart/launch', '/smart/evidence.json', '/smart/guideline.json?iss=x'])
      expect([path, await allowed(path)]).toEqual([path, null]);
  });

  test('what is not there is said to be not there, by whoever is asked', async () => {
    const missing = ['/demo/nowhere', '/demo/fhir/nowhere/at/all', '/demo/auth/nowhere', '/demonstration'];
    const statuses = await Promise.all(missing.map(async (path) => (await call(demo.url + path)).status));
    expect(statuses).toEqual([404, 401, 404, 404]);
  });
});

/** The service with these settings, until it is ready. */
async function start(env: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'asps-demo-off-'));
  const child = spawn(process.execPath, [MAIN], {
    env: { PORT: '0', FHIR_BUDGET_MS: '20000', DATABASE_URL: `sqlite:${folder}/feedback.db`, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let said = '';
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const listening = /"port":(\d+)/.exec(said)?.[1];
      if (listening !== undefined) resolve(listening);
    });
    void closed.then(() => reject(new Error(said)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
      rmSync(folder, { recursive: true });
    },
  };
}

describe('where it is turned off', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asps-demo-clients-'));
  const file = join(folder, 'clients.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));
  const client = `clients: [{ name: General Hospital, iss: https://ehr.example.org, jwks: { keys: [${JSON.stringify(stranger.jwk)}] } }]`;

  test.each([
    ['by the operator', { DEMO: 'false' }],
    ['by production', { NODE_ENV: 'production', PUBLIC_URL: 'https://cds.example.org', CLIENTS_FILE: file }],
  ])('%s, neither the demo EHR nor the app is there, and nothing speaks of them', async (_by, env) => {
    writeFileSync(file, client);
    const service = await start(env);
    const paths = ['/demo', '/demo/fhir/metadata', '/demo/jwks.json', '/smart/launch', '/smart/'];
    const statuses = await Promise.all(paths.map(async (path) => (await call(service.url + path)).status));
    expect(statuses).toEqual([404, 404, 404, 404, 404]);
    expect((await call(service.url)).text).not.toContain('/demo');
    await service.stop();
    expect(service.said()).not.toContain('/demo');
  });

  test('beside registered clients it is one more of them, and strangers stay out', async () => {
    writeFileSync(file, client);
    const service = await start({ CLIENTS_FILE: file });
    expect(await openChart(service, 'metastatic-untreated')).toContain('No brain MRI found since the ASPS diagnosis');
    expect((await post(service.url + PATH, REQUEST)).status).toBe(401);
    await service.stop();
  });
});
