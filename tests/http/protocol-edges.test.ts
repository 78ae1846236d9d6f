import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/app.ts';
import { createLogger } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { fullRequest, services } from '../cds-hooks/examples.ts';
import { type Served, serve } from '../support/http.ts';
import { registeredClient } from '../support/registered-client.ts';
import { rememberFeedback } from '../support/service.ts';

const ID = 'example-patient-view';
const SERVICE = `/cds-services/${ID}`;
const FEEDBACK = `${SERVICE}/feedback`;
const BAD_ID = '/cds-services/nope';

const CLIENT = registeredClient({ services: [ID], rateLimitPerMinute: 10_000 });

let served: Served;

beforeAll(async () => {
  served = await serve(
    createApp({
      servicesFor: () => Object.values(services),
      // In this table, a JWT is the word "client".
      discoveryAuth: false,
      authentication: {
        authenticate: (authorization) =>
          Promise.resolve(
            authorization === 'Bearer client'
              ? { state: 'authenticated', client: CLIENT }
              : { state: 'refused', reason: 'no-token' },
          ),
      },
      publicUrl: () => 'https://cds.example',
      answer: () => Promise.resolve({ cards: [] }),
      feedback: rememberFeedback(),
      commentRetentionDays: 0,
      metrics: createMetrics({ circuits: () => [], isOpen: false, isStoreUp: () => Promise.resolve(true) }),
      ready: () => Promise.resolve(true),
      logger: createLogger('silent'),
      bodyLimit: '10mb',
      maxCallsInFlight: 100,
      now: () => new Date('2026-11-22T12:00:00Z'),
    }),
  );
});

afterAll(() => served.close());

const JWT = 'Authorization: Bearer client';
const JSON_TYPE = 'Content-Type: application/json';
const CALL = JSON.stringify(fullRequest('patient-view'));
const OUTCOME = JSON.stringify({
  feedback: [
    { card: '0f4b0b4e-7f4e-4c1c-9d52-1f3f3f7d2c11', outcome: 'overridden', outcomeTimestamp: '2026-11-22T12:00:00Z' },
  ],
});

/** An answer as it stood on the wire. */
interface Wire {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends a request as it is written here, which an HTTP client would put right first. */
async function ask(line: string, headers: readonly string[] = [], body = ''): Promise<Wire> {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [`${line} HTTP/1.1`, 'Host: cds.example', 'Connection: close', ...headers, ...length];
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1', () => {
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
  const received = await new Promise<string>((resolve, reject) => {
    let all = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (all += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(all));
  });
  const [top = '', ...rest] = received.split('\r\n\r\n');
  const [status = '', ...fields] = top.split('\r\n');
  return {
    status: Number(status.split(' ')[1]),
    headers: new Headers(
      fields.map((field): [string, string] => [
        field.slice(0, field.indexOf(':')),
        field.slice(field.indexOf(':') + 1),
      ]),
    ),
    text: rest.join('\r\n\r\n'),
  };
}

/** A row: what is sent, and the status that it is answered with. */
type Row = readonly [line: string, status: number, headers?: readonly string[], body?: string];

const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY'];

/** An answer that is not 2xx: an OperationOutcome that a browser of any origin can read, and does not guess at (CH-181, CH-190). */
function expectOutcome({ headers, text }: Wire, line: string): void {
  expect(headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  if (line.startsWith('HEAD ')) expect(text).toBe('');
  else
    expect(JSON.parse(text)).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]),
    });
}

/** Sends a row, and sees that what comes back is whole. */
async function sendRow([line, status, headers, body]: Row): Promise<Wire> {
  const answer = await ask(line, headers, body);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('x-powered-by')).toBeNull();
  if (status >= 400) expectOutcome(answer, line);
  return answer;
}

