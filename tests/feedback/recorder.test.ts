import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { FeedbackStoreError } from '../../src/feedback/feedback-store.ts';
import { createRecorder, type RecorderOptions } from '../../src/feedback/recorder.ts';
import type { ShownCards } from '../../src/feedback/showing.ts';
import type { Tally } from '../../src/feedback/tally.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const SHOWN: ShownCards = {
  client: undefined,
  service: 'asps-patient-view',
  hookInstance: '0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0',
  shownAt: new Date('2026-11-22T12:00:00Z'),
  cards: [],
};
const CALL = { measure: 'call', service: 'asps-patient-view', subject: '200' } as const;

type AddTallies = RecorderOptions['addTallies'];

function recorderOver(options: Partial<RecorderOptions> & { readonly addTallies?: AddTallies } = {}) {
  const shown: ShownCards[] = [];
  const added: Tally[] = [];
  const recorder = createRecorder({
    record: async (calls) => void shown.push(...calls),
    addTallies: async (tallies) => void added.push(...tallies),
    isReachable: async () => true,
    now: () => new Date('2026-11-22T12:00:00Z'),
    ...options,
  });
  const sum = () => added.reduce((total, { count }) => total + count, 0);
  return { recorder, shown, added, sum };
}

describe('tallies', () => {
  test('are written every five seconds, summed up', async () => {
    const { recorder, added } = recorderOver();
    recorder.count(CALL);
    recorder.count(CALL);
    await jest.advanceTimersByTimeAsync(4999);
    expect(added).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(added).toEqual([{ ...CALL, client: undefined, day: '2026-11-22', count: 2 }]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(added).toHaveLength(1);
  });

  test('are written when the service stops', async () => {
    const { recorder, sum } = recorderOver();
    recorder.count(CALL, 3);
    await recorder.close();
    expect(sum()).toBe(3);
  });

  test('that came while others were being written are written when the service stops', async () => {
    let release = () => {};
    const added: Tally[] = [];
    const { recorder } = recorderOver({
      addTallies: async (tallies) => {
        if (added.length === 0) await new Promise<void>((resolve) => (release = resolve));
        added.push(...tallies);
      },
    });
    recorder.count(CALL);
    await jest.advanceTimersByTimeAsync(5000);
    recorder.count(CALL);
    const closed = recorder.close();
    release();
    await closed;
    expect(added.map(({ count }) => count)).toEqual([1, 1]);
  });

  test('are kept while the store is away, and nothing is sent to it', async () => {
    let isUp = false;
    const { recorder, added, sum } = recorderOver({ isReachable: async () => isUp });
    for (let seconds = 0; seconds < 60; seconds += 1) {
      recorder.count(CALL);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await jest.advanceTimersByTimeAsync(1000);
    }
    expect(added).toEqual([]);
    isUp = true;
    await jest.advanceTimersByTimeAsync(5000);
    expect([added.length, sum()]).toEqual([1, 60]);
  });

  test.each<[string, FeedbackStoreError, number]>([
    ['as locked', new FeedbackStoreError('locked'), 2],
    ['as full', new FeedbackStoreError('full'), 2],
    ['as read-only', new FeedbackStoreError('read-only'), 2],
    ['as replaced', new FeedbackStoreError('replaced'), 2],
    ['by nobody knows what', new FeedbackStoreError('other'), 1],
    [
      'by a server that was gone before they were sent',
      new FeedbackStoreError('unreachable', { isUnwritten: true }),
      2,
    ],
    ['by a server that was gone after they were sent', new FeedbackStoreError('unreachable'), 1],
  ])('that were refused %s are sent again if it is certain that they are not kept', async (_how, error, count) => {
    let attempts = 0;
    const sent: Tally[] = [];
    const { recorder } = recorderOver({
      addTallies: async (tallies) => {
        attempts += 1;
        if (attempts === 1) throw error;
        sent.push(...tallies);
      },
    });
    recorder.count(CALL);
    await jest.advanceTimersByTimeAsync(5000);
    recorder.count(CALL);
    await jest.advanceTimersByTimeAsync(5000);
    expect([attempts, sent.map((tally) => tally.count)]).toEqual([2, [count]]);
  });

  test('of a store that says nothing do not keep the service from stopping', async () => {
    const { recorder } = recorderOver({ addTallies: () => new Promise(() => {}), record: () => new Promise(() => {}) });
    recorder.count(CALL);
    void recorder.showed(SHOWN);
    let isClosed = false;
    const close = async () => {
      await recorder.close();
      isClosed = true;
    };
    void close();
    await jest.advanceTimersByTimeAsync(2999);
    expect(isClosed).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(isClosed).toBe(true);
  });

  test('are never counted twice, and lost only if nobody can say whether they were kept', async () => {
    const outcome = fc.constantFrom('kept', 'refused', 'kept without an answer', 'lost without an answer', 'away');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 5 }), outcome), { maxLength: 30 }), async (rounds) => {
        let now: string = 'kept';
        let kept = 0;
        let lost = 0;
        const { recorder } = recorderOver({
          isReachable: async () => now !== 'away',
          addTallies: async (tallies) => {
            const count = tallies.reduce((total, tally) => total + tally.count, 0);
            if (now === 'refused') throw new FeedbackStoreError('locked');
            if (now === 'lost without an answer') lost += count;
            else kept += count;
            if (now.endsWith('without an answer')) throw new FeedbackStoreError('other');
          },
        });
        let counted = 0;
        for (const [calls, then] of rounds) {
          counted += calls;
          if (calls > 0) recorder.count(CALL, calls);
          now = then;
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          await jest.advanceTimersByTimeAsync(5000);
        }
        now = 'kept';
        await recorder.close();
        expect(kept + lost).toBe(counted);
      }),
    );
  });
});

test('what is shown is on record before the answer goes out, and a failing store is no error', async () => {
  const { recorder, shown } = recorderOver();
  await recorder.showed(SHOWN);
  expect(shown).toEqual([SHOWN]);
  const { recorder: broken } = recorderOver({ record: () => Promise.reject(new FeedbackStoreError('full')) });
  await expect(broken.showed(SHOWN)).resolves.toBeUndefined();
});
