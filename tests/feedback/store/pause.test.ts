import { expect, test } from '@jest/globals';
import { FeedbackStoreError, type FeedbackStoreErrorReason } from '../../../src/feedback/feedback-store.ts';
import { createPause } from '../../../src/feedback/store/pause.ts';
import { refusal, stoppedClock } from './refusal.ts';

const asFailure = (error: unknown) => (error instanceof FeedbackStoreError ? error : new FeedbackStoreError('other'));
const fail = (reason: FeedbackStoreErrorReason) => async () => {
  throw new FeedbackStoreError(reason);
};

function open() {
  const { clock, pass } = stoppedClock();
  const pause = createPause({ asFailure, pausesAfter: (reason) => reason !== 'quota', clock });
  return { pass, run: (work: () => Promise<unknown>) => refusal(pause.run(work)) };
}

const succeed = async () => {};

test('after a failure all is refused for its reason, without being tried, for a second', async () => {
  const { run, pass } = open();
  let tried = 0;
  const count = async () => {
    tried += 1;
  };
  expect(await run(fail('full'))).toBe('full');
  pass(999);
  expect([await run(count), tried]).toEqual(['full', 0]);
  pass(1);
  expect([await run(count), tried]).toEqual(['kept', 1]);
});

test('a failure that concerns one client alone refuses nobody', async () => {
  const { run } = open();
  expect([await run(fail('quota')), await run(succeed)]).toEqual(['quota', 'kept']);
});

test('a pause is not drawn out by what had begun before it', async () => {
  const { run, pass } = open();
  const late = Promise.withResolvers<void>();
  const running = run(async () => {
    await late.promise;
    throw new FeedbackStoreError('locked');
  });
  expect(await run(fail('full'))).toBe('full');
  pass(500);
  late.resolve();
  expect(await running).toBe('locked');
  expect(await run(succeed)).toBe('full');
  pass(500);
  expect(await run(succeed)).toBe('kept');
});

test('then one attempt finds out, and whoever comes meanwhile is refused', async () => {
  const { run, pass } = open();
  await run(fail('unreachable'));
  pass(1000);
  const late = Promise.withResolvers<void>();
  const probe = run(() => late.promise);
  expect(await run(succeed)).toBe('unreachable');
  late.resolve();
  expect([await probe, await run(succeed)]).toEqual(['kept', 'kept']);
});

test('an attempt that fails begins the next pause, for its own reason', async () => {
  const { run, pass } = open();
  await run(fail('unreachable'));
  pass(1000);
  expect(await run(fail('full'))).toBe('full');
  pass(999);
  expect(await run(succeed)).toBe('full');
  pass(1);
  expect(await run(fail('quota'))).toBe('quota');
  expect(await run(succeed)).toBe('kept');
});
