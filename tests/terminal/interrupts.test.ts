import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import { watchInterrupts } from '../../src/terminal/interrupts.ts';

function watched() {
  const process = new EventEmitter();
  const insisted: number[] = [];
  const clock = { now: 5000 };
  const interrupts = watchInterrupts(
    process,
    (status) => insisted.push(status),
    () => clock.now,
  );
  return { process, insisted, clock, interrupts };
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])('%s ends a run, with %s', (signal, status) => {
  const { process, interrupts, insisted } = watched();
  expect([interrupts.signal.aborted, interrupts.status()]).toEqual([false, undefined]);
  process.emit(signal);
  expect([interrupts.signal.aborted, interrupts.status()]).toEqual([true, status]);
  expect(insisted).toEqual([]);
});

test('a signal that npm passes on a moment later is no second interrupt', () => {
  const { process, insisted, clock } = watched();
  process.emit('SIGINT');
  clock.now += 999;
  process.emit('SIGINT');
  process.emit('SIGTERM');
  expect(insisted).toEqual([]);
});

test('one that comes later is, with its own status', () => {
  const { process, insisted, clock, interrupts } = watched();
  process.emit('SIGINT');
  clock.now += 1000;
  process.emit('SIGTERM');
  expect(insisted).toEqual([143]);
  expect(interrupts.status()).toBe(130);
});

test('afterwards nobody listens any more', () => {
  const { process, interrupts } = watched();
  interrupts.release();
  expect(process.eventNames()).toEqual([]);
});
