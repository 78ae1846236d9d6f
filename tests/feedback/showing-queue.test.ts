import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { FeedbackStoreError } from '../../src/feedback/feedback-store.ts';
import type { ShownCards } from '../../src/feedback/showing.ts';
import { createShowingQueue, type ShowingQueue } from '../../src/feedback/showing-queue.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** The cards of the `number`th call. */
function shown(number: number): ShownCards {
  return {
    client: undefined,
    service: 'asps-patient-view',
    hookInstance: String(number),
    shownAt: new Date('2026-11-22T12:00:00Z'),
    cards: [],
  };
}

/** A store that takes what it is given, refuses it, or keeps whoever asks waiting until it is told. */
function fakeStore() {
  const store = {
    state: 'up' as 'up' | 'down' | 'hung',
    /** The calls of each transaction. */
    written: [] as (readonly string[])[],
    attempts: 0,
    release: [] as ((state: 'up' | 'down') => void)[],
    async record(calls: readonly ShownCards[]): Promise<void> {
      store.attempts += 1;
      const state =
        store.state === 'hung' ? await new Promise<string>((resolve) => store.release.push(resolve)) : store.state;
      if (state === 'down') throw new FeedbackStoreError('locked');
      store.written.push(calls.map(({ hookInstance }) => hookInstance));
    },
  };
  return store;
}

function queueOver(store: ReturnType<typeof fakeStore>, maxQueue = 1000) {
  const dropped: number[] = [];
  const queue = createShowingQueue({
    record: (calls) => store.record(calls),
    waitMs: 50,
    maxQueue,
    onDropped: (count) => void dropped.push(count),
  });
  return { queue, dropped };
}

/** Has it resolved? */
async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false;
  const wait = async () => {
    await promise;
    over = true;
  };
  void wait();
  await jest.advanceTimersByTimeAsync(0);
  return over;
}

function addAll(queue: ShowingQueue, from: number, to: number): readonly Promise<void>[] {
  return Array.from({ length: to - from + 1 }, (_, at) => queue.add(shown(from + at)));
}

describe('what is shown', () => {
  test('is on record when the wait is over', async () => {
    const store = fakeStore();
    await queueOver(store).queue.add(shown(1));
    expect(store.written).toEqual([['1']]);
  });

  test('at the same moment, or while a write is under way, is written together, in order', async () => {
    const store = fakeStore();
    const { queue } = queueOver(store);
    store.state = 'hung';
    const first = addAll(queue, 1, 2);
    await jest.advanceTimersByTimeAsync(1);
    const second = addAll(queue, 3, 5);
    store.state = 'up';
    store.release[0]?.('up');
    await Promise.all([...first, ...second]);
    expect(store.written).toEqual([
      ['1', '2'],
      ['3', '4', '5'],
    ]);
  });

  test('does not wait longer than it may for a store that says nothing, and the next does not wait at all', async () => {
    const store = fakeStore();
    store.state = 'hung';
    const { queue } = queueOver(store);
    const first = queue.add(shown(1));
    await jest.advanceTimersByTimeAsync(49);
    expect(await isOver(first)).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect([await isOver(first), await isOver(queue.add(shown(2)))]).toEqual([true, true]);
    store.state = 'up';
    store.release[0]?.('up');
    await jest.advanceTimersByTimeAsync(0);
    expect(store.written).toEqual([['1'], ['2']]);
  });

  test('does not wait for a store that fails, and is written when it is back, with all that came since, in order', async () => {
    const store = fakeStore();
    store.state = 'down';
    const { queue, dropped } = queueOver(store);
    expect(await isOver(queue.add(shown(1)))).toBe(true);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await isOver(queue.add(shown(2)))).toBe(true);
    store.state = 'up';
    await jest.advanceTimersByTimeAsync(5000);
    expect([store.written, dropped]).toEqual([[['1', '2']], []]);
    await queue.add(shown(3));
    expect(store.written[1]).toEqual(['3']);
  });

  test('is tried again at once, and then less and less often', async () => {
    const store = fakeStore();
    store.state = 'down';
    const { queue } = queueOver(store);
    void queue.add(shown(1));
    const attempts: number[] = [];
    for (const ms of [0, 250, 500, 1000, 2000, 4000, 5000, 5000]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await jest.advanceTimersByTimeAsync(ms);
      attempts.push(store.attempts);
    }
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    store.state = 'up';
    await jest.advanceTimersByTimeAsync(5000);
    store.state = 'down';
    void queue.add(shown(2));
    await jest.advanceTimersByTimeAsync(250);
    expect(store.attempts).toBe(11);
  });

  test('is dropped and counted when there is too much of it, the oldest first', async () => {
    const store = fakeStore();
    store.state = 'down';
    const { queue, dropped } = queueOver(store, 3);
    await Promise.all(addAll(queue, 1, 2));
    await Promise.all(addAll(queue, 3, 5));
    store.state = 'up';
    await jest.advanceTimersByTimeAsync(5000);
    expect([store.written, dropped]).toEqual([[['3', '4', '5']], [1, 1]]);
  });

  test('in great number is written in several transactions', async () => {
    const store = fakeStore();
    await Promise.all(addAll(queueOver(store).queue, 1, 500));
    expect(store.written.map((calls) => calls.length)).toEqual([200, 200, 100]);
  });

  test('survives a store that throws at once', async () => {
    let isBroken = true;
    const written: number[] = [];
    const queue = createShowingQueue({
      record: (calls) => {
        if (isBroken) throw new Error('x');
        written.push(calls.length);
        return Promise.resolve();
      },
      waitMs: 50,
      maxQueue: 10,
      onDropped: () => {},
    });
    await queue.add(shown(1));
    isBroken = false;
    await jest.advanceTimersByTimeAsync(250);
    expect(written).toEqual([1]);
  });
});

