import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { createFhirServer, type FhirAnswer } from '../../src/fhir/fhir-server.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';

let server: LocalServer | undefined;

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

test('an error body that drips is timed-out, and the connection is closed', async () => {
  const { answer, connectionClosed } = await getFrom(
    (_req, res) => {
      res.writeHead(500, { 'content-type': 'text/html' }).write('<html>');
      const drip = setInterval(() => res.write(' '), 5);
      res.on('close', () => clearInterval(drip));
    },
    { abortAfterMs: 100 },
  );
  expect(answer).toEqual({ kind: 'failed', reason: 'timed-out' });
  await connectionClosed;
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
  expect(answer).toEqual({ kind: 'failed', reason: 'failed' });
  await connectionClosed;
});

test('a page that is too long is failed, and the connection is closed before its end', async () => {
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
  expect(answer).toEqual({ kind: 'failed', reason: 'failed' });
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
  expect(answer).toEqual({ kind: 'failed', reason: 'failed' });
});

test('a page up to the limit is read', async () => {
  const body = JSON.stringify({ resourceType: 'Bundle' });
  const { answer } = await getFrom((_req, res) => res.writeHead(200, json).end(body), { maxPageBytes: body.length });
  expect(answer).toEqual({ kind: 'answered', body: { resourceType: 'Bundle' } });
});

test('a connection that drops within a chunked body is failed', async () => {
  const { answer } = await getFrom((_req, res) => {
    res.writeHead(200, json).write('{"resourceType":');
    setTimeout(() => res.destroy(), 20);
  });
  expect(answer).toEqual({ kind: 'failed', reason: 'failed' });
});

test('a connection that drops within a body of known length is timed-out: node-fetch does not notice it', async () => {
  const { answer } = await getFrom(
    (_req, res) => {
      res.writeHead(200, { ...json, 'content-length': '1000' }).write('{"resourceType":');
      setTimeout(() => res.destroy(), 20);
    },
    { abortAfterMs: 200 },
  );
  expect(answer).toEqual({ kind: 'failed', reason: 'timed-out' });
});

test('a connection that is refused is failed', async () => {
  const gone = await startLocalServer((_req, res) => res.end());
  await gone.close();
  const answer = await createFhirServer().get({
    base: gone.base,
    url: `${gone.base}/Patient/p1`,
    accessToken: undefined,
    signal: new AbortController().signal,
  });
  expect(answer).toEqual({ kind: 'failed', reason: 'failed' });
});
