import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import express from 'express';
import { createDemo } from '../../src/ehr-demo/demo.ts';
import { ResourceRepository } from '../../src/ehr-demo/fhir-server/repository.ts';
import { call, type Served, serve } from '../support/http.ts';

const PATIENT = 'metastatic-untreated';

/** What a hook call tells the service of the FHIR server. */
interface HookCall {
  readonly fhirServer: string;
  readonly fhirAuthorization?: { readonly access_token: string };
}

let served: Served;
const faults: unknown[] = [];
/** What the service does before it answers. */
let meanwhile: (asked: HookCall) => Promise<unknown>;

beforeAll(async () => {
  // Its address stands in what it says, and is known only once it is served.
  let app = express();
  served = await serve((request, response) => app(request, response));
  const demo = await createDemo({ publicUrl: served.url, onFault: (fault) => faults.push(fault) });
  app = express();
  app.use('/demo', demo);
  app.get('/cds-services', (_request, response) => {
    const prefetch = { patient: 'Patient/{{context.patientId}}' };
    response.json({ services: [{ hook: 'patient-view', id: 'view', description: 'For tests', prefetch }] });
  });
  app.post('/cds-services/view', express.json({ limit: '1mb' }), async (request, response) => {
    await meanwhile(request.body as HookCall);
    response.json({ cards: [] });
  });
});
afterAll(() => served.close());
afterEach(() => {
  jest.restoreAllMocks();
  faults.splice(0);
});

/** The FHIR requests that an EHR of this character shows with the call of its patient-view. */
async function trafficShown(character: string): Promise<readonly string[]> {
  const first = await call(`${served.url}/demo`);
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
  const post = (path: string, body = '') =>
    call(`${served.url}/demo${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'hx-request': 'true', 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
  await post('/character', `character=${character}`);
  const { text } = await post(`/patients/${PATIENT}/patient-view`);
  const ofView = /id="call-([\w-]+)"(?:(?!<details)[^])*?<span class="about">patient-view/.exec(text)?.[1];
  const shown = await call(`${served.url}/demo/calls/${ofView}`, { headers: { cookie } });
  expect(shown.status).toBe(200);
  return [...shown.text.matchAll(/<tr><td><code>([^<]*)<\/code><\/td><td>([^<]*)</g)].map(([, path, status]) =>
    [path, status].join(' '),
  );
}

describe('the traffic that is shown with a call', () => {
  /** Asks one thing for the call, and as strangers what anybody may ask. */
  async function amongStrangers({ fhirServer, fhirAuthorization }: HookCall): Promise<void> {
    const token = fhirAuthorization?.access_token;
    const strangers = ['fhir/metadata', 'fhir/.well-known/smart-configuration', `fhir/Patient/${PATIENT}`];
    await Promise.all([
      ...strangers.map((path) => call(`${served.url}/demo/${path}`)),
      call(`${fhirServer}/Patient/${PATIENT}`, token ? { headers: { authorization: `Bearer ${token}` } } : {}),
    ]);
  }

  test('is that of the open base for whoever calls without a token', async () => {
    meanwhile = amongStrangers;
    expect(await trafficShown('minimal')).toEqual([`GET Patient/${PATIENT} 200`]);
  });

  test('is that of the token for whoever calls with one', async () => {
    meanwhile = async (asked) => {
      await amongStrangers(asked);
      await call(`${served.url}/demo/open/fhir/Patient`);
    };
    expect(await trafficShown('spec-complete')).toEqual([`GET Patient/${PATIENT} 200`]);
  });
});

test('a fault of either FHIR base is told to whoever runs the service', async () => {
  const tokens: (string | undefined)[] = [];
  meanwhile = async ({ fhirAuthorization }) => tokens.push(fhirAuthorization?.access_token);
  await trafficShown('spec-complete');
  const boom = new Error('boom');
  jest.spyOn(ResourceRepository.prototype, 'readResource').mockRejectedValue(boom);
  const headers = { authorization: `Bearer ${tokens[0]}` };
  const open = await call(`${served.url}/demo/open/fhir/Patient/${PATIENT}`);
  const secured = await call(`${served.url}/demo/fhir/Patient/${PATIENT}`, { headers });
  expect([open.status, secured.status, faults]).toEqual([500, 500, [boom, boom]]);
});
