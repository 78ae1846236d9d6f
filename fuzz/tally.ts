import type { Outcome, WireRequest } from './wire.ts';

/** What was sent and what came back. */
export type Tally = {
  add(request: WireRequest, outcome: Outcome): void;
  /** One row for each kind of request, in alphabetical order. */
  rows(): readonly TallyRow[];
  /** The requests that took longest, and what was done to them; others in flight at the time are slow as well. */
  slowest(): readonly Slow[];
};

export type TallyRow = {
  readonly kind: string;
  readonly requests: number;
  /** How often each status came; `–` is a connection that was closed without one. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly medianMs: number;
  readonly slowestMs: number;
};

export type Slow = { readonly ms: number; readonly kind: string; readonly done: readonly string[] };

const SLOWEST = 8;

/** Counts from nothing. */
export function createTally(): Tally {
  const times = new Map<string, number[]>();
  const statuses = new Map<string, Map<string, number>>();
  let slowest: readonly Slow[] = [];
  return {
    add({ kind, done }, outcome) {
      if (slowest.length < SLOWEST || outcome.ms > (slowest.at(-1)?.ms ?? 0)) {
        slowest = [...slowest, { ms: outcome.ms, kind, done }].toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST);
      }
      const ofKind = times.get(kind) ?? [];
      ofKind.push(outcome.ms);
      times.set(kind, ofKind);
      const counts = statuses.get(kind) ?? new Map<string, number>();
      for (const status of statusesOf(outcome)) counts.set(status, (counts.get(status) ?? 0) + 1);
      statuses.set(kind, counts);
    },
    slowest: () => slowest,
    rows: () =>
      [...times]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([kind, ms]) => {
          const sorted = ms.toSorted((a, b) => a - b);
          return {
            kind,
            requests: ms.length,
            statuses: Object.fromEntries([...(statuses.get(kind) ?? [])].toSorted(([a], [b]) => a.localeCompare(b))),
            medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
            slowestMs: sorted.at(-1) ?? 0,
          };
        }),
  };
}

function statusesOf(outcome: Outcome): readonly string[] {
  if (outcome.kind !== 'answered') return [outcome.kind];
  return outcome.answers.length === 0 ? ['–'] : outcome.answers.map(({ status }) => String(status));
}
