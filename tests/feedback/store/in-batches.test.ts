import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Asked, inBatches } from '../../../src/feedback/store/in-batches.ts';

type Batch = readonly Asked<number, number>[];

/** Answers each number with its double, when it is let. */
function doubling(maxItems = 100) {
  const sent: number[][] = [];
  const finish: (() => void)[] = [];
  const ask = inBatches<number, number>(async (batch: Batch) => {
    sent.push(batch.map(({ item }) => item));
    await new Promise<void>((resolve) => {
      finish.push(resolve);
    });
    for (const { item, answer } of batch) answer(2 * item);
  }, maxItems);
  const letGo = async () => {
    await nextTurn();
    finish.shift()?.();
    await nextTurn();
  };
  return { ask, sent, letGo };
}

test('what comes in one turn is sent together, and each gets its own answer', async () => {
  const { ask, sent, letGo } = doubling();
  const answers = Promise.all([1, 2, 3].map(async (item) => ask(item)));
  await letGo();
  expect(sent).toEqual([[1, 2, 3]]);
  expect(await answers).toEqual([2, 4, 6]);
});

test('while some are under way, the next are gathered', async () => {
  const { ask, sent, letGo } = doubling();
  const answers = [ask(1)];
  await nextTurn();
  answers.push(ask(2));
  await nextTurn();
  answers.push(ask(3));
  await nextTurn();
  expect(sent).toEqual([[1]]);
  await letGo();
  await letGo();
  expect(sent).toEqual([[1], [2, 3]]);
  expect(await Promise.all(answers)).toEqual([2, 4, 6]);
});

test('a batch has its limit, and the rest comes after it', async () => {
  const { ask, sent, letGo } = doubling(2);
  const answers = Promise.all([1, 2, 3, 4, 5].map(async (item) => ask(item)));
  await letGo();
  await letGo();
  await letGo();
  expect(sent).toEqual([[1, 2], [3, 4], [5]]);
  expect(await answers).toEqual([2, 4, 6, 8, 10]);
});

test('a batch that fails takes no other with it', async () => {
  const ask = inBatches<number, number>(async (batch) => {
    if (batch.some(({ item }) => item < 0)) throw new Error('negative');
    for (const { item, answer } of batch) answer(item);
  }, 2);
  const outcomes = await Promise.allSettled([1, -2, 3, 4, -5].map(async (item) => ask(item)));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled', 'rejected']);
  expect(await ask(6)).toBe(6);
});

test('whatever comes whenever, each is sent once, in order, and answered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer(), { maxLength: 8 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      async (turns, maxItems) => {
        const sent: number[] = [];
        const ask = inBatches<number, number>(async (batch) => {
          expect(batch.length).toBeLessThanOrEqual(maxItems);
          sent.push(...batch.map(({ item }) => item));
          await nextTurn();
          for (const { item, answer } of batch) answer(item);
        }, maxItems);
        const answers: Promise<number>[] = [];
        for (const items of turns) {
          answers.push(...items.map(async (item) => ask(item)));
          // oxlint-disable-next-line no-await-in-loop -- one turn after another
          await nextTurn();
        }
        expect(await Promise.all(answers)).toEqual(turns.flat());
        expect(sent).toEqual(turns.flat());
      },
    ),
    { numRuns: 50 },
  );
});
