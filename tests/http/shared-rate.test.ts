import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { createPatience } from '../../src/cds-hooks/patience.ts';
import type { Database } from '../../src/feedback/store/database.ts';
import { openDatabase } from '../../src/feedback/store/open-database.ts';
import { createRateWindows } from '../../src/feedback/store/rate-windows.ts';
import { perClientRateLimit } from '../../src/http/rate-limit.ts';
import type { SharedCounter, SharedRate } from '../../src/http/shared-rate.ts';
import { call, type Served } from '../support/http.ts';
import { type PostgresForTests, startPostgres } from '../support/postgres.ts';
import { serveBehind } from './served-behind.ts';

const hello: RequestHandler = (_request, response) => {
  response.json({});
};

const open: Served[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((served) => served.close()));
});

/** A service whose callers say who they are and how much they may: `x-client: name 3`. */
async function service(shared: SharedRate, windowMs?: number) {
  const limit = perClientRateLimit({
    clientOf: (request) => {
      const [name, rate] = request.get('x-client')?.split(' ') ?? [];
      return name === undefined ? undefined : { name, rateLimitPerMinute: Number(rate) };
    },
    shared,
    ...(windowMs === undefined ? {} : { windowMs }),
  });
  const served = await serveBehind(limit, hello);
  open.push(served);
  return async (client?: string) => call(served.url, client === undefined ? {} : { headers: { 'x-client': client } });
}

/** What becomes of `count` requests, one after another. */
async function statuses(ask: () => Promise<{ readonly status: number }>, count: number): Promise<readonly number[]> {
  const all: number[] = [];
  // oxlint-disable-next-line no-await-in-loop -- which of them is refused depends on their order
  for (let sent = 0; sent < count; sent += 1) all.push((await ask()).status);
  return all;
}

// CH-192.
describe('a limit that processes share', () => {
  test('goes by the shared count, and by when its window ends', async () => {
    const asked: unknown[] = [];
    const counter: SharedCounter = {
      hit: async (key, windowMs, now) => {
        asked.push([key, windowMs]);
        return { hits: 4, resetsAt: now + 7000 };
      },
    };
    const ask = await service({ counter, kind: 'feedback' });
    expect((await ask('a 4')).status).toBe(200);
    const { status, headers } = await ask('a 3');
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('7');
    expect(asked).toEqual([
      ['feedback:a', 60_000],
      ['feedback:a', 60_000],
    ]);
  });

  test('asks nothing for whoever is not limited', async () => {
    const counter: SharedCounter = { hit: async () => Promise.reject(new Error('asked')) };
    const ask = await service({ counter, kind: 'calls', onFallback: () => expect('nobody').toBe('counted') });
    expect((await ask()).status).toBe(200);
  });

  test.each<[string, SharedCounter['hit']]>([
    ['fails', async () => Promise.reject(new Error('gone'))],
    ['is silent', async () => new Promise(() => {})],
  ])('is each process’ own while the shared count %s', async (_how, hit) => {
    let fallbacks = 0;
    const ask = await service({
      counter: { hit },
      kind: 'calls',
      patience: createPatience(1),
      onFallback: () => {
        fallbacks += 1;
      },
    });
    expect(await statuses(async () => ask('a 3'), 5)).toEqual([200, 200, 200, 429, 429]);
    expect((await ask('b 1')).status).toBe(200);
    expect(fallbacks).toBe(6);
  });

  test('is exact while the shared count is silent, though all wait for it together', async () => {
    const ask = await service({
      counter: { hit: async () => new Promise(() => {}) },
      kind: 'calls',
      patience: createPatience(50),
    });
    const replies = await Promise.all(Array.from({ length: 40 }, async () => ask('a 15')));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(15);
  });

  test('is not waited for while something else that was asked for the same request is overdue', async () => {
    const patience = createPatience(1);
    await patience(new Promise(() => {}));
    let hits = 0;
    let fallbacks = 0;
    const ask = await service({
      counter: { hit: async (_key, windowMs, now) => ({ hits: (hits += 1), resetsAt: now + windowMs }) },
      kind: 'calls',
      patience,
      onFallback: () => {
        fallbacks += 1;
      },
    });
    expect((await ask('a 3')).status).toBe(200);
    expect([hits, fallbacks]).toEqual([1, 1]);
  });

  test('takes into account what this process let in before the shared count failed', async () => {
    let isUp = true;
    let hits = 0;
    const hit = async (_key: string, windowMs: number, now: number) => {
      if (!isUp) throw new Error('gone');
      hits += 1;
      return { hits, resetsAt: now + windowMs };
    };
    const ask = await service({ counter: { hit }, kind: 'calls' });
    expect(await statuses(async () => ask('a 3'), 2)).toEqual([200, 200]);
    isUp = false;
    expect(await statuses(async () => ask('a 3'), 2)).toEqual([200, 429]);
  });
});

describe('a limit that processes share in PostgreSQL', () => {
  let postgres: PostgresForTests;
  let databases: readonly Database[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    databases = [await openDatabase(postgres.url), await openDatabase(postgres.url)];
  });

  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await postgres.close();
  });

  // Not what is tested here, and a machine may be busy.
  const patient = { patience: createPatience(60_000) };

  /** So long that no window ends before the test. */
  const HOUR = 3_600_000;

  const services = async (kind: SharedRate['kind'], windowMs: number, onFallback?: () => void) => {
    const [one, other] = await Promise.all(
      databases.map(async (database) =>
        service(
          {
            counter: createRateWindows(database),
            kind,
            ...patient,
            ...(onFallback === undefined ? {} : { onFallback }),
          },
          windowMs,
        ),
      ),
    );
    if (one === undefined || other === undefined) throw new Error('there are two');
    return { one, other };
  };

  test('lets through exactly as many at two processes as one would, however they come', async () => {
    const { one, other } = await services('calls', HOUR);
    const replies = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => (n % 3 === 0 ? one : other)('General-Hospital 40')),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(40);
    expect((await one('General-Hospital 40')).status).toBe(429);
    expect((await other('North 1')).status).toBe(200);
    expect((await one('North 1')).status).toBe(429);
  });

  test('counts calls, feedback and discovery apart', async () => {
    const all = await Promise.all(
      (['calls', 'feedback', 'discovery'] as const).map(async (kind) => services(kind, HOUR)),
    );
    const replies = await Promise.all(all.map(async ({ one }) => (await one('East 1')).status));
    expect(replies).toEqual([200, 200, 200]);
    const more = await Promise.all(all.map(async ({ other }) => (await other('East 1')).status));
    expect(more).toEqual([429, 429, 429]);
  });

  test('is each process’ own while PostgreSQL is away, and one again afterwards', async () => {
    let fallbacks = 0;
    const { one, other } = await services('calls', HOUR, () => {
      fallbacks += 1;
    });
    expect((await one('South 2')).status).toBe(200);
    await postgres.stop();
    expect(await statuses(async () => one('South 2'), 2)).toEqual([200, 429]);
    expect(await statuses(async () => other('South 2'), 3)).toEqual([200, 200, 429]);
    expect(fallbacks).toBe(5);

    await postgres.restart();
    const isShared = async (name: string): Promise<void> => {
      const before = fallbacks;
      await Promise.all([one(`${name} 1`), other(`${name} 1`)]);
      if (fallbacks === before) return;
      await sleep(50);
      await isShared(`${name}+`);
    };
    await isShared('West');
    expect((await one('Middle 1')).status).toBe(200);
    expect((await other('Middle 1')).status).toBe(429);
  });
});
