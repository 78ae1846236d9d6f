import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import nock from 'nock';
import type { FhirAnswer } from '../../src/fhir/fhir-answer.ts';
import { createFhirServer, type FhirServerPort } from '../../src/fhir/fhir-server.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';

let server: LocalServer | undefined;

// nock puts an agent of its own in place of ours, and this is about ours. Nothing but this file's own servers is asked.
beforeAll(() => nock.restore());

afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Answers one GET by `listener`, given up so long after it arrived; says when the server has seen the connection go. */
async function getFrom(
  listener: RequestListener,
  options: { readonly abortAfterMs?: number; readonly maxPageBytes?: number } = {},
): Promise<{ answer: FhirAnswer; elapsedMs: number; connectionClosed: Promise<void> }> {
  const closed = Promise.withResolvers<void>();
  const budget = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let arrived = performance.now();
  server = await startLocalServer((req, res) => {
    // From here on: a request given up before it arrived has no connection that the server could see go.
    arrived = performance.now();
    timer = setTimeout(() => budget.abort(), options.abortAfterMs ?? 5000);
    res.on('close', closed.resolve);
    listener(req, res);
  });
  const port = createFhirServer(options.maxPageBytes === undefined ? {} : { maxPageBytes: options.maxPageBytes });
  const answer = await port.get({
    base: server.base,
    url: `${server.base}/Condition?patient=p1`,
    accessToken: 'secret',
    signal: budget.signal,
    reach: { kind: 'any' },
  });
  clearTimeout(timer);
  return { answer, elapsedMs: performance.now() - arrived, connectionClosed: closed.promise };
}

const json = { 'content-type': 'application/fhir+json' };

test('a server that never answers is timed-out, and the connection is closed', async () => {
  const { answer, elapsedMs, connectionClosed } = await getFrom(() => undefined, { abortAfterMs: 50 });
  expect(answer).toEqual({ kind: 'failed', reason: 'timed-out' });
  expect(elapsedMs).toBeLessThan(1000);
  await connectionClosed;
});

test('a body that drips is timed-out, and the connection is closed', async () => {
  const { answer, elapsedMs, connectionClosed } = await getFrom(
    (_req, res) => {
      res.writeHead(200, json).write('{"resourceType":"Bundle","entry":[');
      const drip = setInterval(() => res.write(' '), 5);
      res.on('close', () => clearInterval(drip));
    },
    { abortAfterMs: 100 },
  );
  expect(answer).toEqual({ kind: 'failed', reason: 'timed-out' });
  expect(elapsedMs).toBeLessThan(1000);
  await connectionClosed;
});

const ERRORS: readonly (readonly [status: number, headers: Readonly<Record<string, string>>, failure: object])[] = [
  [500, { 'content-type': 'text/html' }, { reason: 'failed' }],
  [401, { 'content-type': 'application/fhir+json' }, { reason: 'refused' }],
  [404, { 'content-type': 'application/fhir+xml' }, { reason: 'not-offered' }],
  [429, { 'retry-after': '7' }, { reason: 'throttled', retryAfterMs: 7000 }],
  [
    503,
    { 'content-type': 'application/octet-stream', 'retry-after': '8' },
    { reason: 'throttled', retryAfterMs: 8000 },
  ],
  [504, { 'content-encoding': 'gzip' }, { reason: 'unreachable' }],
];

test.each(ERRORS)(
  'a %i whose body drips is known by its status when it is given up, and the connection is closed',
  async (status, headers, failure) => {
    const { answer, connectionClosed } = await getFrom(
      (_req, res) => {
        res.writeHead(status, headers).write('<html>');
        const drip = setInterval(() => res.write(' '), 5);
        res.on('close', () => clearInterval(drip));
      },
      { abortAfterMs: 100 },
    );
    expect(answer).toEqual({ kind: 'failed', ...failure });
    await connectionClosed;
  },
);

test.each([
  [429, { 'retry-after': '7' }, { reason: 'throttled', retryAfterMs: 7000 }],
  [404, { 'content-type': 'application/octet-stream' }, { reason: 'not-offered' }],
  [403, { 'content-encoding': 'deflate' }, { reason: 'refused' }],
] as const)(
  'a %i whose body hangs is known by its status long before the time is over, and the connection is closed',
  async (status, headers, failure) => {
    const { answer, elapsedMs, connectionClosed } = await getFrom(
      (_req, res) => res.writeHead(status, headers).flushHeaders(),
      { abortAfterMs: 20_000 },
    );
    expect(answer).toEqual({ kind: 'failed', ...failure });
    expect(elapsedMs).toBeLessThan(10_000);
    await connectionClosed;
  },
  15_000,
);

