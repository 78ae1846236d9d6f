import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  createReplayMemory,
  MAX_PER_CLIENT,
  MAX_RATE_PER_MINUTE,
} from '../../../src/cds-hooks/authentication/replay-memory.ts';

/** A memory at a time that can be moved. */
function memoryAt(options: { readonly maxPerClient?: number } = {}) {
  let at = 1_000_000;
  const memory = createReplayMemory({ ...options, now: () => new Date(at) });
  return {
    memory,
    in: (seconds: number) => new Date(at + seconds * 1000),
    pass: (seconds: number) => {
      at += seconds * 1000;
    },
  };
}

// CH-166, CH-177.
describe('a replay memory', () => {
  test('takes a jti once in its life', () => {
    const time = memoryAt();
    const until = time.in(300);
    expect(time.memory.use('a', 'x', until)).toBe('first');
    expect(time.memory.use('a', 'x', until)).toBe('again');
    time.pass(299);
    expect(time.memory.use('a', 'x', until)).toBe('again');
    // However old or young the second one says it is.
    expect(time.memory.use('a', 'x', time.in(3600))).toBe('again');
  });

  test('takes nothing that is over, since it might have forgotten it', () => {
    const time = memoryAt();
    const until = time.in(300);
    time.memory.use('a', 'x', until);
    time.pass(1000);
    expect(time.memory.use('a', 'x', until)).toBe('again');
    expect(time.memory.use('a', 'y', time.in(0))).toBe('again');
    expect(time.memory.use('a', 'y', new Date(Number.NaN))).toBe('again');
    expect(time.memory.use('a', 'y', time.in(0.001))).toBe('first');
  });

  test('keeps clients apart, whatever they and their JWTs are called', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.string(), fc.string()), {
          minLength: 2,
          selector: (pair) => JSON.stringify(pair),
        }),
        (pairs) => {
          const time = memoryAt();
          for (const [client, jti] of pairs) expect(time.memory.use(client, jti, time.in(300))).toBe('first');
          for (const [client, jti] of pairs) expect(time.memory.use(client, jti, time.in(300))).toBe('again');
        },
      ),
    );
    const time = memoryAt();
    expect(time.memory.use('a', '|b', time.in(300))).toBe('first');
    expect(time.memory.use('a|', 'b', time.in(300))).toBe('first');
    expect(time.memory.use('__proto__', 'constructor', time.in(300))).toBe('first');
  });

  test('holds a hundred thousand, knows each, and forgets them once they are over', () => {
    const time = memoryAt();
    const all = Array.from({ length: 100_000 }, (_, at) => ({ client: `client-${at % 7}`, jti: `jti-${at}` }));
    const until = time.in(300);
    expect(new Set(all.map(({ client, jti }) => time.memory.use(client, jti, until)))).toEqual(new Set(['first']));
    expect(new Set(all.map(({ client, jti }) => time.memory.use(client, jti, until)))).toEqual(new Set(['again']));
    expect(time.memory.size).toBe(100_000);

    time.pass(299);
    time.memory.use('late', 'y', time.in(300));
    expect(time.memory.size).toBe(100_001);
    time.pass(61);
    time.memory.use('later', 'z', time.in(300));
    expect(time.memory.size).toBe(2);
  });

  test('gives no client more than its share, and the others theirs, and says so', () => {
    const time = memoryAt({ maxPerClient: 3 });
    const used = ['1', '2', '3', '4', '1', '4'].map((jti) => time.memory.use('loud', jti, time.in(60)));
    expect(used).toEqual(['first', 'first', 'first', 'full', 'again', 'full']);
    expect(time.memory.use('quiet', '1', time.in(60))).toBe('first');
    time.pass(120);
    expect(time.memory.use('loud', '4', time.in(60))).toBe('first');
  });

  test('has room for the highest rate that a client may have, at every door, with JWTs that live longest', () => {
    const part = 100; // of a hundred, to be done soon
    const time = memoryAt({ maxPerClient: MAX_PER_CLIENT / part });
    const doors = 3; // calls, feedback and discovery are counted apart
    let n = 0;
    for (let minute = 0; minute < 70; minute += 1) {
      for (let count = 0; count < (doors * MAX_RATE_PER_MINUTE) / part; count += 1) {
        n += 1;
        // CH-177: an hour, and half a minute for clocks that differ.
        expect(time.memory.use('busy', `${n}`, time.in(3631))).toBe('first');
      }
      time.pass(60);
    }
    expect(time.memory.size).toBeGreaterThan((60 * doors * MAX_RATE_PER_MINUTE) / part);
  });

  test('keeps as much of a long jti as of a short one, and of no jti the text', () => {
    const heapFor = (jtiOf: (n: number) => string): number => {
      const time = memoryAt();
      gc();
      const before = process.memoryUsage().heapUsed;
      for (let n = 0; n < 20_000; n += 1) time.memory.use('a', jtiOf(n), time.in(300));
      gc();
      return (process.memoryUsage().heapUsed - before) / time.memory.size;
    };
    const short = heapFor(String);
    // Not built from parts, which would keep nothing but the parts.
    const long = heapFor((n) => Buffer.alloc(256, `${n} `).toString('latin1'));
    expect(short).toBeLessThan(150);
    expect(long).toBeLessThan(150);
  });
});

// A garbage collection for certain: without one, what is measured is what happens to be there.
function gc(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('V8 has a garbage collection');
  collect();
}
