import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Router } from 'express';
import { type AppDependencies, createApp } from '../src/app.ts';
import { ServiceError } from '../src/cds-hooks/errors.ts';
import { createLogger } from '../src/log.ts';
import type { EndedCall, Metrics } from '../src/metrics.ts';
import { fullRequest, services, withMember } from './cds-hooks/examples.ts';
import { call, post, type Reply, type Served, sendRaw, serve } from './support/http.ts';
import { discoveryProblems } from './support/schemas/cds-hooks-discovery.ts';
import { rememberFeedback } from './support/service.ts';

const request = fullRequest('patient-view');
const lines: string[] = [];
const feedback = rememberFeedback();
const ended: EndedCall[] = [];
let exposition: Metrics['exposition'];
let answer: AppDependencies['answer'];
let isReady = true;
let served: Served;
let service: string;

function dependencies(): AppDependencies {
  return {
    servicesFor: () => Object.values(services),
    authentication: undefined,
    discoveryAuth: false,
    publicUrl: () => 'https://cds.example',
    answer: (...given) => answer(...given),
    feedback,
    commentRetentionDays: 0,
    metrics: {
      calls: { ended: (each) => void ended.push(each) },
      exposition: () => exposition(),
    },
    ready: async () => isReady,
    logger: createLogger('debug', { write: (line) => void lines.push(line) }),
    bodyLimit: '10mb',
    maxCallsInFlight: 100,
    now: () => new Date('2026-11-22T12:00:00Z'),
  };
}

beforeAll(async () => {
  const pages = Router();
  pages.get('/', (_request, response) => {
    response.type('html').send('<p>home</p>');
  });
  pages.get('/evidence/:card', () => {
    throw new TypeError('secret detail');
  });
  served = await serve(createApp({ ...dependencies(), pages }));
  service = `${served.url}/cds-services/example-patient-view`;
});

afterAll(() => served.close());

beforeEach(() => {
  answer = () => Promise.resolve({ cards: [] });
  exposition = () => Promise.resolve({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'figure 1\n' });
  isReady = true;
  lines.length = 0;
  ended.length = 0;
});

