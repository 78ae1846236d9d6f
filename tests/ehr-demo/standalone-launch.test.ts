import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { isJsonObject } from '../../src/cds-hooks/json.ts';
import type { Choice } from '../../src/ehr-demo/authorization-server/app-launch.ts';
import { call } from '../support/http.ts';
import { answerIn, type Parameters, type ServedEhr, type SmartApp, serveEhr } from '../support/smart-app.ts';

const SCOPE = 'launch/patient openid fhirUser patient/*.rs';
const CONTEXT = { patient: 'a-patient', user: 'Practitioner/one' };

let ehr: ServedEhr;
let app: SmartApp;
beforeAll(async () => {
  ehr = await serveEhr();
  app = ehr.openApp();
});
afterAll(() => ehr.close());
afterEach(() => {
  jest.restoreAllMocks();
});

/** Asks without a launch: the request as the page for choosing gets it. */
async function ask(changes: Parameters = {}, how?: 'GET' | 'POST'): Promise<URL> {
  return new URL((await app.authorize({ scope: SCOPE, ...changes }, how)).location);
}

/** The answer that the app gets once somebody has chosen. */
async function choose(request: string, choice: Choice): Promise<Readonly<Record<string, string>>> {
  const { headers } = await call(ehr.server.answerChoice(request, choice), { redirect: 'manual' });
  return answerIn(headers.get('location') ?? '');
}

describe('an app that was not launched from a chart', () => {
  test.each(['GET', 'POST'] as const)('has the patient chosen on a page of the EHR: %s', async (how) => {
    const page = await ask({ nonce: 'a nonce' }, how);
    expect(`${page.origin}${page.pathname}`).toBe(`${ehr.url}/demo/choose-patient`);
    expect(Object.fromEntries(page.searchParams)).toMatchObject({ scope: SCOPE, state: 'a state', nonce: 'a nonce' });
    expect(page.searchParams.has('launch')).toBe(false);
  });

  test.each(['Practitioner/one', 'Patient/a-patient'])(
    'gets a token for it, and learns that it is %s',
    async (user) => {
      const { code = '', ...rest } = await choose((await ask()).search, { patient: 'a-patient', user });
      expect(rest).toEqual({ state: 'a state', iss: ehr.issuer });
      const { body } = await app.exchange(code);
      expect(body).toMatchObject({ patient: 'a-patient', scope: SCOPE, need_patient_banner: true });
      const { access_token = '', id_token = '' } = body as Readonly<Record<string, string>>;
      const claims: unknown = JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString());
      expect(claims).toMatchObject({ sub: user, fhirUser: `${ehr.fhirBaseUrl}/${user}` });
      expect(await ehr.server.judge(access_token)).toMatchObject({ patient: 'a-patient' });
    },
  );

  test('hears that it was denied, if nothing is shared', async () => {
    expect(await choose((await ask()).search, 'denied')).toMatchObject({ error: 'access_denied', state: 'a state' });
  });

  test('is granted scopes of version 1 in their version 2 form', async () => {
    const { code = '' } = await choose((await ask({ scope: 'launch/patient patient/Condition.read' })).search, CONTEXT);
    expect((await app.exchange(code)).body).toMatchObject({ scope: 'launch/patient patient/Condition.rs' });
  });

  test('has one chosen for each launch anew', async () => {
    const request = (await ask()).search;
    const url = ehr.server.answerChoice(request, CONTEXT);
    const [first, again] = [await call(url, { redirect: 'manual' }), await call(url, { redirect: 'manual' })];
    expect(answerIn(first.headers.get('location') ?? '')).toHaveProperty('code');
    expect(answerIn(again.headers.get('location') ?? '')).toMatchObject({ error: 'invalid_request' });
    expect((await ask()).pathname).toBe('/demo/choose-patient');
  });
});

describe('nobody is asked to choose', () => {
  test.each<[claim: string, changes: Parameters, error: string]>([
    ['for an app without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['for the FHIR base of another', { aud: 'https://elsewhere.example/fhir' }, 'invalid_target'],
    ['where nothing would be granted', { scope: 'launch/patient user/*.cruds' }, 'access_denied'],
    ['for an app that says it was launched', { scope: 'launch openid patient/*.rs' }, 'invalid_request'],
    ['in a launch that the EHR did not make', { launch: 'nobody' }, 'invalid_request'],
  ])('%s', async (_claim, changes, error) => {
    const { location } = await app.authorize({ scope: SCOPE, ...changes });
    expect(location.split('?')[0]).toBe(app.redirectUri);
    expect(answerIn(location)).toMatchObject({ error });
  });

  test.each<[claim: string, changes: Parameters]>([
    ['for an address that the app is not registered with', { redirect_uri: 'https://elsewhere.example/smart/' }],
    ['for an unknown app', { client_id: 'another' }],
  ])('%s, and nobody is sent anywhere', async (_claim, changes) => {
    const { reply, location } = await app.authorize({ scope: SCOPE, ...changes });
    expect([reply.status, location]).toEqual([400, '']);
  });
});

test('the launch from a chart is no chosen patient, and a chosen patient no launch from a chart', async () => {
  const launch = ehr.server.launch(CONTEXT);
  expect(answerIn((await app.authorize({ scope: SCOPE, launch })).location)).toMatchObject({ error: 'invalid_scope' });
  const request = (await ask()).searchParams;
  request.set('scope', 'launch patient/*.rs');
  expect(await choose(request.toString(), CONTEXT)).toMatchObject({ error: 'invalid_scope' });
});

test.each(['', 'launch=x&launch=y', '%E0%A4%A', 'redirect_uri=https://elsewhere.example/', '__proto__=x'])(
  'a choice for a request that is none leads to no other place: %j',
  async (request) => {
    const url = ehr.server.answerChoice(request, CONTEXT);
    expect(new URL(url).pathname).toBe('/demo/auth/authorize');
    const { status, headers } = await call(url, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([400, null]);
  },
);

test('what the server says of itself names both ways to launch', () => {
  expect(ehr.server.smartConfiguration).toMatchObject({
    capabilities: expect.arrayContaining(['launch-ehr', 'launch-standalone', 'context-standalone-patient']),
    scopes_supported: expect.arrayContaining(['launch', 'launch/patient']),
  });
});

test('tokens can be good for as short a time as is wanted, and say so', async () => {
  const brief = await serveEhr({ tokenSeconds: 2 });
  try {
    const response: unknown = await brief.openApp().start(brief.server.launch(CONTEXT));
    expect(response).toMatchObject({ expires_in: 2 });
    const token = isJsonObject(response) ? String(response['access_token']) : '';
    expect(await brief.server.judge(token)).toBeDefined();
    const later = Date.now() + 2100;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    expect(await brief.server.judge(token)).toBeUndefined();
  } finally {
    await brief.close();
  }
});
