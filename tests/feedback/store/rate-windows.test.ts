import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createRateWindows } from '../../../src/feedback/store/rate-windows.ts';
import { eachStore } from '../../support/store.ts';

const MINUTE = 60_000;
const NOON = Date.parse('2026-11-23T12:00:00Z');

// CH-192.
eachStore('requests in a window', (store) => {
  const processes = async (count: number) =>
    Promise.all(Array.from({ length: count }, async () => createRateWindows(await store.open())));

  test('are counted together, wherever they come, until the window ends', async () => {
    const [one, other] = await processes(2);
    expect(await one?.hit('calls:a', MINUTE, NOON)).toEqual({ hits: 1, resetsAt: NOON + MINUTE });
    expect(await other?.hit('calls:a', MINUTE, NOON + 1000)).toEqual({ hits: 2, resetsAt: NOON + MINUTE });
    expect(await one?.hit('calls:a', MINUTE, NOON + MINUTE - 1)).toEqual({ hits: 3, resetsAt: NOON + MINUTE });
    const next = { hits: 1, resetsAt: NOON + 2 * MINUTE };
    expect(await other?.hit('calls:a', MINUTE, NOON + MINUTE)).toEqual(next);
    expect(await one?.hit('calls:a', MINUTE, NOON + MINUTE)).toEqual({ ...next, hits: 2 });
  });

  test('of one key take nothing from another', async () => {
    const [one] = await processes(1);
    const keys = ['calls:a', 'calls:b', 'feedback:a', 'calls:a'];
    const windows = await Promise.all(keys.map(async (key) => one?.hit(key, MINUTE, NOON)));
    expect(windows.map((window) => window?.hits)).toEqual([1, 1, 1, 2]);
  });

  test('at the same moment at several processes, no two have the same number and none is left out', async () => {
    const all = await processes(3);
    let run = 0;
    const drawn = fc.array(fc.tuple(fc.nat(2), fc.constantFrom('a', 'b', 'c')), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(drawn, async (requests) => {
        run += 1;
        const counted = await Promise.all(
          requests.map(async ([at, key]) => [key, await all[at]?.hit(`${run} ${key}`, MINUTE, NOON)] as const),
        );
        for (const key of ['a', 'b', 'c']) {
          const hits = counted.filter(([of]) => of === key).map(([, window]) => window?.hits ?? 0);
          expect(hits.toSorted((x, y) => x - y)).toEqual(hits.map((_, index) => index + 1));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('do not make processes wait for each other, in whatever order they come', async () => {
    const [one, other] = await processes(2);
    const keys = Array.from({ length: 900 }, (_, n) => `calls:${n}`);
    const forth = keys.map(async (key) => one?.hit(key, MINUTE, NOON));
    const back = keys.toReversed().map(async (key) => other?.hit(key, MINUTE, NOON));
    const counted = await Promise.all([...forth, ...back]);
    expect(counted.filter((window) => window?.hits === 2)).toHaveLength(900);
  });

  test('that a process counts whose clock is hours ahead keep nobody out for hours', async () => {
    const [right, ahead] = await processes(2);
    await ahead?.hit('calls:a', MINUTE, NOON + 5 * 60 * MINUTE);
    expect(await right?.hit('calls:a', MINUTE, NOON)).toEqual({ hits: 1, resetsAt: NOON + MINUTE });
  });

  test('are counted as one window by clocks that differ by seconds', async () => {
    const [right, ahead] = await processes(2);
    await ahead?.hit('calls:a', MINUTE, NOON + 5000);
    expect(await right?.hit('calls:a', MINUTE, NOON)).toEqual({ hits: 2, resetsAt: NOON + 5000 + MINUTE });
  });

  test('that the database cannot count are not counted', async () => {
    const database = await store.open();
    const windows = createRateWindows(database);
    await database.close();
    await expect(windows.hit('calls:a', MINUTE, NOON)).rejects.toMatchObject({ reason: 'closed' });
  });
});
