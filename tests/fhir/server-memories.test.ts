import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type LocalServerMemories, rememberServers } from '../../src/fhir/server-memories.ts';
import type { ServerMemory } from '../../src/fhir/server-memory.ts';

const BASE = 'https://fhir.example/r4';
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Memories with a clock that stands still unless it is told to go on. */
function remember(): {
  readonly memories: LocalServerMemories;
  readonly memory: ServerMemory;
  readonly pass: (ms: number) => void;
} {
  let time = 5 * SECOND_MS;
  const memories = rememberServers({ now: () => time });
  return {
    memories,
    memory: memories.of(BASE, undefined),
    pass: (ms) => {
      time += ms;
    },
  };
}

type Judgement = boolean | 'unknown';

/** A round that came to this. */
function play(memory: ServerMemory, judgement: Judgement): Promise<Judgement | 'circuit-open'> {
  return memory.round(
    () => Promise.resolve(judgement),
    (result) => result,
  );
}

async function playAll(memory: ServerMemory, judgements: readonly Judgement[]): Promise<readonly unknown[]> {
  const results: unknown[] = [];
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (const judgement of judgements) results.push(await play(memory, judgement));
  return results;
}

/** A round that lasts until it is told what it came to. */
function begin(memory: ServerMemory) {
  const outcome = Promise.withResolvers<Judgement>();
  let wasAsked = false;
  const result = memory.round(
    () => {
      wasAsked = true;
      return outcome.promise;
    },
    (judgement) => judgement,
  );
  return {
    wasAsked: () => wasAsked,
    end: (judgement: Judgement) => {
      outcome.resolve(judgement);
      return result;
    },
  };
}

const DOWN_FIVE_TIMES = Array.from({ length: 5 }, () => true);
const stateOf = (memories: LocalServerMemories) => memories.circuits().map(({ state }) => state);

/** A server that did not answer five rounds. */
async function opened() {
  const made = remember();
  await playAll(made.memory, DOWN_FIVE_TIMES);
  return made;
}

describe('the way to ask', () => {
  test('is the first one, until another one was found to work', () => {
    const { memory } = remember();
    expect(memory.firstWay('procedures')).toBe(0);
    memory.preferWay('procedures', 2);
    expect([memory.firstWay('procedures'), memory.firstWay('conditions')]).toEqual([2, 0]);
    memory.preferWay('procedures', 3);
    expect(memory.firstWay('procedures')).toBe(3);
  });

  test('is the first one again after an hour, however often another one worked meanwhile', () => {
    const { memory, pass } = remember();
    memory.preferWay('procedures', 2);
    pass(30 * MINUTE_MS);
    memory.preferWay('procedures', 2);
    pass(30 * MINUTE_MS);
    expect(memory.firstWay('procedures')).toBe(2);
    pass(1);
    expect(memory.firstWay('procedures')).toBe(0);
    memory.preferWay('procedures', 2);
    expect(memory.firstWay('procedures')).toBe(2);
  });
});

describe('a question', () => {
  test('that brings nothing is known for ten minutes, with the reason', () => {
    const { memory, pass } = remember();
    expect(memory.knownFailure('careTeams')).toBeUndefined();
    memory.rememberFailure('careTeams', 'not-offered');
    pass(5 * MINUTE_MS);
    memory.rememberFailure('careTeams', 'invalid');
    pass(5 * MINUTE_MS);
    expect([memory.knownFailure('careTeams'), memory.knownFailure('encounters')]).toEqual(['not-offered', undefined]);
    pass(1);
    expect(memory.knownFailure('careTeams')).toBeUndefined();
    memory.rememberFailure('careTeams', 'invalid');
    expect(memory.knownFailure('careTeams')).toBe('invalid');
  });
});

describe('a server that asked to be left alone', () => {
  test('is, for so long', () => {
    const { memory, pass } = remember();
    expect(memory.isPaused()).toBe(false);
    memory.pause(3 * SECOND_MS);
    pass(3 * SECOND_MS - 1);
    expect(memory.isPaused()).toBe(true);
    pass(1);
    expect(memory.isPaused()).toBe(false);
  });

  test.each([MINUTE_MS + 1, 86_400_000, Number.POSITIVE_INFINITY])('is for a minute at most: %d', (ms) => {
    const { memory, pass } = remember();
    memory.pause(ms);
    pass(MINUTE_MS - 1);
    expect(memory.isPaused()).toBe(true);
    pass(1);
    expect(memory.isPaused()).toBe(false);
  });

  test.each([0, -1, Number.NaN, Number.NEGATIVE_INFINITY])('is not, if the time is none: %d', (ms) => {
    const { memory } = remember();
    memory.pause(ms);
    expect(memory.isPaused()).toBe(false);
    memory.pause(SECOND_MS);
    memory.pause(ms);
    expect(memory.isPaused()).toBe(true);
  });

  test('is not asked earlier because another answer asks for less', () => {
    const { memory, pass } = remember();
    memory.pause(10 * SECOND_MS);
    memory.pause(SECOND_MS);
    pass(9 * SECOND_MS);
    expect(memory.isPaused()).toBe(true);
  });
});

