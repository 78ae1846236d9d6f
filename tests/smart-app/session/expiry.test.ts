import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { onExpiry } from '../../../src/smart-app/session/expiry.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const DAY_MS = 86_400_000;

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
});
afterEach(() => {
  jest.useRealTimers();
});

const inMs = (milliseconds: number) => ({ expiresAt: new Date(Date.now() + milliseconds) });

test('the end is told once, when it has come, and not before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: DAY_MS }), (milliseconds) => {
      const tell = jest.fn();
      onExpiry(inMs(milliseconds), tell);
      jest.advanceTimersByTime(milliseconds - 1);
      expect(tell).not.toHaveBeenCalled();
      jest.advanceTimersByTime(1);
      expect(tell).toHaveBeenCalledTimes(1);
      jest.advanceTimersByTime(120_000);
      expect(tell).toHaveBeenCalledTimes(1);
    }),
    { numRuns: 20 },
  );
});

test('an end beyond what one timer can hold does not come at once', () => {
  const tell = jest.fn();
  onExpiry(inMs(2 ** 31 + 1000), tell);
  jest.advanceTimersByTime(DAY_MS);
  expect(tell).not.toHaveBeenCalled();
  jest.advanceTimersByTime(25 * DAY_MS);
  expect(tell).toHaveBeenCalledTimes(1);
});

test('a computer that has slept past the end finds out within half a minute', () => {
  const tell = jest.fn();
  onExpiry(inMs(3_600_000), tell);
  jest.advanceTimersByTime(1000);
  jest.setSystemTime(new Date(NOW.getTime() + DAY_MS));
  jest.advanceTimersByTime(30_000);
  expect(tell).toHaveBeenCalledTimes(1);
});

test('an end that has passed already is told, and not while the caller is still at work', () => {
  const tell = jest.fn();
  onExpiry(inMs(-1), tell);
  expect(tell).not.toHaveBeenCalled();
  jest.advanceTimersByTime(0);
  expect(tell).toHaveBeenCalledTimes(1);
});

test('nothing is told of a session whose end nobody knows, nor of one that was stopped', () => {
  const tell = jest.fn();
  onExpiry({ expiresAt: undefined }, tell)();
  const stop = onExpiry(inMs(60_000), tell);
  jest.advanceTimersByTime(45_000);
  stop();
  jest.advanceTimersByTime(DAY_MS);
  expect(tell).not.toHaveBeenCalled();
  expect(jest.getTimerCount()).toBe(0);
});