test('an error whose connection drops within the body is known by its status', async () => {
  const { answer } = await getFrom((_req, res) => {
    res.writeHead(429, { 'retry-after': '7', 'content-length': '1000' }).write('Busy');
    setTimeout(() => res.destroy(), 20);
  });
  expect(answer).toEqual({ kind: 'failed', reason: 'throttled', retryAfterMs: 7000 });
});

test('a signal that has aborted before asks nothing', async () => {
  let requests = 0;
  server = await startLocalServer((_req, res) => {
    requests += 1;
    res.end();
  });
  const answer = await createFhirServer().get({
    base: server.base,
    url: `${server.base}/Patient/p1`,
    accessToken: undefined,
    signal: AbortSignal.abort(),
    reach: { kind: 'any' },
  });
  expect(answer).toEqual({ kind: 'failed', reason: 'timed-out' });
  expect(requests).toBe(0);
});

test('a body that nobody reads does not keep the connection open', async () => {
  const { answer, connectionClosed } = await getFrom((_req, res) => {
    res.writeHead(200, { 'content-type': 'application/fhir+xml' }).write('<Bundle>');
  });
  expect(answer).toEqual({ kind: 'failed', reason: 'malformed' });
  await connectionClosed;
});

test('an error body that nobody reads does not keep the connection open', async () => {
  const { answer, connectionClosed } = await getFrom((_req, res) => {
    res.writeHead(503, { 'content-type': 'application/octet-stream' }).write('x');
  });
  expect(answer).toEqual({ kind: 'failed', reason: 'unreachable' });
  await connectionClosed;
});

test('a page that is too long is too-long, and the connection is closed before its end', async () => {
  let written = 0;
  const { answer, connectionClosed } = await getFrom(
    (_req, res) => {
      res.writeHead(200, json);
      const flood = setInterval(() => {
        written += 1;
        res.write(' '.repeat(1000));
      }, 1);
      res.on('close', () => clearInterval(flood));
    },
    { maxPageBytes: 20_000 },
  );
  expect(answer).toEqual({ kind: 'failed', reason: 'too-long' });
  await connectionClosed;
  expect(written).toBeLessThan(1000);
});

test('a compressed page counts by what it unpacks to', async () => {
  const bomb = gzipSync(JSON.stringify({ resourceType: 'Bundle', x: ' '.repeat(1_000_000) }));
  expect(bomb.length).toBeLessThan(20_000);
  const { answer } = await getFrom(
    (_req, res) => res.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb),
    {
      maxPageBytes: 20_000,
    },
  );
  expect(answer).toEqual({ kind: 'failed', reason: 'too-long' });
});

test('a page up to the limit is read', async () => {
  const body = JSON.stringify({ resourceType: 'Bundle' });
  const { answer } = await getFrom((_req, res) => res.writeHead(200, json).end(body), { maxPageBytes: body.length });
  expect(answer).toEqual({ kind: 'answered', body: { resourceType: 'Bundle' } });
});

const DROPS: Readonly<Record<string, (socket: Socket) => unknown>> = {
  'is ended': (socket) => socket.end(),
  'is reset': (socket) => socket.resetAndDestroy(),
};
const drops = Object.entries(DROPS);

test.each(drops)('a connection that %s within a chunked body is unreachable', async (_how, drop) => {
  const { answer } = await getFrom((req, res) => {
    res.writeHead(200, json).write('{"resourceType":');
    setTimeout(() => drop(req.socket), 20);
  });
  expect(answer).toEqual({ kind: 'failed', reason: 'unreachable' });
});

test.each(drops)('a connection that %s within a packed body is unreachable', async (_how, drop) => {
  const packed = gzipSync(JSON.stringify(Array.from({ length: 500 }, Math.random)));
  const { answer } = await getFrom((req, res) => {
    res.writeHead(200, { ...json, 'content-encoding': 'gzip' }).write(packed.subarray(0, packed.length / 2));
    setTimeout(() => drop(req.socket), 20);
  });
  expect(answer).toEqual({ kind: 'failed', reason: 'unreachable' });
});

test.each(drops)('a connection that %s within the headers is unreachable', async (_how, drop) => {
  const { answer } = await getFrom(({ socket }) => socket.write('HTTP/1.1 200 OK\r\nContent-Ty', () => drop(socket)));
  expect(answer).toEqual({ kind: 'failed', reason: 'unreachable' });
});

