import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { call, sendRaw } from '../support/http.ts';
import { answerIn, type Parameters, type ServedEhr, type SmartApp, serveEhr } from '../support/smart-app.ts';

const CONTEXT = { patient: 'a-patient', user: 'Practitioner/one' };
const OTHER_RESOURCE = 'https://elsewhere.example/fhir';

const faults: unknown[] = [];
let ehr: ServedEhr;
let app: SmartApp;
beforeAll(async () => {
  ehr = await serveEhr({ onFault: (fault) => faults.push(fault) });
  app = ehr.openApp();
});
afterAll(() => ehr.close());
afterEach(() => {
  jest.restoreAllMocks();
});

/** From now on so much later. */
function wait(milliseconds: number): void {
  const then = Date.now() + milliseconds;
  jest.spyOn(Date, 'now').mockReturnValue(then);
}

async function codeOf(launch = ehr.server.launch(CONTEXT)): Promise<string> {
  const { code } = answerIn((await app.authorize({ launch })).location);
  if (code === undefined) throw new Error('The EHR gave no code');
  return code;
}

describe('the app hears of an error, and gets no code', () => {
  test.each<[claim: string, changes: Parameters, error: string]>([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with a plain code challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['with a code challenge of no method', { code_challenge_method: undefined }, 'invalid_request'],
    ['with a code challenge that is none', { code_challenge: 'short' }, 'invalid_request'],
    ['without aud', { aud: undefined }, 'invalid_request'],
    ['with the aud of another', { aud: OTHER_RESOURCE }, 'invalid_target'],
    ['with an aud of which it is the beginning', { aud: 'http://127.0.0.1' }, 'invalid_target'],
    ['with the resource of another', { resource: OTHER_RESOURCE }, 'invalid_target'],
    ['without launch', { launch: undefined }, 'invalid_request'],
    ['with a launch of nobody', { launch: 'nobody' }, 'invalid_request'],
    ['with a launch that every object has', { launch: '__proto__' }, 'invalid_request'],
    ['without the scope launch', { scope: 'openid patient/*.rs' }, 'invalid_scope'],
    ['without a scope', { scope: undefined }, 'invalid_scope'],
    ['with scopes of which none is granted', { scope: 'launch user/*.cruds system/*.rs' }, 'access_denied'],
    ['with a scope that is none', { scope: 'launch "openid"' }, 'invalid_scope'],
    ['for a token at once', { response_type: 'token' }, 'unsupported_response_type'],
    ['for a login', { prompt: 'login' }, 'invalid_request'],
    ['with a request object', { request: 'e30.e30.' }, 'request_not_supported'],
  ])('%s', async (_claim, changes, error) => {
    const launch = ehr.server.launch(CONTEXT);
    const { reply, location } = await app.authorize({ launch, ...changes });
    expect([reply.status, location.split(/[?#]/)[0]]).toEqual([303, app.redirectUri]);
    const answer = answerIn(location.replace('#', '?'));
    expect(answer).toMatchObject({ error, state: 'a state', iss: ehr.issuer });
    expect(answer).not.toHaveProperty('code');
    // The launch is not used up by what came to nothing.
    expect(answerIn((await app.authorize({ launch })).location)).toHaveProperty('code');
  });

  test('in a launch that was used before', async () => {
    const launch = ehr.server.launch(CONTEXT);
    await codeOf(launch);
    expect(answerIn((await app.authorize({ launch })).location)).toMatchObject({ error: 'invalid_request' });
  });

  test('in a launch of more than five minutes ago', async () => {
    const [early, late] = [ehr.server.launch(CONTEXT), ehr.server.launch(CONTEXT)];
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 299_000);
    expect(answerIn((await app.authorize({ launch: early })).location)).toHaveProperty('code');
    jest.spyOn(Date, 'now').mockReturnValue(now + 301_000);
    expect(answerIn((await app.authorize({ launch: late })).location)).toMatchObject({ error: 'invalid_request' });
  });
});

describe('nobody is sent anywhere, and the browser shows why in plain text', () => {
  test.each<[claim: string, changes: Parameters]>([
    ['an address that the app is not registered with', { redirect_uri: 'https://elsewhere.example/smart/' }],
    ['an address that begins as one of the app’s', { redirect_uri: 'http://127.0.0.1/smart/../elsewhere' }],
    ['an address that is none', { redirect_uri: 'javascript:alert(1)' }],
    ['an unknown app', { client_id: '<script>alert(1)</script>' }],
    ['no app', { client_id: undefined }],
    ['an app that every object has', { client_id: '__proto__' }],
  ])('%s', async (_claim, changes) => {
    const { reply, location } = await app.authorize({ launch: ehr.server.launch(CONTEXT), ...changes });
    expect([reply.status, location, reply.headers.get('content-type')]).toEqual([400, '', 'text/plain; charset=utf-8']);
    expect(reply.text).toMatch(/^The app could not be started: .+ \(invalid_\w+\)\n$/);
  });
});

describe('there is no token', () => {
  test.each<[claim: string, changes: Parameters, error: string]>([
    ['for another code_verifier', { code_verifier: 'a'.repeat(43) }, 'invalid_grant'],
    ['for no code_verifier', { code_verifier: undefined }, 'invalid_grant'],
    ['for another address of the app', { redirect_uri: 'http://127.0.0.1/' }, 'invalid_grant'],
    ['for another app', { client_id: 'another' }, 'invalid_client'],
    ['for no app', { client_id: undefined }, 'invalid_request'],
    ['for the FHIR base of another', { resource: OTHER_RESOURCE }, 'invalid_target'],
    ['for a forged code', { code: '__proto__' }, 'invalid_grant'],
    ['for no code', { code: undefined }, 'invalid_request'],
    ['for a grant type that every object has', { grant_type: 'constructor' }, 'unsupported_grant_type'],
    ['for the app itself', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['for a forged refresh token', { grant_type: 'refresh_token', refresh_token: 'forged' }, 'invalid_grant'],
    ['for a body without end', { more: 'x'.repeat(100_000) }, 'invalid_request'],
  ])('%s', async (_claim, changes, error) => {
    const { status, body } = await app.exchange(await codeOf(), changes);
    expect([Math.floor(status / 100), body]).toEqual([4, { error, error_description: expect.any(String) }]);
  });

  test('for JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const reply = await call(ehr.server.endpoints.token, { method: 'POST', headers, body: '{"grant_type":' });
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  test('for a code that is a minute old', async () => {
    const code = await codeOf();
    wait(61_000);
    expect(await app.exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('for a code that was used before, and what was got for it is void', async () => {
    const code = await codeOf();
    const { access_token } = (await app.exchange(code)).body as { access_token: string };
    expect(await ehr.server.judge(access_token)).toBeDefined();
    expect(await app.exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await ehr.server.judge(access_token)).toBeUndefined();
  });
});

describe('a token', () => {
  const access = { scopes: ['patient/*.rs', 'user/Practitioner.rs'], patient: 'a-patient', client: 'a-service' };

  test('of the EHR’s own is good for exactly as long as was said', async () => {
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    const [brief, long] = await Promise.all([1, 300].map((seconds) => ehr.server.issueToken({ ...access, seconds })));
    if (brief === undefined || long === undefined) throw new Error('Two were asked for');
    expect(brief).not.toBe(long);
    clock.mockReturnValue(now + 999);
    expect(await ehr.server.judge(brief)).toEqual(access);
    clock.mockReturnValue(now + 1001);
    expect(await ehr.server.judge(brief)).toBeUndefined();
    expect(await ehr.server.judge(long)).toEqual(access);
  });

  test.each([0, -1, Number.NaN])('of %d seconds is never good', async (seconds) => {
    expect(await ehr.server.judge(await ehr.server.issueToken({ ...access, seconds }))).toBeUndefined();
  });

  test('of an app is good for an hour', async () => {
    const { access_token } = await app.start(ehr.server.launch(CONTEXT));
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 3_590_000);
    expect(await ehr.server.judge(String(access_token))).toBeDefined();
    clock.mockReturnValue(now + 3_601_000);
    expect(await ehr.server.judge(String(access_token))).toBeUndefined();
  });

  test('is no code, no refresh token, no id_token and no launch', async () => {
    const launch = ehr.server.launch(CONTEXT);
    const code = await codeOf();
    const scope = 'launch openid online_access patient/*.rs';
    const { id_token, refresh_token } = await app.start(ehr.server.launch(CONTEXT), { scope });
    const others = [launch, code, id_token, refresh_token].map(String);
    expect(await Promise.all(others.map(ehr.server.judge))).toEqual(others.map(() => undefined));
  });

  test.each(['', 'x', '__proto__', 'constructor', 'undefined', 'x'.repeat(100_000)])(
    'that is forged is unknown (%#)',
    async (token) => {
      expect(await ehr.server.judge(token)).toBeUndefined();
    },
  );

  test('of another EHR is unknown', async () => {
    const other = await serveEhr();
    try {
      const { access_token } = await other.openApp().start(other.server.launch(CONTEXT));
      const token = String(access_token);
      expect(await other.server.judge(token)).toBeDefined();
      expect(await ehr.server.judge(token)).toBeUndefined();
      expect(await ehr.server.judge(await other.server.issueToken({ ...access, seconds: 60 }))).toBeUndefined();
    } finally {
      await other.close();
    }
  });
});

describe('whatever comes', () => {
  test('a fault of the server’s own is told to who runs it, and not to the browser', async () => {
    const { reply, location } = await app.authorize({ launch: ehr.server.launch({ ...CONTEXT, user: '' }) });
    expect([reply.status, location]).toEqual([500, '']);
    expect(reply.text).toBe('The app could not be started: the authorization server has failed (server_error)\n');
    expect(faults).toEqual([expect.objectContaining({ message: expect.stringContaining('accountId') })]);
  });

  test('and so is one that happens as the answer is written', async () => {
    const printed = jest.spyOn(console, 'error').mockReturnValue();
    faults.splice(0);
    const unwritable = { ...CONTEXT, appContext: 1n as unknown as string };
    const reply = await app.exchange(await codeOf(ehr.server.launch(unwritable)));
    expect([reply.status, reply.text]).toEqual([500, 'Internal Server Error']);
    expect(faults).toEqual([expect.objectContaining({ message: expect.stringContaining('BigInt') })]);
    expect(printed).not.toHaveBeenCalled();
  });

  test('a cookie of whose name the library has one as well is nothing to it', async () => {
    const url = new URL(ehr.server.endpoints.authorize);
    const headers = { cookie: '_session=x; _interaction=y; _interaction_resume=__proto__' };
    const replies = await Promise.all([call(url.href, { headers }), call(`${url.href}/x`, { headers })]);
    expect(replies.map((reply) => [reply.status, reply.headers.getSetCookie()])).toEqual([
      [400, []],
      [400, []],
    ]);
  });

  test.each(['/nothing', '/token', '/authorize/x', '/%E0%A4%A', '/session/end/confirm', '/..%2f..%2f', ''])(
    '%s is answered here, without a trace of the code',
    async (path) => {
      const replies = await Promise.all(
        ['GET', 'PUT', 'DELETE'].map((method) => call(`${ehr.issuer}${path}`, { method, redirect: 'manual' })),
      );
      for (const { status, text } of replies) {
        expect([400, 404]).toContain(status);
        expect(text).not.toMatch(/\.js|node_modules|at \w+ \(/);
      }
    },
  );

  test('a Host that is none changes nothing', async () => {
    const path = '/demo/auth/.well-known/openid-configuration';
    const answer = await sendRaw(ehr.url, `GET ${path} HTTP/1.1\r\nHost: a b<>\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain(`"token_endpoint":"${ehr.server.endpoints.token}"`);
  });
});