describe('servers', () => {
  test('are remembered apart, whatever a slash at the end, the case of the host or a default port says', () => {
    const { memories, memory } = remember();
    memory.preferWay('procedures', 1);
    for (const same of [`${BASE}/`, 'HTTPS://FHIR.example/r4', 'https://fhir.example:443/r4']) {
      expect(memories.of(same, undefined).firstWay('procedures')).toBe(1);
    }
    for (const other of ['https://fhir.example/R4', 'https://fhir.example/r4/b', 'http://fhir.example/r4', 'no URL']) {
      expect(memories.of(other, undefined).firstWay('procedures')).toBe(0);
    }
  });

  test('are two hundred: the one that was not asked for longest is forgotten', () => {
    const { memories, memory } = remember();
    memory.preferWay('procedures', 1);
    for (let port = 1; port < 200; port += 1) memories.of(`http://127.0.0.1:${port}`, undefined);
    expect(memories.of(BASE, undefined).firstWay('procedures')).toBe(1);
    memories.of('http://127.0.0.1:200', undefined);
    expect(memories.circuits()).toHaveLength(200);
    expect(memories.circuits().map(({ server }) => server)).not.toContain('http://127.0.0.1:1');
    expect(memories.of(BASE, undefined).firstWay('procedures')).toBe(1);
  });

  test('are remembered with a clock of the process’ own as well', () => {
    const memory = rememberServers().of(BASE, undefined);
    memory.preferWay('procedures', 1);
    memory.rememberFailure('careTeams', 'not-offered');
    memory.pause(MINUTE_MS);
    expect([memory.firstWay('procedures'), memory.knownFailure('careTeams'), memory.isPaused()]).toEqual([
      1,
      'not-offered',
      true,
    ]);
  });
});

