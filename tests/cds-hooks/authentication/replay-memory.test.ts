import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createReplayMemory } from '../../../src/cds-hooks/authentication/replay-memory.ts';

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
    expect(time.memory.firstUse('a', 'x', until)).toBe(true);
    expect(time.memory.firstUse('a', 'x', until)).toBe(false);
    time.pass(299);
    expect(time.memory.firstUse('a', 'x', until)).toBe(false);
    // However old or young the second one says it is.
    expect(time.memory.firstUse('a', 'x', time.in(3600))).toBe(false);
  });

  test('takes nothing that is over, since it might have forgotten it', () => {
    const time = memoryAt();
    const until = time.in(300);
    time.memory.firstUse('a', 'x', until);
    time.pass(1000);
    expect(time.memory.firstUse('a', 'x', until)).toBe(false);
    expect(time.memory.firstUse('a', 'y', time.in(0))).toBe(false);
    expect(time.memory.firstUse('a', 'y', new Date(Number.NaN))).toBe(false);
    expect(time.memory.firstUse('a', 'y', time.in(0.001))).toBe(true);
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
          for (const [client, jti] of pairs) expect(time.memory.firstUse(client, jti, time.in(300))).toBe(true);
          for (const [client, jti] of pairs) expect(time.memory.firstUse(client, jti, time.in(300))).toBe(false);
        },
      ),
    );
    const time = memoryAt();
    expect(time.memory.firstUse('a', '|b', time.in(300))).toBe(true);
    expect(time.memory.firstUse('a|', 'b', time.in(300))).toBe(true);
    expect(time.memory.firstUse('__proto__', 'constructor', time.in(300))).toBe(true);
  });

  test('holds a hundred thousand, knows each, and forgets them once they are over', () => {
    const time = memoryAt();
    const all = Array.from({ length: 100_000 }, (_, at) => ({ client: `client-${at % 7}`, jti: `jti-${at}` }));
    const until = time.in(300);
    expect(all.every(({ client, jti }) => time.memory.firstUse(client, jti, until))).toBe(true);
    expect(all.some(({ client, jti }) => time.memory.firstUse(client, jti, until))).toBe(false);
    expect(time.memory.size).toBe(100_000);

    time.pass(299);
    time.memory.firstUse('late', 'y', time.in(300));
    expect(time.memory.size).toBe(100_001);
    time.pass(61);
    time.memory.firstUse('later', 'z', time.in(300));
    expect(time.memory.size).toBe(2);
  });

  test('gives no client more than its share, and the others theirs', () => {
    const time = memoryAt({ maxPerClient: 3 });
    const used = ['1', '2', '3', '4', '5'].map((jti) => time.memory.firstUse('loud', jti, time.in(60)));
    expect(used).toEqual([true, true, true, false, false]);
    expect(time.memory.firstUse('quiet', '1', time.in(60))).toBe(true);
    time.pass(61);
    expect(time.memory.firstUse('loud', '4', time.in(60))).toBe(true);
  });
});
