import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { call } from '../support/http.ts';
import { answerIn, CLIENT_ID, type ServedEhr, serveEhr } from '../support/smart-app.ts';

const CONTEXT = { patient: 'a-patient', user: 'Practitioner/one' };
const HOUR = 3_600_000;
const APP_CONTEXT = '{"card":"asps-1","text":"ä \\" <b>"}';

let ehr: ServedEhr;
beforeAll(async () => {
  ehr = await serveEhr();
});
afterAll(() => ehr.close());
afterEach(() => {
  jest.restoreAllMocks();
});

async function claimsOf(idToken: unknown): Promise<JWTPayload> {
  const { body } = await call(`${ehr.issuer}/jwks`);
  const keys = createLocalJWKSet(body as JSONWebKeySet);
  return (await jwtVerify(String(idToken), keys, { issuer: ehr.issuer, audience: CLIENT_ID })).payload;
}

describe('a launch', () => {
  test('ends with a token for the patient in context, without anybody being asked for anything', async () => {
    const app = ehr.openApp();
    const launch = ehr.server.launch({ ...CONTEXT, encounter: 'an-encounter', appContext: APP_CONTEXT });
    const { reply, location } = await app.authorize({ launch });
    expect([reply.status, location.split('?')[0]]).toEqual([303, app.redirectUri]);
    const { code = '', ...rest } = answerIn(location);
    expect(rest).toEqual({ state: 'a state', iss: ehr.issuer });

    const { status, headers, body } = await app.exchange(code);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'launch openid fhirUser patient/*.rs',
      id_token: expect.any(String),
      patient: 'a-patient',
      encounter: 'an-encounter',
      need_patient_banner: true,
      appContext: APP_CONTEXT,
    });
    expect(await ehr.server.judge((body as { access_token: string }).access_token)).toEqual({
      scopes: ['launch', 'openid', 'fhirUser', 'patient/*.rs'],
      patient: 'a-patient',
      client: CLIENT_ID,
    });
  });

  test('tells of no encounter and no appContext where there are none', async () => {
    const response = await ehr.openApp().start(ehr.server.launch(CONTEXT));
    expect(response).toHaveProperty('patient', 'a-patient');
    expect(response).not.toHaveProperty('encounter');
    expect(response).not.toHaveProperty('appContext');
  });

  test('says who is at work in a signed id_token', async () => {
    const response = await ehr.openApp().start(ehr.server.launch(CONTEXT), { nonce: 'a nonce' });
    expect(await claimsOf(response['id_token'])).toMatchObject({
      sub: 'Practitioner/one',
      fhirUser: `${ehr.fhirBaseUrl}/Practitioner/one`,
      nonce: 'a nonce',
    });
  });

  test('says it to nobody who does not ask', async () => {
    const app = ehr.openApp();
    const nothing = await app.start(ehr.server.launch(CONTEXT), { scope: 'launch fhirUser patient/*.rs' });
    expect(nothing).toHaveProperty('access_token');
    expect(nothing).not.toHaveProperty('id_token');
    const only = await app.start(ehr.server.launch(CONTEXT), { scope: 'launch openid' });
    expect(await claimsOf(only['id_token'])).not.toHaveProperty('fhirUser');
  });

  test('grants less than was asked for, and says so', async () => {
    const scope = 'launch patient/*.read patient/Observation.cruds user/*.rs patient/Condition.write offline_access';
    const response = await ehr.openApp().start(ehr.server.launch(CONTEXT), { scope });
    const granted = 'launch patient/*.rs patient/Observation.cruds patient/Condition.cud';
    expect(response['scope']).toBe(granted);
    expect((await ehr.server.judge(String(response['access_token'])))?.scopes).toEqual(granted.split(' '));
  });

  test('takes a POST, and an aud with a slash at its end', async () => {
    const aud = `${ehr.fhirBaseUrl}/`;
    const { location } = await ehr.openApp().authorize({ launch: ehr.server.launch(CONTEXT), aud }, 'POST');
    expect(answerIn(location)).toHaveProperty('code');
  });

  test('for another user and patient in the same browser is theirs, and leaves no cookie behind', async () => {
    const app = ehr.openApp();
    const first = await app.authorize({ launch: ehr.server.launch(CONTEXT) });
    const second = await app.start(ehr.server.launch({ patient: 'another', user: 'Practitioner/two' }));
    expect(second['patient']).toBe('another');
    expect((await claimsOf(second['id_token'])).sub).toBe('Practitioner/two');
    expect(first.reply.headers.getSetCookie()).toEqual([]);
    // The first one still gets what it was launched for.
    const { body } = await app.exchange(answerIn(first.location)['code'] ?? '');
    expect(body).toMatchObject({ patient: 'a-patient' });
  });

  test('prints nothing, from the start of the server on', async () => {
    const said = [
      ...(['log', 'info', 'warn', 'error'] as const).map((level) => jest.spyOn(console, level)),
      jest.spyOn(process.stdout, 'write'),
      jest.spyOn(process.stderr, 'write'),
    ];
    const other = await serveEhr();
    try {
      expect(await other.openApp().start(other.server.launch(CONTEXT))).toHaveProperty('access_token');
      await other.openApp().authorize({ launch: 'unknown' });
      expect(said.flatMap(({ mock }) => mock.calls)).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe('online_access', () => {
  const scope = 'launch openid patient/*.rs online_access';
  const refreshing = {
    grant_type: 'refresh_token',
    code: undefined,
    redirect_uri: undefined,
    code_verifier: undefined,
  };

  test('lets the app have new tokens in the same context, each refresh token once', async () => {
    const app = ehr.openApp();
    const first = await app.start(ehr.server.launch(CONTEXT), { scope });
    const refresh = { ...refreshing, refresh_token: String(first['refresh_token']) };
    const { status, body } = await app.exchange('', refresh);
    expect([status, body]).toEqual([200, expect.objectContaining({ patient: 'a-patient', scope })]);
    const { access_token } = body as { access_token: string };
    expect(access_token).not.toBe(first['access_token']);
    expect(await ehr.server.judge(access_token)).toMatchObject({ patient: 'a-patient' });

    // Used twice: someone has stolen it, and nobody can say who.
    expect(await app.exchange('', refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await ehr.server.judge(access_token)).toBeUndefined();
  });

  test('is not for ever: after a working day the EHR must launch again', async () => {
    const app = ehr.openApp();
    const refresh = (response: unknown) =>
      app.exchange('', { ...refreshing, refresh_token: (response as { refresh_token: string }).refresh_token });
    const first = await app.start(ehr.server.launch(CONTEXT), { scope });
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 7 * HOUR);
    const late = await refresh(first);
    expect(late.status).toBe(200);
    // The new one is as short of time as the old one was.
    clock.mockReturnValue(now + 8 * HOUR + 1000);
    expect(await refresh(late.body)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('must be asked for', async () => {
    expect(await ehr.openApp().start(ehr.server.launch(CONTEXT))).not.toHaveProperty('refresh_token');
  });
});

describe('an app in a browser at another address', () => {
  const origin = 'https://elsewhere.example';

  test('gets no token, nor may it read the answer', async () => {
    const app = ehr.openApp();
    const { location } = await app.authorize({ launch: ehr.server.launch(CONTEXT) });
    const { code = '' } = answerIn(location);
    const refused = await app.exchange(code, {}, { origin });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, null]);
    expect(refused.text).not.toContain('access_token');
    const own = new URL(app.redirectUri).origin;
    const taken = await app.exchange(code, {}, { origin: own });
    expect([taken.status, taken.headers.get('access-control-allow-origin')]).toEqual([200, own]);
  });

  test('may ask whether it may, and read what is for everybody', async () => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const preflight = await call(ehr.server.endpoints.token, { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'POST']);
    const keys = await call(`${ehr.issuer}/jwks`, { headers: { origin } });
    expect([keys.status, keys.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
  });
});

describe('what it says of itself', () => {
  test('every address that it publishes answers', async () => {
    const configuration = ehr.server.smartConfiguration as Readonly<Record<string, string>>;
    const statuses = await Promise.all(
      [
        [configuration['jwks_uri'], 'GET'],
        [`${configuration['issuer']}/.well-known/openid-configuration`, 'GET'],
        [configuration['authorization_endpoint'], 'GET'],
        [configuration['authorization_endpoint'], 'POST'],
        [configuration['token_endpoint'], 'POST'],
      ].map(async ([url = '', method = '']) => (await call(url, { method })).status),
    );
    // 400: it is there, and nothing was asked of it.
    expect(statuses).toEqual([200, 200, 400, 400, 400]);
    expect(ehr.server.endpoints).toEqual({
      authorize: configuration['authorization_endpoint'],
      token: configuration['token_endpoint'],
    });
  });

  test('it is what SMART App Launch asks for, and OpenID discovery says the same', async () => {
    expect(ehr.server.smartConfiguration).toMatchObject({
      issuer: ehr.issuer,
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      scopes_supported: expect.arrayContaining(['patient/*.rs', 'patient/*.cruds']),
      capabilities: expect.arrayContaining(['launch-ehr', 'client-public', 'sso-openid-connect', 'permission-v2']),
    });
    const { body } = await call(`${ehr.issuer}/.well-known/openid-configuration`);
    expect(body).toMatchObject(ehr.server.smartConfiguration);
    // And nothing more: what the library has beside it is switched off.
    const others = Object.keys(body as object).filter((name) => /_endpoint$|dpop/.test(name));
    expect(others.toSorted()).toEqual(['authorization_endpoint', 'token_endpoint']);
  });

  test('behind a proxy it goes by the address that clients know', async () => {
    const publicUrl = 'https://ehr.example/below';
    const proxied = await serveEhr({ publicUrl });
    try {
      const { body } = await call(`${proxied.url}/demo/auth/.well-known/openid-configuration`);
      expect(body).toMatchObject({ issuer: `${publicUrl}/demo/auth`, token_endpoint: `${publicUrl}/demo/auth/token` });
      const response = await proxied.openApp().start(proxied.server.launch(CONTEXT));
      expect(response).toMatchObject({ patient: 'a-patient' });
    } finally {
      await proxied.close();
    }
  });
});