describe('discovery and the probes (CH-189, CH-192)', () => {
  test.each<Row>([
    ['GET /cds-services', 200],
    ['HEAD /cds-services', 200],
    ['GET /cds-services/', 200],
    ['GET /cds-services?a=b&a=c', 200],
    ['GET /cds-services?', 200],
    ['GET /CDS-Services', 404],
    ['GET http://other.example/cds-services', 200],
    ['GET /cds-services', 200, ['Accept: text/html']],
    ['GET /cds-services', 200, ['Accept-Encoding: br;q=1.0, *;q=0', 'Range: bytes=0-1', 'If-None-Match: *']],
    ['GET /cds-services', 200, ['X-HTTP-Method-Override: DELETE']],
    ['GET /cds-services', 200, [JSON_TYPE], '{'],
    ['GET /cds-services//', 404],
    ['GET //cds-services', 404],
    ['GET /cds%2Dservices', 404],
    ['GET /cds-services;v=1', 404],
    ['GET /./cds-services', 404],
    ['GET /x/../cds-services', 404],
    ['GET /cds-services%2F', 404],
    ['GET /cds-services%00', 404],
    ['GET *', 404],
    ['GET /healthz', 200],
    ['HEAD /healthz', 200],
    ['GET /healthz/', 200],
    ['GET /readyz?x', 200],
    ['HEAD /readyz', 200],
    ['GET /healthz/x', 404],
  ])('row %#: %s is a %i', async (...row) => {
    expect((await sendRow(row)).status).toBe(row[1]);
  });

  test.each(['/cds-services', '/healthz', '/readyz'])('HEAD %s says what GET says, without the body', async (path) => {
    const [head, get] = await Promise.all([ask(`HEAD ${path}`), ask(`GET ${path}`)]);
    const compared = ({ headers }: Wire) => [...headers].filter(([name]) => !['date', 'content-length'].includes(name));
    expect(compared(head)).toEqual(compared(get));
    expect(head.text).toBe('');
  });
});

describe('a call and its feedback (CH-26, CH-189, CH-192)', () => {
  test.each<Row>([
    [`POST ${SERVICE}`, 200, [JWT, JSON_TYPE], CALL],
    [`POST ${SERVICE}/`, 200, [JWT, JSON_TYPE], CALL],
    [`POST /cds-services//${ID}`, 200, [JWT, JSON_TYPE], CALL],
    [`POST /cds-services/${ID.replace('-', '%2D')}`, 200, [JWT, JSON_TYPE], CALL],
    [`POST ${SERVICE}?hook=other&patient=x`, 200, [JWT, JSON_TYPE], CALL],
    [`POST ${SERVICE}`, 200, [JWT, `${JSON_TYPE}; charset=UTF-8`, 'Accept: application/xml'], CALL],
    [`POST ${SERVICE}`, 200, [JWT, JSON_TYPE, 'X-HTTP-Method-Override: DELETE'], CALL],
    [`POST ${FEEDBACK}`, 200, [JWT, JSON_TYPE], OUTCOME],
    [`POST ${FEEDBACK}/`, 200, [JWT, JSON_TYPE], OUTCOME],
    [`POST ${FEEDBACK}?x=1`, 200, [JWT, JSON_TYPE], OUTCOME],
    [`POST /cds-services//${ID}/feedback`, 200, [JWT, JSON_TYPE], OUTCOME],
    // Unknown is unknown, whoever asks and whatever it is sent.
    [`POST ${BAD_ID}`, 404, [JWT, JSON_TYPE], CALL],
    [`POST ${BAD_ID}`, 404],
    [`POST ${BAD_ID}/feedback`, 404, [JWT, JSON_TYPE], OUTCOME],
    [`POST /cds-services/${ID.toUpperCase()}`, 404, [JWT, JSON_TYPE], CALL],
    ['POST /cds-services/__proto__', 404, [JWT, JSON_TYPE], CALL],
    [`POST ${SERVICE}%00`, 404, [JWT, JSON_TYPE], CALL],
    [`POST ${SERVICE}%2Ffeedback`, 404, [JWT, JSON_TYPE], OUTCOME],
    [`POST ${FEEDBACK}/x`, 404, [JWT, JSON_TYPE], OUTCOME],
    [`POST /cds-services///${ID}`, 404, [JWT, JSON_TYPE], CALL],
    ['POST /cds-services/%E0%A4%A', 400, [JWT, JSON_TYPE], CALL],
    // Who it is comes before what it says.
    [`POST ${SERVICE}`, 401, [JSON_TYPE], CALL],
    [`POST ${SERVICE}`, 401, [JSON_TYPE], '{'],
    [`POST ${SERVICE}`, 401, ['Content-Type: text/plain'], CALL],
    [`POST ${FEEDBACK}`, 401, [JSON_TYPE], OUTCOME],
    ['POST /cds-services/example-order-sign', 403, [JWT, JSON_TYPE], '{'],
    ['POST /cds-services/example-order-sign/feedback', 403, [JWT, JSON_TYPE], '{'],
    // What it says is judged last.
    [`POST ${SERVICE}`, 400, [JWT, JSON_TYPE], '{'],
    [`POST ${SERVICE}`, 400, [JWT, JSON_TYPE], '{}'],
    [`POST ${SERVICE}`, 400, [JWT, JSON_TYPE], '['.repeat(101) + ']'.repeat(101)],
    [`POST ${FEEDBACK}`, 400, [JWT, JSON_TYPE], '{'],
    [`POST ${SERVICE}`, 400, [JWT, JSON_TYPE, 'Content-Encoding: gzip'], CALL],
    [`POST ${SERVICE}`, 413, [JWT, JSON_TYPE], ' '.repeat(11 * 1024 * 1024)],
    [`POST ${FEEDBACK}`, 413, [JWT, JSON_TYPE], ' '.repeat(11 * 1024 * 1024)],
    [`POST ${SERVICE}`, 415, [JWT]],
    [`POST ${SERVICE}`, 415, [JWT], CALL],
    [`POST ${SERVICE}`, 415, [JWT, 'Content-Type: text/plain'], CALL],
    [`POST ${SERVICE}`, 415, [JWT, 'Content-Type: application/x-www-form-urlencoded'], CALL],
    [`POST ${SERVICE}`, 415, [JWT, 'Content-Type: application/fhir+xml'], CALL],
    [`POST ${SERVICE}`, 415, [JWT, `${JSON_TYPE}; charset=utf-16`], CALL],
    [`POST ${SERVICE}`, 415, [JWT, JSON_TYPE, 'Content-Encoding: compress'], CALL],
    [`POST ${FEEDBACK}`, 415, [JWT, 'Content-Type: text/plain'], OUTCOME],
  ])('row %#: %s is a %i', async (...row) => {
    expect((await sendRow(row)).status).toBe(row[1]);
  });

  test('is challenged in one way, whatever was wrong', async () => {
    const replies = await Promise.all([ask(`POST ${SERVICE}`), ask(`POST ${FEEDBACK}`, ['Authorization: Basic x'])]);
    expect(replies.map(({ headers }) => headers.get('www-authenticate'))).toEqual(['Bearer', 'Bearer']);
    expect(replies[0]?.text).toBe(replies[1]?.text);
  });

  test('is answered before its body comes when it is not to be read', async () => {
    const answer = await ask(`POST ${SERVICE}`, [JSON_TYPE, 'Content-Length: 1000000']);
    expect(answer.status).toBe(401);
  });
});