/** The one line of the log, once the server has written it. */
async function logged(): Promise<Record<string, unknown>> {
  for (let tries = 0; lines.length === 0 && tries < 400; tries += 1) await new Promise((done) => setTimeout(done, 5));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

/** The calls that were told to be over, once there are so many. */
async function endedCalls(count: number): Promise<readonly EndedCall[]> {
  for (let tries = 0; ended.length < count && tries < 400; tries += 1) await new Promise((done) => setTimeout(done, 5));
  expect(ended).toHaveLength(count);
  return ended;
}

/** What a caller sees of an answer that is not 2xx. */
function seen(reply: Reply): object {
  return {
    status: reply.status,
    codes: new Set(issues(reply).map(({ diagnostics }) => diagnostics)),
    resourceType: (reply.body as { resourceType?: string } | undefined)?.resourceType,
    mediaType: reply.headers.get('content-type'),
    origin: reply.headers.get('access-control-allow-origin'),
    leaks: /node_modules|\.ts\b|:\d+:\d+/.test(reply.text),
  };
}

/** Always an OperationOutcome that a browser can read (CH-181, CH-190) and that shows nothing of the inside. */
function outcome(status: number, code: string): object {
  return {
    status,
    codes: new Set([code]),
    resourceType: 'OperationOutcome',
    mediaType: 'application/fhir+json; charset=utf-8',
    origin: '*',
    leaks: false,
  };
}

function issues(reply: Reply): readonly { readonly diagnostics?: unknown }[] {
  return (reply.body as { issue?: readonly { diagnostics?: unknown }[] } | undefined)?.issue ?? [];
}

// CH-01, CH-16, CH-18.
describe('discovery', () => {
  test.each(['/cds-services', '/cds-services/', '/cds-services?x=1'])('is at %s', async (path) => {
    const reply = await call(served.url + path);
    expect(reply).toMatchObject({ status: 200, body: { services: Object.values(services) } });
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(discoveryProblems(reply.body)).toEqual([]);
  });

  test('HEAD has no body', async () => {
    expect(await call(`${served.url}/cds-services`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });
});

describe('a call', () => {
  // CH-16, CH-18, CH-23, CH-88.
  test('is answered with what was decided, for the service and the request that came', async () => {
    const source = { label: 'x', topic: { code: 'x', system: 'x', display: 'x' } };
    const response = { cards: [{ uuid: 'u', summary: 'é', indicator: 'info', source }] } as const;
    const asked: unknown[] = [];
    answer = (...[definition, parsed]) => {
      asked.push(definition, parsed);
      return Promise.resolve(response);
    };
    const reply = await post(service, request);
    expect(reply).toMatchObject({ status: 200, body: response });
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(asked).toEqual([services['patient-view'], request]);
  });

  test.each([
    '/cds-services/example-patient-view/',
    '/cds-services//example-patient-view',
    '/cds-services/example%2Dpatient-view?x=1',
  ])('is taken at %s', async (path) => {
    expect(await post(served.url + path, request)).toMatchObject({ status: 200, body: { cards: [] } });
  });

  // CH-26.
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json; odata=verbose',
    'application/fhir+json',
    'application/vnd.x.y+json',
    'text/json',
  ])('is taken as %s', async (type) => {
    expect((await post(service, request, { 'content-type': type })).status).toBe(200);
  });

  test('is taken packed', async () => {
    const body = gzipSync(JSON.stringify(request));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await call(service, { method: 'POST', headers, body })).status).toBe(200);
  });

  test('may be ten mebibytes long', async () => {
    const empty = JSON.stringify(withMember(request, 'prefetch', { patient: '' })).length;
    const body = withMember(request, 'prefetch', { patient: 'x'.repeat(10 * 1024 * 1024 - empty) });
    expect((await post(service, body)).status).toBe(200);
  });

  test('may be a hundred levels deep, and not one more', async () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const withPrefetch = (levels: number) =>
      JSON.stringify(request).replace('"prefetch":{', `"prefetch":{"x":${nested(levels)},`);
    // The request and its prefetch are two of them.
    expect((await post(service, withPrefetch(98))).status).toBe(200);
    const deeper = [withPrefetch(99), withPrefetch(100_000), nested(100_000)];
    const refused = await Promise.all(deeper.map((body) => post(service, body)));
    expect(refused.map(seen)).toEqual(deeper.map(() => outcome(400, 'request-invalid')));
  });

  test('has no header that tells what runs here', async () => {
    const { headers } = await post(service, request);
    expect([headers.get('x-powered-by'), headers.get('etag'), headers.get('server')]).toEqual([null, null, null]);
  });
});

