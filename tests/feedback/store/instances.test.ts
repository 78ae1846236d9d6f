import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Database } from '../../../src/feedback/store/database.ts';
import { createInstances, type Instance, type InstancesOptions } from '../../../src/feedback/store/instances.ts';
import { eachStore } from '../../support/store.ts';

const NOON = Date.parse('2026-11-23T12:00:00Z');

eachStore('the processes that share a store', (store) => {
  const process = (database: Database, options: Partial<InstancesOptions> = {}) => {
    const told: Instance[] = [];
    const instances = createInstances(database, {
      version: '1.0.0',
      settings: 'as always',
      now: () => new Date(NOON),
      onOtherSettings: (other) => told.push(other),
      ...options,
    });
    return { ...instances, told };
  };

  test('see each other, each with what it says of itself', async () => {
    const one = process(await store.open());
    const other = process(await store.open(), {
      version: '1.1.0',
      settings: 'other',
      now: () => new Date(NOON + 1000),
    });
    await one.start();
    await other.start();
    expect(await one.others()).toEqual([
      {
        id: other.id,
        startedAt: '2026-11-23T12:00:01.000Z',
        seenAt: '2026-11-23T12:00:01.000Z',
        version: '1.1.0',
        settings: 'other',
      },
    ]);
    expect((await other.others()).map(({ id }) => id)).toEqual([one.id]);
    await Promise.all([one.stop(), other.stop()]);
    expect(await store.sql('select id from instance')).toEqual([]);
  });

  test('forget one that has not been seen for a minute and a half', async () => {
    const database = await store.open();
    const gone = process(database);
    await gone.start();
    const after = (seconds: number) => process(database, { now: () => new Date(NOON + seconds * 1000) });
    expect(await after(90).others()).toHaveLength(1);
    expect(await after(91).others()).toHaveLength(0);
    await gone.stop();
  });

  test('go on saying that they live, though their row is gone', async () => {
    const database = await store.open();
    const one = process(database, { everyMs: 5 });
    await one.start();
    await database.write(async (tables) => tables.deleteFrom('instance').execute());
    const seen = async (): Promise<void> => {
      if ((await store.sql('select id from instance')).length > 0) return;
      await sleep(5);
      await seen();
    };
    await seen();
    await one.stop();
    expect(await store.sql('select id from instance')).toEqual([]);
  });

  test('notice one of the same version that answers by other settings, once', async () => {
    const database = await store.open();
    const usual = process(database);
    const half = process(database, { settings: 'half deployed' });
    const next = process(database, { version: '1.1.0', settings: 'of the next version' });
    await usual.start();
    await half.start();
    await next.start();
    // A sign of life is what `start` gives as well.
    await usual.start();
    await usual.start();
    expect(usual.told.map(({ id }) => id)).toEqual([half.id]);
    expect(half.told.map(({ id }) => id)).toEqual([usual.id]);
    expect(next.told).toEqual([]);
    await Promise.all([usual.stop(), half.stop(), next.stop()]);
  });

  test('start and stop without the store', async () => {
    const database = await store.open();
    await database.close();
    const one = process(database);
    await one.start();
    await expect(one.others()).rejects.toMatchObject({ reason: 'closed' });
    await one.stop();
  });
});
