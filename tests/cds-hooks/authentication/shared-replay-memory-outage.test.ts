import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSharedReplayMemory } from '../../../src/cds-hooks/authentication/shared-replay-memory.ts';
import { createPatience } from '../../../src/cds-hooks/patience.ts';
import type { Database } from '../../../src/feedback/store/database.ts';
import { openDatabase } from '../../../src/feedback/store/open-database.ts';
import { createUsedJtis } from '../../../src/feedback/store/used-jtis.ts';
import { type PostgresForTests, startPostgres } from '../../support/postgres.ts';

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

const until = () => new Date(Date.now() + 300_000);

// CH-166, CH-177.
test('a JWT that one process took while PostgreSQL was away is refused by the other when it is back', async () => {
  let fallbacks = 0;
  const [one, other] = databases.map((database) =>
    createSharedReplayMemory({
      shared: createUsedJtis(database),
      // Not what is tested here, and a machine may be busy.
      patience: createPatience(60_000),
      onFallback: () => {
        fallbacks += 1;
      },
    }),
  );
  if (one === undefined || other === undefined) throw new Error('there are two');
  expect(await one.use('a', 'before', until())).toBe('first');

  await postgres.stop();
  const jtis = Array.from({ length: 500 }, (_, n) => `meanwhile ${n}`);
  const meanwhile = await Promise.all(jtis.map(async (jti) => one.use('a', jti, until())));
  expect(new Set(meanwhile)).toEqual(new Set(['first']));
  expect(await one.use('a', 'meanwhile 0', until())).toBe('again');
  expect(fallbacks).toBe(500);
  expect(one.unnoted).toBe(500);

  await postgres.restart();
  const isNoted = async (): Promise<void> => {
    if (one.unnoted === 0) return;
    await sleep(20);
    await isNoted();
  };
  await isNoted();
  const elsewhere = await Promise.all(jtis.map(async (jti) => other.use('a', jti, until())));
  expect(new Set(elsewhere)).toEqual(new Set(['again']));
  expect(await other.use('a', 'before', until())).toBe('again');
  expect(await other.use('a', 'after', until())).toBe('first');
  expect(await one.use('a', 'after', until())).toBe('again');
  expect(fallbacks).toBe(500);
});

test('a process that was started again knows what it took before it was killed', async () => {
  const [one] = databases;
  if (one === undefined) throw new Error('there are two');
  expect(await createSharedReplayMemory({ shared: createUsedJtis(one) }).use('a', 'kept', until())).toBe('first');
  expect(await createSharedReplayMemory({ shared: createUsedJtis(one) }).use('a', 'kept', until())).toBe('again');
});
