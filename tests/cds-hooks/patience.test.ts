import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createPatience } from '../../src/cds-hooks/patience.ts';

const never = new Promise<never>(() => {});
const LONG = 60_000;

test('what is there in time is the answer', async () => {
  expect(await createPatience(LONG)(Promise.resolve('here'))).toBe('here');
});

test('what does not come is none', async () => {
  expect(await createPatience(1)(never)).toBeUndefined();
});

test('what fails is none, before or after the time, and fails nobody else', async () => {
  expect(await createPatience(LONG)(Promise.reject(new Error('no')))).toBeUndefined();
  const { promise, reject } = Promise.withResolvers<never>();
  const patience = createPatience(1);
  expect(await patience(promise)).toBeUndefined();
  expect(await patience(Promise.reject(new Error('no')))).toBeUndefined();
  reject(new Error('late'));
  // Jest fails if a rejection is left that nobody handles.
  await nextTurn();
});

test('while one is overdue nobody waits, and afterwards they do again', async () => {
  const patience = createPatience(1);
  const { promise, resolve } = Promise.withResolvers<string>();
  expect(await patience(promise)).toBeUndefined();
  expect(await patience(Promise.resolve('in time, but for the other'))).toBeUndefined();
  resolve('late');
  await nextTurn();
  expect(await patience(Promise.resolve('in time'))).toBe('in time');
});

test('what is overdue and then fails is over too', async () => {
  const patience = createPatience(1);
  const { promise, reject } = Promise.withResolvers<string>();
  expect(await patience(promise)).toBeUndefined();
  reject(new Error('late'));
  await nextTurn();
  expect(await patience(Promise.resolve('in time'))).toBe('in time');
});

test('an answer that waits to be read when the time is over is in time', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  // It is read in the turn in which the time is over, and after that.
  setTimeout(() => setImmediate(() => resolve('read')), 1);
  const waiting = createPatience(1)(promise);
  const until = performance.now() + 20;
  while (performance.now() < until);
  expect(await waiting).toBe('read');
});