describe('what an address does not support is a 405 that says what it does (RFC 9110, 15.5.6)', () => {
  test.each([
    ...[SERVICE, FEEDBACK].flatMap((path) => METHODS.map((method) => [`${method} ${path}`, 'POST, OPTIONS'])),
    ...['/cds-services', '/healthz', '/readyz'].flatMap((path) =>
      ['POST', ...METHODS.slice(2)].map((method) => [`${method} ${path}`, 'GET, HEAD, OPTIONS']),
    ),
  ])('%s: %s', async (line, allowed) => {
    const { headers } = await sendRow([line, 405, [JSON_TYPE]]);
    expect(headers.get('allow')).toBe(allowed);
  });
});

describe('a browser of another origin (CH-181)', () => {
  const ORIGIN = 'Origin: https://app.example';
  const PREFLIGHT = [
    ORIGIN,
    'Access-Control-Request-Method: POST',
    'Access-Control-Request-Headers: authorization,content-type',
  ];

  test.each(['/cds-services', SERVICE, `${SERVICE}/`, `/cds-services//${ID}`, FEEDBACK, BAD_ID, '/healthz', '/nope'])(
    'is given leave for %s without a JWT',
    async (path) => {
      const { status, headers, text } = await ask(`OPTIONS ${path}`, PREFLIGHT);
      expect([status, text]).toEqual([204, '']);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-methods')).toBe('GET,POST,OPTIONS');
      expect(headers.get('access-control-allow-headers')).toBe('Authorization,Content-Type');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    },
  );

  test.each(['*', '/cds-services', SERVICE, FEEDBACK])(
    'OPTIONS %s is answered without a preflight too',
    async (target) => {
      expect((await ask(`OPTIONS ${target}`)).status).toBe(204);
    },
  );

  test.each<Row>([
    ['GET /cds-services', 200, [ORIGIN]],
    [`POST ${SERVICE}`, 200, [ORIGIN, JWT, JSON_TYPE], CALL],
    [`POST ${FEEDBACK}`, 200, [ORIGIN, JWT, JSON_TYPE], OUTCOME],
    [`POST ${SERVICE}`, 401, [ORIGIN, JSON_TYPE], CALL],
    [`POST ${FEEDBACK}`, 401, [ORIGIN, JSON_TYPE], OUTCOME],
    [`POST ${SERVICE}`, 400, [ORIGIN, JWT, JSON_TYPE], '{'],
    [`POST ${BAD_ID}`, 404, [ORIGIN, JWT, JSON_TYPE], CALL],
    [`GET ${SERVICE}`, 405, [ORIGIN]],
  ])('may read the answer: %s is a %i', async (...row) => {
    const { headers } = await sendRow(row);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
