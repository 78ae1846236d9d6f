import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createReplayMemory } from '../../../src/cds-hooks/authentication/replay-memory.ts';
import {
  createSharedReplayMemory,
  type SharedReplayMemoryOptions,
} from '../../../src/cds-hooks/authentication/shared-replay-memory.ts';
import type { SharedUses } from '../../../src/cds-hooks/authentication/shared-uses.ts';
import { createPatience } from '../../../src/cds-hooks/patience.ts';

const until = () => new Date(Date.now() + 300_000);

type State = 'up' | 'failing' | 'silent';

/** A shared memory that can be switched off. */
function switchable() {
  const noted = new Map<string, Date>();
  let state: State = 'up';
  const shared: SharedUses = {
    async use(digest, expiresAt) {
      if (state === 'failing') throw new Error('gone');
      if (state === 'silent') return new Promise(() => {});
      if (noted.has(digest)) return 'again';
      noted.set(digest, expiresAt);
      return 'first';
    },
  };
  return {
    shared,
    noted,
    become: (next: State) => {
      state = next;
    },
  };
}

/** Processes that share it. */
function processes(
  count: number,
  shared: SharedUses,
  { waitMs = 60_000, ...options }: Partial<SharedReplayMemoryOptions> & { readonly waitMs?: number } = {},
) {
  let fallbacks = 0;
  const memories = Array.from({ length: count }, () =>
    createSharedReplayMemory({
      shared,
      patience: createPatience(waitMs),
      retryMs: 1,
      onFallback: () => {
        fallbacks += 1;
      },
      ...options,
    }),
  );
  const [one, other] = memories;
  if (one === undefined || other === undefined) throw new Error('two processes at least');
  return { memories, one, other, fallbacks: () => fallbacks };
}

/** However long it takes: the test's own time limit ends it. */
async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    // oxlint-disable-next-line no-await-in-loop -- it is asked again and again
    await sleep(1);
  }
}

// CH-166, CH-177.
describe('a replay memory that processes have in common', () => {
  test('takes a jti once, wherever it comes', async () => {
    const { one, other, fallbacks } = processes(2, switchable().shared);
    expect(await one.use('a', 'x', until())).toBe('first');
    expect(await other.use('a', 'x', until())).toBe('again');
    expect(await one.use('a', 'x', until())).toBe('again');
    expect(await other.use('b', 'x', until())).toBe('first');
    expect(fallbacks()).toBe(0);
  });

  test('is asked nothing that this process knows itself', async () => {
    let asked = 0;
    const shared: SharedUses = {
      use: async () => {
        asked += 1;
        return 'first';
      },
    };
    const { one } = processes(2, shared, { local: createReplayMemory({ maxPerClient: 1 }) });
    expect(await one.use('a', 'x', until())).toBe('first');
    expect(await one.use('a', 'x', until())).toBe('again');
    expect(await one.use('a', 'y', until())).toBe('full');
    expect(await one.use('b', 'z', new Date(0))).toBe('again');
    expect(asked).toBe(1);
  });

  test('is told a digest of 22 letters and digits, and nothing else of the JWT', async () => {
    const { shared, noted } = switchable();
    const { one } = processes(2, shared);
    const expiresAt = until();
    await one.use('General Hospital', 'jti-of-a-jwt', expiresAt);
    expect([...noted]).toEqual([[expect.stringMatching(/^[\w-]{22}$/), expiresAt]]);
  });

  test.each(['failing', 'silent'] as const)('that is %s: each process decides by what it has seen', async (state) => {
    const { shared, become } = switchable();
    const { one, other, fallbacks } = processes(2, shared, { waitMs: 1 });
    become(state);
    expect(await one.use('a', 'x', until())).toBe('first');
    expect(await one.use('a', 'x', until())).toBe('again');
    // What a process without it would do as well.
    expect(await other.use('a', 'x', until())).toBe('first');
    expect(fallbacks()).toBe(2);
  });

  test('learns what was used while it was away', async () => {
    const { shared, become } = switchable();
    const { one, other } = processes(2, shared);
    become('failing');
    const jtis = Array.from({ length: 1000 }, (_, n) => String(n));
    await Promise.all(jtis.map(async (jti) => one.use('a', jti, until())));
    expect(one.unnoted).toBe(1000);
    become('up');
    await eventually(() => one.unnoted === 0);
    const uses = await Promise.all(jtis.map(async (jti) => other.use('a', jti, until())));
    expect(new Set(uses)).toEqual(new Set(['again']));
  });

  test('learns of a use that failed after the process had decided', async () => {
    const fail: (() => void)[] = [];
    const { shared, noted, become } = switchable();
    const slow: SharedUses = {
      use: async (digest, expiresAt) => {
        if (fail.length > 0) return shared.use(digest, expiresAt);
        return new Promise((_resolve, reject) => {
          fail.push(() => reject(new Error('gone')));
        });
      },
    };
    become('failing');
    const { one } = processes(2, slow, { waitMs: 1 });
    expect(await one.use('a', 'x', until())).toBe('first');
    expect(one.unnoted).toBe(0);
    fail[0]?.();
    await eventually(() => one.unnoted === 1);
    become('up');
    await eventually(() => one.unnoted === 0);
    expect(noted.size).toBe(1);
  });

  test('keeps so many to be told later and no more, the youngest', async () => {
    const { shared, noted, become } = switchable();
    const { one, other } = processes(2, shared, { maxUnnoted: 3 });
    become('failing');
    for (const jti of ['1', '2', '3', '4', '5']) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await one.use('a', jti, until());
    }
    expect(one.unnoted).toBe(3);
    become('up');
    await eventually(() => one.unnoted === 0);
    expect(noted.size).toBe(3);
    expect(await other.use('a', '5', until())).toBe('again');
    expect(await other.use('a', '1', until())).toBe('first');
  });

  test('is not told of what expired meanwhile', async () => {
    const { shared, noted, become } = switchable();
    let at = Date.now();
    const { one } = processes(2, shared, { now: () => new Date(at) });
    become('failing');
    await one.use('a', 'x', new Date(at + 1000));
    at += 1000;
    become('up');
    await eventually(() => one.unnoted === 0);
    expect(noted.size).toBe(0);
  });

  test('whatever happens to it: no process takes a jti twice, and none while it is up that another has', async () => {
    const states = fc.array(
      fc.tuple(
        fc.constantFrom<State>('up', 'failing', 'silent'),
        fc.array(fc.tuple(fc.nat(2), fc.constantFrom('x', 'y', 'z')), { maxLength: 6 }),
      ),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(states, async (phases) => {
        const { shared, become } = switchable();
        const { memories } = processes(3, shared, { waitMs: 1 });
        const taken = new Map<string, number>();
        let wasAway = false;
        for (const [state, uses] of phases) {
          become(state);
          wasAway ||= state !== 'up';
          // oxlint-disable-next-line no-await-in-loop -- one phase after another
          const verdicts = await Promise.all(
            uses.map(async ([at, jti]) => [at, jti, await memories[at]?.use('a', jti, until())] as const),
          );
          for (const [at, jti, verdict] of verdicts) {
            const name = wasAway ? `${at} ${jti}` : jti;
            if (verdict === 'first') taken.set(name, (taken.get(name) ?? 0) + 1);
          }
        }
        expect([...taken.values()].filter((times) => times > 1)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