test.each(drops)('a connection that %s before any answer is unreachable', async (_how, drop) => {
  const { answer } = await getFrom(({ socket }) => drop(socket));
  expect(answer).toEqual({ kind: 'failed', reason: 'unreachable' });
});

test('a connection that drops within a body of known length is unreachable, and not waited for', async () => {
  const { answer, elapsedMs } = await getFrom(
    (_req, res) => {
      res.writeHead(200, { ...json, 'content-length': '1000' }).write('{"resourceType":"Bundle"}');
      setTimeout(() => res.destroy(), 20);
    },
    { abortAfterMs: 20_000 },
  );
  expect(answer).toEqual({ kind: 'failed', reason: 'unreachable' });
  expect(elapsedMs).toBeLessThan(10_000);
});

test('a packed body that was cut off is never half a Bundle', async () => {
  const packed = gzipSync(JSON.stringify({ resourceType: 'Bundle', entry: Array.from({ length: 500 }, Math.random) }));
  const { answer } = await getFrom((_req, res) =>
    res.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(packed.subarray(0, packed.length / 2)),
  );
  expect(answer).toEqual({ kind: 'failed', reason: 'malformed' });
});

test.each(['gzip', 'deflate', 'br'])('a body that is not packed by %s as it says is failed', async (encoding) => {
  const { answer } = await getFrom((_req, res) =>
    res.writeHead(200, { ...json, 'content-encoding': encoding }).end('no such thing'),
  );
  expect(answer).toEqual({ kind: 'failed', reason: 'failed' });
});