describe('the end', () => {
  test('writes what is left, without waiting for the next try', async () => {
    const store = fakeStore();
    store.state = 'down';
    const { queue, dropped } = queueOver(store);
    void queue.add(shown(1));
    await jest.advanceTimersByTimeAsync(0);
    store.state = 'up';
    await queue.close(1000);
    expect([store.written, dropped]).toEqual([[['1']], []]);
  });

  test('comes in spite of a store that fails, and what is lost is counted', async () => {
    const store = fakeStore();
    store.state = 'down';
    const { queue, dropped } = queueOver(store);
    await Promise.all(addAll(queue, 1, 3));
    await queue.close(1000);
    await queue.add(shown(4));
    await jest.advanceTimersByTimeAsync(60_000);
    expect([store.attempts, dropped]).toEqual([2, [3, 1]]);
  });

  test('comes in spite of a store that says nothing', async () => {
    const store = fakeStore();
    store.state = 'hung';
    const { queue } = queueOver(store);
    void queue.add(shown(1));
    const closed = queue.close(1000);
    await jest.advanceTimersByTimeAsync(999);
    expect(await isOver(closed)).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await isOver(closed)).toBe(true);
  });

  test('counts as lost what is still being written then, and what waits behind it, once', async () => {
    const store = fakeStore();
    store.state = 'hung';
    const { queue, dropped } = queueOver(store);
    void addAll(queue, 1, 100);
    await jest.advanceTimersByTimeAsync(60);
    void addAll(queue, 101, 103);
    const closed = queue.close(1000);
    await jest.advanceTimersByTimeAsync(1000);
    await closed;
    expect(dropped).toEqual([103]);
    store.release[0]?.('down');
    store.state = 'up';
    await queue.close(1000);
    await jest.advanceTimersByTimeAsync(60_000);
    expect([store.attempts, dropped]).toEqual([1, [103]]);
  });
});

test('whatever the store does, each call is written once and in order or counted as dropped, and nobody waits too long', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant('show' as const) },
    { weight: 1, arbitrary: fc.constantFrom('up', 'down', 'hung') },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 3000 }) },
    { weight: 1, arbitrary: fc.constantFrom('answers', 'fails') },
    { weight: 1, arbitrary: fc.constant('close' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), async (steps, maxQueue) => {
      const store = fakeStore();
      const { queue, dropped } = queueOver(store, maxQueue);
      let count = 0;
      const waits: number[] = [];
      const lost = () => dropped.reduce((sum, each) => sum + each, 0);
      let closing: Promise<void> | undefined;
      /** When the queue was closed: what is written after that counts as dropped. */
      let writtenInTime: number | undefined;
      const close = async () => {
        await queue.close(1000);
        writtenInTime = store.written.flat().length;
      };
      for (const one of steps) {
        if (one === 'show') {
          count += 1;
          const since = performance.now();
          void queue.add(shown(count)).then(() => waits.push(performance.now() - since));
        } else if (typeof one === 'number') {
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          await jest.advanceTimersByTimeAsync(one);
        } else if (one === 'answers' || one === 'fails') {
          store.release.shift()?.(one === 'answers' ? 'up' : 'down');
        } else if (one === 'close') {
          closing ??= close();
        } else store.state = one;
      }
      store.state = 'up';
      for (const release of store.release) release('up');
      await jest.advanceTimersByTimeAsync(10_000);
      const written = store.written.flat().map(Number);
      expect(written).toEqual([...new Set(written)].toSorted((a, b) => a - b));
      await closing;
      expect(lost()).toBe(count - (writtenInTime ?? written.length));
      expect(waits).toHaveLength(count);
      expect(Math.max(0, ...waits)).toBeLessThanOrEqual(50);
    }),
  );
});