describe('a call that is wrong', () => {
  test.each(['', '{', '{"a":1,}', '{"hook": undefined}', "{'a':1}", '{} {}', '\u0000', '[', 'x', '// x\n{}'])(
    'is refused: %j',
    async (body) => {
      const reply = await post(service, body);
      expect(reply.status).toBe(400);
      expect(seen(reply)).toEqual(outcome(400, body === '' ? 'request-invalid' : 'malformed-json'));
    },
  );

  test.each(['[]', 'null', '"x"', '1', 'true', '{}'])('is no request: %s', async (body) => {
    expect(seen(await post(service, body))).toEqual(outcome(400, 'request-invalid'));
  });

  test.each([
    ['context.patientId', '../../admin'],
    ['context.patientId', '..'],
    ['context', null],
    ['hookInstance', 7],
    ['prefetch', 'MRN-4711'],
  ])('has a wrong %s: %j', async (path, value) => {
    const reply = await post(service, withMember(request, path, value));
    expect(seen(reply)).toEqual(outcome(400, 'request-invalid'));
    expect(reply.text).not.toMatch(/admin|MRN-4711/);
  });

  test('has every problem named, one issue each', async () => {
    expect(issues(await post(service, { hook: 'patient-view', hookInstance: 'x', context: {} }))).toHaveLength(3);
  });

  test('is for another hook', async () => {
    expect(seen(await post(service, fullRequest('order-sign')))).toEqual(outcome(400, 'hook-mismatch'));
  });

  test.each(['{', '{}', ''])('is for a service that does not exist, whatever the body: %j', async (body) => {
    expect(seen(await post(`${served.url}/cds-services/nope`, body))).toEqual(outcome(404, 'not-found'));
    expect(seen(await post(`${served.url}/cds-services/__proto__`, body))).toEqual(outcome(404, 'not-found'));
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'json',
    ';',
    'application/json, text/plain',
  ])('is sent as %s', async (type) => {
    expect(seen(await post(service, request, { 'content-type': type }))).toEqual(
      outcome(415, 'media-type-unsupported'),
    );
  });

  test('has no body', async () => {
    expect(seen(await call(service, { method: 'POST' }))).toEqual(outcome(415, 'media-type-unsupported'));
  });

  test('is eleven megabytes long', async () => {
    expect(seen(await post(service, withMember(request, 'prefetch', { x: 'x'.repeat(11 * 1024 * 1024) })))).toEqual(
      outcome(413, 'body-too-large'),
    );
  });

  test('unpacks to more than is taken', async () => {
    const body = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect(seen(await call(service, { method: 'POST', headers, body }))).toEqual(outcome(413, 'body-too-large'));
  });

  test.each(['gzip', 'deflate', 'br', 'zstd'])('says it is packed with %s and is not', async (encoding) => {
    expect(seen(await post(service, request, { 'content-encoding': encoding }))).toEqual(
      outcome(400, 'malformed-json'),
    );
  });

  test('is packed with something unknown', async () => {
    expect(seen(await post(service, request, { 'content-encoding': 'x-bomb' }))).toEqual(
      outcome(415, 'media-type-unsupported'),
    );
  });

  test('has an address that cannot be decoded', async () => {
    expect(seen(await post(`${served.url}/cds-services/%E0%A4%A`, request))).toEqual(outcome(400, 'request-invalid'));
  });

  test.each([
    ['headers of 20 kB', `GET /cds-services HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST /cds-services/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
      400,
    ],
    [
      'a length and chunks',
      'POST /cds-services/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['an address that is no URL', 'GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    [
      'two media types',
      `POST /cds-services/example-patient-view HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
      415,
    ],
  ])('has %s', async (_what, bytes, status) => {
    const received = await sendRaw(served.url, bytes);
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(received).not.toMatch(/node_modules|<html/);
    expect((await call(`${served.url}/healthz`)).status).toBe(200);
  });
});

describe('an answer that fails', () => {
  // CH-188.
  test('as foreseen says why (CH-64)', async () => {
    answer = () => Promise.reject(new ServiceError('data-unobtainable', ['The patient could not be read.']));
    const reply = await post(service, request);
    expect(seen(reply)).toEqual(outcome(412, 'data-unobtainable'));
    expect(reply.text).toContain('The patient could not be read.');
  });

  test.each([
    ['an Error', new TypeError('secret detail')],
    ['somebody else’s 404', Object.assign(new Error('secret detail'), { status: 404 })],
    ['a string', 'secret detail'],
    ['nothing', undefined],
  ])('with %s is a bare 500: nothing internal leaks', async (_what, bug) => {
    answer = () => Promise.reject(bug);
    const reply = await post(service, request);
    expect(seen(reply)).toEqual(outcome(500, 'internal'));
    expect(reply.text).not.toContain('secret');
    await logged();
    expect(lines.join()).not.toContain('secret');
  });

  test('by throwing at once is the same', async () => {
    answer = () => {
      throw new Error('secret detail');
    };
    expect(seen(await post(service, request))).toEqual(outcome(500, 'internal'));
  });
});

