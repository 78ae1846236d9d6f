import { describe, expect, test } from '@jest/globals';
import nock from 'nock';
import type { FhirAnswer } from '../../src/fhir/fhir-answer.ts';
import { createFhirServer, type FhirRequest } from '../../src/fhir/fhir-server.ts';

// nock shows what goes over the wire through the real fhirclient.
const origin = 'https://ehr.example';
const base = `${origin}/r4`;
const fhirJson = { 'content-type': 'application/fhir+json' };

const NOW = Date.parse('2026-11-22T12:00:00Z');

function request(changes: Partial<FhirRequest> = {}): FhirRequest {
  const signal = new AbortController().signal;
  return {
    base,
    url: `${base}/Condition?patient=p1`,
    accessToken: 'secret',
    signal,
    reach: { kind: 'any' },
    ...changes,
  };
}

function get(changes: Partial<FhirRequest> = {}): Promise<FhirAnswer> {
  return createFhirServer({ now: () => NOW }).get(request(changes));
}

function conditionsAnswer(): nock.Interceptor {
  return nock(base).get('/Condition').query({ patient: 'p1' });
}

describe('the request', () => {
  // CH-74.
  test('is a GET for FHIR JSON with the token', async () => {
    nock(base, { reqheaders: { accept: 'application/fhir+json', authorization: 'Bearer secret' } })
      .get('/Condition')
      .query({ patient: 'p1' })
      .reply(200, { resourceType: 'Bundle' }, fhirJson);

    expect(await get()).toEqual({ kind: 'answered', body: { resourceType: 'Bundle' } });
  });

  test('carries no authorization without a token', async () => {
    nock(base, { badheaders: ['authorization'] })
      .get('/Patient/p1')
      .reply(200, { resourceType: 'Patient' }, fhirJson);

    const answer = await get({ url: `${base}/Patient/p1`, accessToken: undefined });
    expect(answer).toEqual({ kind: 'answered', body: { resourceType: 'Patient' } });
  });

  test.each([
    'https://evil.example/r4/Condition',
    'https://ehr.example/admin',
    'https://ehr.example/r4/../admin',
    'https://user:x@ehr.example/r4/Condition',
    'Condition?patient=p1',
  ])('is never made off the base: %s', async (url) => {
    expect(await get({ url })).toEqual({ kind: 'failed', reason: 'failed' });
  });

  test('with a token that is no header value is not made', async () => {
    expect(await get({ accessToken: 'a\r\nx-evil: 1' })).toEqual({ kind: 'failed', reason: 'failed' });
  });

  test('is not made again after a failure', async () => {
    // A second request would find no interceptor left, and fail otherwise than with 401.
    conditionsAnswer().once().reply(401);
    expect(await get()).toEqual({ kind: 'failed', reason: 'refused' });
  });

  // CH-81.
  test('keeps nothing for the next one: a 401 takes no token away', async () => {
    const server = createFhirServer();
    const ask = () => server.get(request({ url: `${base}/Patient/p1` }));
    nock(base).get('/Patient/p1').reply(401);
    nock(base, { reqheaders: { authorization: 'Bearer secret' } })
      .get('/Patient/p1')
      .reply(200, { resourceType: 'Patient' }, fhirJson);

    expect(await ask()).toMatchObject({ kind: 'failed', reason: 'refused' });
    expect(await ask()).toMatchObject({ kind: 'answered' });
  });

  // CH-183.
  test('is answered afresh each time: nothing is cached', async () => {
    conditionsAnswer().reply(200, { total: 1 }, fhirJson);
    conditionsAnswer().reply(200, { total: 2 }, fhirJson);

    expect(await get()).toMatchObject({ body: { total: 1 } });
    expect(await get()).toMatchObject({ body: { total: 2 } });
  });
});

// CH-84.
describe('a status is one reason', () => {
  test.each([
    [304, 'failed'],
    [400, 'invalid'],
    [401, 'refused'],
    [403, 'refused'],
    [404, 'not-offered'],
    [408, 'failed'],
    [410, 'not-offered'],
    [412, 'invalid'],
    [414, 'invalid'],
    [422, 'invalid'],
    [429, 'throttled'],
    [500, 'failed'],
    [501, 'not-offered'],
    [502, 'unreachable'],
    [503, 'unreachable'],
    [504, 'unreachable'],
    [505, 'failed'],
    [507, 'failed'],
  ])('%i is %s', async (status, reason) => {
    conditionsAnswer().reply(status, { resourceType: 'OperationOutcome' }, fhirJson);
    expect(await get()).toEqual({ kind: 'failed', reason });
  });

  test.each([
    ['429 with seconds', 429, '120', { reason: 'throttled', retryAfterMs: 120_000 }],
    ['429 with a date', 429, 'Sun, 22 Nov 2026 12:00:30 GMT', { reason: 'throttled', retryAfterMs: 30_000 }],
    ['429 with nonsense', 429, 'soon', { reason: 'throttled' }],
    ['503 with seconds', 503, '5', { reason: 'throttled', retryAfterMs: 5000 }],
    ['503 with nonsense', 503, 'soon', { reason: 'unreachable' }],
    ['502 with seconds', 502, '5', { reason: 'unreachable' }],
    ['504 with seconds', 504, '5', { reason: 'unreachable' }],
    ['408 with seconds', 408, '5', { reason: 'failed' }],
    ['500 with seconds', 500, '5', { reason: 'failed' }],
    ['404 with seconds', 404, '5', { reason: 'not-offered' }],
  ])('%s', async (_claim, status, retryAfter, failure) => {
    conditionsAnswer().reply(status, 'Busy', { 'content-type': 'text/plain', 'retry-after': retryAfter });
    expect(await get()).toEqual({ kind: 'failed', ...failure });
  });

  test('that comes with a body full of the patient says nothing but the reason', async () => {
    conditionsAnswer().reply(400, { issue: [{ diagnostics: 'HTEST' }] }, fhirJson);
    expect(JSON.stringify(await get())).toBe('{"kind":"failed","reason":"invalid"}');
  });

  test.each([401, 403])('%i is refused without a token, too', async (status) => {
    conditionsAnswer().reply(status, 'Denied', { 'content-type': 'text/plain' });
    expect(await get({ accessToken: '' })).toEqual({ kind: 'failed', reason: 'refused' });
  });

  test('an HTML 404 is not-offered', async () => {
    conditionsAnswer().reply(404, '<html>IIS</html>', { 'content-type': 'text/html' });
    expect(await get()).toEqual({ kind: 'failed', reason: 'not-offered' });
  });
});

