import { afterEach, expect, jest, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import * as fc from 'fast-check';
import { perClientRateLimit } from '../../src/http/rate-limit.ts';
import { call, type Reply, type Served } from '../support/http.ts';
import { serveBehind } from './served-behind.ts';

const hello: RequestHandler = (_request, response) => {
  response.json({});
};

let served: Served | undefined;

afterEach(async () => {
  jest.restoreAllMocks();
  await served?.close();
});

/** A service whose callers say who they are and how much they may: `x-client: name 3`. */
async function service(
  windowMs?: number,
): Promise<(client?: string, headers?: Record<string, string>) => Promise<Reply>> {
  const limit = perClientRateLimit({
    clientOf: (request) => {
      const [name, rate] = request.get('x-client')?.split(' ') ?? [];
      return name === undefined ? undefined : { name, rateLimitPerMinute: Number(rate) };
    },
    ...(windowMs === undefined ? {} : { windowMs }),
  });
  const { url } = (served = await serveBehind(limit, hello));
  return async (client, headers) =>
    call(url, { headers: { ...headers, ...(client === undefined ? {} : { 'x-client': client }) } });
}

/** Sends `count` requests of one client, one after another. */
async function statuses(ask: () => Promise<Reply>, count: number): Promise<readonly number[]> {
  const all: number[] = [];
  // oxlint-disable-next-line no-await-in-loop -- which of them is refused depends on their order
  for (let sent = 0; sent < count; sent += 1) all.push((await ask()).status);
  return all;
}

test('a client may send as many as it may, and is told when to come back (CH-192)', async () => {
  const ask = await service();
  expect(await statuses(() => ask('a 3'), 5)).toEqual([200, 200, 200, 429, 429]);
  const { headers, body } = await ask('a 3');
  expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ diagnostics: 'rate-limited' }] });
  const seconds = headers.get('retry-after') ?? '';
  expect(seconds).toMatch(/^[1-9]\d*$/);
  expect(Number(seconds)).toBeLessThanOrEqual(60);
});

test('the flood of one takes nothing from another', async () => {
  const ask = await service();
  await Promise.all(Array.from({ length: 100 }, () => ask('loud 1')));
  expect(await statuses(() => ask('quiet 3'), 4)).toEqual([200, 200, 200, 429]);
});

test('a thousand at once are counted one by one', async () => {
  const ask = await service();
  const replies = await Promise.all(Array.from({ length: 100 }, () => ask('a 40')));
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(40);
});

test('those that go on in the same turn are counted one by one too', async () => {
  const waiting: (() => void)[] = [];
  const together: RequestHandler = (_request, _response, next) => {
    waiting.push(next);
    // As when they have waited for one answer of the store.
    if (waiting.length === 20) for (const goOn of waiting) void Promise.resolve().then(goOn);
  };
  const limit = perClientRateLimit({ clientOf: () => ({ name: 'a', rateLimitPerMinute: 15 }) });
  const { url } = (served = await serveBehind([together, limit], hello));
  const replies = await Promise.all(Array.from({ length: 20 }, () => call(url)));
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(15);
});

test('whoever is no client is not limited', async () => {
  const ask = await service();
  expect(new Set(await statuses(() => ask(), 50))).toEqual(new Set([200]));
});

test('a client that may nothing gets nothing', async () => {
  const ask = await service();
  expect(await statuses(() => ask('a 0'), 2)).toEqual([429, 429]);
});

test('the window ends, and begins anew', async () => {
  const ask = await service(100);
  const until = async (status: number): Promise<Reply> => {
    const reply = await ask('a 1');
    return reply.status === status ? reply : until(status);
  };
  expect((await until(429)).headers.get('retry-after')).toBe('1');
  expect((await until(200)).headers.get('retry-after')).toBeNull();
});

test.each(['__proto__', 'constructor', 'a'.repeat(1000)])('a client may be called %s', async (name) => {
  const ask = await service();
  expect(await statuses(() => ask(`${name} 1`), 2)).toEqual([200, 429]);
});

test('nothing of it is in an answer but Retry-After', async () => {
  const ask = await service();
  const replies = [await ask('a 1'), await ask('a 1')];
  expect(replies.flatMap(({ headers }) => [...headers.keys()].filter((name) => /rate|powered/.test(name)))).toEqual([]);
});

test('what a proxy says of addresses changes nothing, and nothing is said of it', async () => {
  const said: unknown[] = [];
  for (const method of ['error', 'warn'] as const)
    jest.spyOn(console, method).mockImplementation((...all) => said.push(all));
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => said.push(warning));
  const ask = await service();
  const forwarded = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' };
  expect(await statuses(() => ask('a 1', forwarded), 2)).toEqual([200, 429]);
  expect(said).toEqual([]);
});

test('any mix of clients: each gets the least of what it sent and what it may', async () => {
  const ask = await service();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (order, limit) => {
        run += 1;
        const taken = await Promise.all(
          order.map(async (name) => ((await ask(`${name}${run} ${limit}`)).status === 200 ? name : undefined)),
        );
        for (const name of new Set(order)) {
          const sent = order.filter((one) => one === name).length;
          expect(taken.filter((one) => one === name)).toHaveLength(Math.min(sent, limit));
        }
      },
    ),
    { numRuns: 20 },
  );
});