describe('other addresses', () => {
  test.each([
    ['GET', '/cds-services/example-patient-view', 'POST, OPTIONS'],
    ['DELETE', '/cds-services/example-patient-view', 'POST, OPTIONS'],
    ['GET', '/cds-services/example-patient-view/feedback', 'POST, OPTIONS'],
    ['POST', '/cds-services', 'GET, HEAD, OPTIONS'],
    ['PUT', '/healthz', 'GET, HEAD, OPTIONS'],
    ['POST', '/readyz', 'GET, HEAD, OPTIONS'],
    ['POST', '/metrics', 'GET, HEAD, OPTIONS'],
  ])('%s %s is not allowed, and what is, is said', async (method, path, allowed) => {
    const reply = await call(served.url + path, { method });
    expect(seen(reply)).toEqual(outcome(405, 'method-not-allowed'));
    expect(reply.headers.get('allow')).toBe(allowed);
  });

  test.each([
    '/nope',
    '/cds-services/nope',
    '/cds-services/example-patient-view/nope',
    '/cds-services/nope/feedback',
    '/%E0',
    '/..%2f..%2fetc/passwd',
    // A proxy that is told what not to pass on lets these through.
    '/METRICS',
    '/Metrics',
    '/metrics/',
    '//metrics',
    '/%6detrics',
    '/CDS-Services',
    '/Healthz',
  ])('%s does not exist', async (path) => {
    expect(seen(await call(served.url + path))).toEqual(outcome(404, 'not-found'));
  });

  test('a page is a page', async () => {
    expect(await call(`${served.url}/`)).toMatchObject({ status: 200, text: '<p>home</p>' });
  });

  test('a page that fails is a bare 500', async () => {
    expect(seen(await call(`${served.url}/evidence/x`))).toEqual(outcome(500, 'internal'));
  });
});