describe('what is not JSON is malformed', () => {
  test.each([
    ['XML', '<Bundle xmlns="http://hl7.org/fhir"/>', 'application/fhir+xml'],
    ['XML as text', '<Bundle xmlns="http://hl7.org/fhir"/>', 'text/xml'],
    ['HTML', '<html>Please log in</html>', 'text/html'],
    ['HTML that claims to be JSON', '<html>Please log in</html>', 'application/fhir+json'],
    ['truncated JSON', '{"resourceType":"Bundle","entry":[{"res', 'application/fhir+json'],
    ['an empty body', '', 'application/fhir+json'],
    ['a JSON text', '"nothing"', 'application/fhir+json'],
    ['a JSON text under another type', '"nothing"', 'text/plain'],
    ['XML without a content type', '<Bundle xmlns="http://hl7.org/fhir"/>', ''],
    ['an empty body without a content type', '', ''],
    ['truncated JSON that nobody declared', '{"resourceType":"Bundle","entry":[{"res', 'application/octet-stream'],
    ['two byte order marks', '\uFEFF\uFEFF{}', 'text/plain'],
  ])('%s', async (_claim, body, contentType) => {
    conditionsAnswer().reply(200, body, { 'content-type': contentType });
    expect(await get()).toEqual({ kind: 'failed', reason: 'malformed' });
  });

  test('a 204', async () => {
    conditionsAnswer().reply(204);
    expect(await get()).toEqual({ kind: 'failed', reason: 'malformed' });
  });
});

describe('JSON is JSON, whatever it is called', () => {
  test.each(['', 'text/plain', 'text/html; charset=utf-8', 'application/octet-stream', 'nonsense'])(
    '%j',
    async (contentType) => {
      conditionsAnswer().reply(200, '\uFEFF {"resourceType":"Bundle"}', { 'content-type': contentType });
      expect(await get()).toEqual({ kind: 'answered', body: { resourceType: 'Bundle' } });
    },
  );

  test('and is too long there as well', async () => {
    conditionsAnswer().reply(200, JSON.stringify({ text: 'x'.repeat(1000) }), {
      'content-type': 'application/octet-stream',
    });
    const answer = await createFhirServer({ maxPageBytes: 1000 }).get(request());
    expect(answer).toEqual({ kind: 'failed', reason: 'too-long' });
  });
});

describe('the connection', () => {
  test('that drops is unreachable', async () => {
    conditionsAnswer().replyWithError('socket hang up');
    expect(await get()).toEqual({ kind: 'failed', reason: 'unreachable' });
  });

  // nock answers a request that nobody declared with an error, which would look like a refusal to go there: hence the count.
  function watch(location: string): { readonly visits: () => number } {
    let visits = 0;
    const { origin: host, pathname } = new URL(location);
    nock(host)
      .get(pathname)
      .optionally()
      .reply(() => {
        visits += 1;
        return [200, {}, fhirJson];
      });
    return { visits: () => visits };
  }

  test.each([301, 302, 303, 307, 308])('is not redirected by a %i, not even to the same base', async (status) => {
    const location = `${base}/elsewhere`;
    const { visits } = watch(location);
    conditionsAnswer().reply(status, undefined, { location });
    expect(await get()).toEqual({ kind: 'failed', reason: 'failed' });
    expect(visits()).toBe(0);
  });

  test.each(['https://evil.example/steal', `${origin}/admin`, `${base}/elsewhere`])(
    'is not led to %s by a 201, which fhirclient follows',
    async (location) => {
      const { visits } = watch(location);
      conditionsAnswer().reply(201, '', { ...fhirJson, location });
      expect(await get()).toEqual({ kind: 'failed', reason: 'failed' });
      expect(visits()).toBe(0);
    },
  );
});

describe('a bundle that would trip fhirclient over', () => {
  test.each([
    ['a null entry', { resourceType: 'Bundle', entry: [null] }],
    ['entries that are no list', { resourceType: 'Bundle', entry: 7 }],
    ['a null link', { resourceType: 'Bundle', link: [null] }],
    ['no object', [1, 2]],
    ['null', null],
  ])('comes through as it is: %s', async (_claim, body) => {
    conditionsAnswer().reply(200, JSON.stringify(body), fhirJson);
    expect(await get()).toEqual({ kind: 'answered', body });
  });
});