describe('the circuit breaker', () => {
  test('hands on what a round came to, and lets none through after five in a row without an answer', async () => {
    const { memories, memory } = remember();
    expect(await playAll(memory, [...DOWN_FIVE_TIMES, true, false, 'unknown'])).toEqual([
      ...DOWN_FIVE_TIMES,
      'circuit-open',
      'circuit-open',
      'circuit-open',
    ]);
    expect(memories.circuits()).toEqual([{ server: BASE, state: 'open' }]);
  });

  test('does not ask at all while it is open', async () => {
    const { memory } = await opened();
    expect(begin(memory).wasAsked()).toBe(false);
  });

  test('of one server is not that of another', async () => {
    const { memories } = await opened();
    expect(await play(memories.of('https://other.example/r4', undefined), false)).toBe(false);
  });

  test.each<[string, readonly Judgement[], 'open' | 'closed']>([
    ['an answer in between counts', [true, true, true, true, false, true, true, true, true], 'closed'],
    ['a round that says nothing counts neither way', [true, true, 'unknown', true, 'unknown', true, true], 'open'],
    ['rounds that say nothing are no failures', Array.from({ length: 20 }, () => 'unknown' as const), 'closed'],
  ])('%s', async (_claim, judgements, state) => {
    const { memories, memory } = remember();
    await playAll(memory, judgements);
    expect(stateOf(memories)).toEqual([state]);
  });

  test('lets one round through after ten seconds, and the others when that one was answered', async () => {
    const { memories, memory, pass } = await opened();
    pass(10 * SECOND_MS - 1);
    expect(await play(memory, false)).toBe('circuit-open');
    pass(1);
    const probe = begin(memory);
    expect([probe.wasAsked(), stateOf(memories)]).toEqual([true, ['half-open']]);
    // At once, and not when the probe has ended.
    expect(await playAll(memory, [false, true, 'unknown'])).toEqual(['circuit-open', 'circuit-open', 'circuit-open']);
    expect(await probe.end(false)).toBe(false);
    expect(stateOf(memories)).toEqual(['closed']);
    expect(await playAll(memory, [true, true, true, true, false])).toEqual([true, true, true, true, false]);
  });

  test('waits ten seconds more when that round was not answered either', async () => {
    const { memories, memory, pass } = await opened();
    pass(10 * SECOND_MS);
    expect(await play(memory, true)).toBe(true);
    expect(stateOf(memories)).toEqual(['open']);
    pass(10 * SECOND_MS - 1);
    expect(await play(memory, false)).toBe('circuit-open');
    pass(1);
    expect(await play(memory, false)).toBe(false);
  });

  test('lets the next round through when that round said nothing', async () => {
    const { memories, memory, pass } = await opened();
    pass(10 * SECOND_MS);
    expect(await playAll(memory, ['unknown', 'unknown'])).toEqual(['unknown', 'unknown']);
    expect(stateOf(memories)).toEqual(['open']);
    expect(await play(memory, false)).toBe(false);
    expect(stateOf(memories)).toEqual(['closed']);
  });

  test('hands on a fault, and takes it for a round that said nothing', async () => {
    const { memories, memory, pass } = remember();
    const fault = new TypeError('fault');
    const failing = () => memory.round<boolean>(() => Promise.reject(fault), Boolean);
    const atOnce = () =>
      memory.round<boolean>(() => {
        throw fault;
      }, Boolean);
    await playAll(memory, [true, true, true, true]);
    await expect(failing()).rejects.toBe(fault);
    await expect(atOnce()).rejects.toBe(fault);
    expect(stateOf(memories)).toEqual(['closed']);
    await play(memory, true);
    pass(10 * SECOND_MS);
    await expect(failing()).rejects.toBe(fault);
    expect(stateOf(memories)).toEqual(['open']);
    expect(await play(memory, false)).toBe(false);
  });

  test('is not closed by a round that began before it opened', async () => {
    const { memories, memory } = remember();
    const early = begin(memory);
    await playAll(memory, DOWN_FIVE_TIMES);
    expect(await early.end(false)).toBe(false);
    expect(stateOf(memories)).toEqual(['open']);
  });

  test('does what a counter and a clock would do', async () => {
    const step = fc.oneof(
      fc.record({ judgement: fc.constantFrom<Judgement>(true, true, true, false, 'unknown') }),
      fc.record({ pass: fc.constantFrom(1, 5_000, 9_999, 10_000) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { memories, memory, pass } = remember();
        let failures = 0;
        let openMs = 0;
        for (const each of steps) {
          if ('pass' in each) {
            pass(each.pass);
            openMs -= each.pass;
            continue;
          }
          const { judgement } = each;
          const isRefused = failures >= 5 && openMs > 0;
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          expect(await play(memory, judgement)).toBe(isRefused ? 'circuit-open' : judgement);
          if (!isRefused && judgement === false) failures = 0;
          if (!isRefused && judgement === true) {
            failures += 1;
            if (failures >= 5) openMs = 10_000;
          }
          expect(stateOf(memories)).toEqual([failures >= 5 ? 'open' : 'closed']);
        }
      }),
    );
  });

  test('never stays open once the server answers again, however rounds overlapped before', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('begin' as const) },
      {
        weight: 3,
        arbitrary: fc.record({
          end: fc.nat(),
          judgement: fc.constantFrom<Judgement>(true, true, true, true, true, true, true, false, 'unknown'),
        }),
      },
      { weight: 1, arbitrary: fc.record({ pass: fc.constantFrom(1, 5_000, 10_000, 60_000) }) },
    );
    let timesNotClosed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 120 }), async (steps) => {
        const { memories, memory, pass } = remember();
        const running: ReturnType<typeof begin>[] = [];
        for (const each of steps) {
          if (each === 'begin') running.push(begin(memory));
          else if ('pass' in each) pass(each.pass);
          else {
            const [round] = running.splice(each.end % Math.max(1, running.length), 1);
            // oxlint-disable-next-line no-await-in-loop -- one after the other
            await round?.end(each.judgement);
          }
          if (stateOf(memories)[0] !== 'closed') timesNotClosed += 1;
        }
        await Promise.all(running.map((round) => round.end(true)));
        pass(10_000);
        expect(await play(memory, false)).toBe(false);
        expect(stateOf(memories)).toEqual(['closed']);
        expect(await play(memory, true)).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(timesNotClosed).toBeGreaterThan(0);
  });
});