describe('the probes', () => {
  test('the service is up, and ready when it can answer', async () => {
    expect(await call(`${served.url}/healthz`)).toMatchObject({ status: 200, body: { status: 'up' } });
    expect(await call(`${served.url}/readyz`)).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  test('when it cannot, it is up and says when to ask again', async () => {
    isReady = false;
    const reply = await call(`${served.url}/readyz`);
    expect(seen(reply)).toEqual(outcome(503, 'unavailable'));
    expect(reply.headers.get('retry-after')).toBe('5');
    expect((await call(`${served.url}/healthz`)).status).toBe(200);
  });
});

describe('the metrics', () => {
  test('are served as text that nobody is to keep', async () => {
    const { status, text, headers } = await call(`${served.url}/metrics`);
    expect([status, text]).toEqual([200, 'figure 1\n']);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(await call(`${served.url}/metrics`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });

  test('are not for the pages of other origins', async () => {
    const { headers } = await call(`${served.url}/metrics`, { headers: { origin: 'https://elsewhere.example' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('that cannot be had are a bare 500', async () => {
    exposition = () => Promise.reject(new TypeError('secret detail'));
    const reply = await call(`${served.url}/metrics`);
    expect([reply.status, reply.text.includes('secret')]).toEqual([500, false]);
  });

  test('are told of each call of a service, however it ended, and of nothing else', async () => {
    await post(service, request);
    await endedCalls(1);
    await post(service, '{');
    await endedCalls(2);
    answer = () => Promise.reject(new ServiceError('data-unobtainable'));
    await post(service, request);
    await post(`${served.url}/cds-services/nope`, request);
    await post(`${service}/feedback`, {});
    await call(service);
    await call(`${served.url}/cds-services`);
    expect(await endedCalls(3)).toEqual(
      [200, 400, 412].map((status) => ({ service: 'example-patient-view', status, ms: expect.any(Number) })),
    );
    for (const { ms } of ended) expect(ms).toBeGreaterThanOrEqual(0);
  });

  test('are told of a client that hung up, and that it waited', async () => {
    const arrival = Promise.withResolvers<void>();
    answer = (_service, _request, { signal }) => {
      arrival.resolve();
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ cards: [] }));
      });
    };
    const client = new AbortController();
    const body = JSON.stringify(request);
    const headers = { 'content-type': 'application/json' };
    const reply = call(service, { method: 'POST', headers, body, signal: client.signal });
    await arrival.promise;
    client.abort();
    await expect(reply).rejects.toThrow('aborted');
    expect(await endedCalls(1)).toEqual([{ service: 'example-patient-view', status: 'gone', ms: expect.any(Number) }]);
  });

  test('are told of a call that was not let in, and not that it took time', async () => {
    const full = await serve(createApp({ ...dependencies(), maxCallsInFlight: 0 }));
    expect((await post(`${full.url}/cds-services/example-patient-view`, request)).status).toBe(503);
    expect(await endedCalls(1)).toEqual([{ service: 'example-patient-view', status: 503, ms: undefined }]);
    await full.close();
  });
});

describe('a browser', () => {
  test.each(['/cds-services', '/cds-services/example-patient-view', '/cds-services/nope'])(
    'may ask for leave at %s without a token (CH-181)',
    async (path) => {
      const reply = await call(served.url + path, {
        method: 'OPTIONS',
        headers: {
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
      expect(reply).toMatchObject({ status: 204, text: '' });
      expect(reply.headers.get('access-control-allow-origin')).toBe('*');
      expect(reply.headers.get('access-control-allow-methods')).toBe('GET,POST,OPTIONS');
      expect(reply.headers.get('access-control-allow-headers')).toBe('Authorization,Content-Type');
    },
  );

  test('may read every answer', async () => {
    const replies = await Promise.all([call(`${served.url}/cds-services`), post(service, request)]);
    expect(replies.map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual(['*', '*']);
  });
});

describe('the log', () => {
  test('has one line for a call, with what the answer adds to it', async () => {
    answer = (_service, _request, { log }) => {
      log.add({ cards: ['card-1'], skipped: 2 });
      log.add({ unread: ['procedures'] });
      return Promise.resolve({ cards: [] });
    };
    await post(`${service}?patient=MRN-4711`, request, { authorization: 'Bearer MRN-4711' });
    expect(await logged()).toEqual({
      level: 30,
      time: expect.any(Number),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      method: 'POST',
      route: '/cds-services/:id',
      status: 200,
      ms: expect.any(Number),
      hookInstance: request['hookInstance'],
      service: 'example-patient-view',
      cards: ['card-1'],
      skipped: 2,
      unread: ['procedures'],
      msg: 'request completed',
    });
  });

  // CH-82.
  test('has nothing of a patient, a token or an address', async () => {
    const marked = withMember(withMember(request, 'context.patientId', 'MRN-4711'), 'hookInstance', 'MRN-4711');
    await post(`${service}?x=MRN-4711`, marked, { authorization: 'Bearer MRN-4711', 'x-request-id': 'MRN-4711' });
    expect(await logged()).toMatchObject({ status: 400, code: 'request-invalid', service: 'example-patient-view' });
    expect(lines.join()).not.toContain('MRN-4711');
  });

  test('has no address of what does not exist', async () => {
    await call(`${served.url}/Patient/MRN-4711`);
    expect(await logged()).toMatchObject({ method: 'GET', status: 404, code: 'not-found' });
    expect(lines.join()).not.toContain('MRN-4711');
  });

  test('says where a bug is', async () => {
    answer = () => Promise.reject(new TypeError('MRN-4711'));
    await post(service, request);
    expect(await logged()).toMatchObject({
      level: 50,
      status: 500,
      code: 'internal',
      failure: { name: 'TypeError', frames: expect.arrayContaining([expect.stringContaining('app.test.ts:')]) },
    });
  });

  test('says what passed between the call and its FHIR server', async () => {
    answer = (_service, _request, { log }) => {
      log.add({ fhir: { requests: 17, spared: 1, ms: 103 }, fhirServer: 'not-allowed' });
      return Promise.resolve({ cards: [] });
    };
    await post(service, request);
    expect(await logged()).toMatchObject({ fhir: { requests: 17, spared: 1, ms: 103 } });
    expect(lines[0]).toContain('"fhirServer":"not-allowed","fhir":{"requests":17,"spared":1,"ms":103}');
  });

  test.each(['/healthz', '/readyz', '/metrics'])('has %s among the details only', async (path) => {
    await call(served.url + path);
    expect(await logged()).toMatchObject({ level: 20, route: path });
  });
});