test.each([
  ['instead of an answer', 'SSH-2.0-OpenSSH\r\n'],
  ['in a chunked body', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nno length\r\n'],
])('what is no HTTP %s is failed: somebody is there', async (_where, bytes) => {
  const { answer } = await getFrom(({ socket }) => socket.write(bytes));
  expect(answer).toEqual({ kind: 'failed', reason: 'failed' });
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
] as const)('a body packed by %s is unpacked', async (encoding, pack) => {
  const { answer } = await getFrom((_req, res) =>
    res.writeHead(200, { ...json, 'content-encoding': encoding }).end(pack('{"resourceType":"Bundle"}')),
  );
  expect(answer).toEqual({ kind: 'answered', body: { resourceType: 'Bundle' } });
});

test('a body that ends with its connection is whole', async () => {
  const { answer } = await getFrom((_req, res) => {
    res.useChunkedEncodingByDefault = false;
    res.writeHead(200, { ...json, connection: 'close' }).write('{"resourceType":');
    res.end('"Bundle"}');
  });
  expect(answer).toEqual({ kind: 'answered', body: { resourceType: 'Bundle' } });
});

test('a byte order mark before JSON is tolerated', async () => {
  const { answer } = await getFrom((_req, res) => res.writeHead(200, json).end('\uFEFF{"resourceType":"Bundle"}'));
  expect(answer).toEqual({ kind: 'answered', body: { resourceType: 'Bundle' } });
});

async function getAt(base: string): Promise<FhirAnswer> {
  return createFhirServer().get({
    base,
    url: `${base}/Patient/p1`,
    accessToken: undefined,
    signal: new AbortController().signal,
    reach: { kind: 'any' },
  });
}

test.each(['http', 'https'])('a connection that is refused is unreachable: %s', async (scheme) => {
  const gone = await startLocalServer((_req, res) => res.end());
  await gone.close();
  expect(await getAt(gone.base.replace('http', scheme))).toEqual({ kind: 'failed', reason: 'unreachable' });
});

test('a server that speaks no TLS is unreachable by https', async () => {
  server = await startLocalServer((_req, res) => res.end());
  expect(await getAt(server.base.replace('http', 'https'))).toEqual({ kind: 'failed', reason: 'unreachable' });
});

interface Connections {
  readonly opened: () => number;
  readonly ask: (port: FhirServerPort, path?: string) => Promise<FhirAnswer>;
}

/** Counts the connections to a server. `listener` is told how many requests came over this connection before. */
async function countConnections(
  listener: (earlier: number, ...exchange: Parameters<RequestListener>) => void,
): Promise<Connections> {
  const requests = new Map<unknown, number>();
  server = await startLocalServer((req, res) => {
    const earlier = requests.get(req.socket) ?? 0;
    requests.set(req.socket, earlier + 1);
    listener(earlier, req, res);
  });
  const { base } = server;
  return {
    opened: () => requests.size,
    ask: (port, path = 'Patient/p1') =>
      port.get({
        base,
        url: `${base}/${path}`,
        accessToken: undefined,
        signal: new AbortController().signal,
        reach: { kind: 'any' },
      }),
  };
}

test.each([
  ['an answer', {}, 200, '{}'],
  [
    'a packed answer',
    { 'content-encoding': 'gzip' },
    200,
    gzipSync(JSON.stringify(Array.from({ length: 9999 }, Math.random))),
  ],
  ['an error', {}, 404, '{}'],
  ['an error in XML', { 'content-type': 'application/fhir+xml' }, 401, '<OperationOutcome/>'],
  ['an error that is long', { 'content-type': 'application/octet-stream' }, 500, 'x'.repeat(500_000)],
  ['a packed error', { 'content-encoding': 'gzip' }, 503, gzipSync('Busy')],
])('after %s the connection is kept for the next request', async (_what, headers, status, body) => {
  const { opened, ask } = await countConnections((_earlier, _req, res) =>
    res.writeHead(status, { ...json, ...headers }).end(body),
  );
  const port = createFhirServer();
  for (const path of ['Patient/1', 'Patient/2', 'Patient/3']) {
    // oxlint-disable-next-line no-await-in-loop -- a connection can be used again only when it is free
    await ask(port, path);
  }
  expect(opened()).toBe(1);
});

test('a kept connection that turns out to be closed costs one more request, over a new one', async () => {
  let requests = 0;
  const { opened, ask } = await countConnections((earlier, req, res) => {
    requests += 1;
    // As a balancer does that has forgotten the connection.
    if (earlier > 0) req.socket.resetAndDestroy();
    else res.writeHead(200, json).end('{}');
  });
  const port = createFhirServer();
  await ask(port);
  expect(await ask(port)).toEqual({ kind: 'answered', body: {} });
  expect([opened(), requests]).toEqual([2, 3]);
});

test('even if all that were kept have been closed', async () => {
  const waiting: (() => void)[] = [];
  const { opened, ask } = await countConnections((earlier, req, res) => {
    const answer = () => res.writeHead(200, json).end('{}');
    if (earlier > 0) req.socket.resetAndDestroy();
    else if (waiting.push(answer) > 3) answer();
    else if (waiting.length === 3) for (const each of waiting) each();
  });
  const port = createFhirServer();
  await Promise.all([ask(port), ask(port), ask(port)]);
  expect(await ask(port)).toEqual({ kind: 'answered', body: {} });
  expect(opened()).toBe(4);
});

test('and not a second one', async () => {
  let requests = 0;
  const { ask } = await countConnections((_earlier, req, res) => {
    requests += 1;
    if (requests > 1) req.socket.resetAndDestroy();
    else res.writeHead(200, json).end('{}');
  });
  const port = createFhirServer();
  await ask(port);
  expect(await ask(port)).toEqual({ kind: 'failed', reason: 'unreachable' });
  expect(requests).toBe(3);
});

test('a new connection that is closed is not tried again', async () => {
  let requests = 0;
  const { ask } = await countConnections((_earlier, req) => {
    requests += 1;
    req.socket.resetAndDestroy();
  });
  expect(await ask(createFhirServer())).toEqual({ kind: 'failed', reason: 'unreachable' });
  expect(requests).toBe(1);
});

test('a kept connection that drops after the answer has begun is not tried again', async () => {
  let requests = 0;
  const { ask } = await countConnections((earlier, _req, res) => {
    requests += 1;
    res.writeHead(200, { ...json, 'content-length': '2' });
    if (earlier === 0) res.end('{}');
    else res.write('{', () => res.destroy());
  });
  const port = createFhirServer();
  await ask(port);
  expect(await ask(port)).toEqual({ kind: 'failed', reason: 'unreachable' });
  expect(requests).toBe(2);
});

test('a server has at most 64 connections at a time, and the rest waits', async () => {
  const waiting: (() => void)[] = [];
  const full = Promise.withResolvers<void>();
  const { opened, ask } = await countConnections((_earlier, _req, res) => {
    waiting.push(() => res.writeHead(200, json).end('{}'));
    if (waiting.length === 64) full.resolve();
    if (waiting.length > 64) res.writeHead(200, json).end('{}');
  });
  const port = createFhirServer();
  const answers = Array.from({ length: 70 }, () => ask(port));
  await full.promise;
  expect(opened()).toBe(64);
  for (const answer of waiting) answer();
  expect(await Promise.all(answers)).toEqual(answers.map(() => ({ kind: 'answered', body: {} })));
  expect(opened()).toBe(64);
});
