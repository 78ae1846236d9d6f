import type { Measure, Tally } from './tally.ts';

/** What is counted. */
export interface Counted {
  readonly measure: Measure;
  readonly subject: string;
  /** Default is '': not by service. */
  readonly service?: string;
  /** Undefined in open mode, and for what is not counted by client. */
  readonly client?: string | undefined;
}

/** Sums up in memory, by UTC day. What it holds is bounded by the closed set of what is counted. */
export interface TallyCounter {
  count(counted: Counted, times?: number): void;
  /** All that was counted since the last take, each once; they are no longer held here. */
  take(): readonly Tally[];
  /** Gives back what was taken and is not kept elsewhere. */
  putBack(tallies: readonly Tally[]): void;
}

const DAY_MS = 86_400_000;

/** Creates one that has counted nothing. */
export function createTallyCounter(now: () => Date): TallyCounter {
  let held = new Map<string, Tally>();
  let today = { number: Number.NaN, text: '' };

  /** Made once a day: it is asked several times a call. */
  function dayOf(date: Date): string {
    const number = Math.floor(date.getTime() / DAY_MS);
    if (number !== today.number) today = { number, text: date.toISOString().slice(0, 10) };
    return today.text;
  }

  function add(tally: Tally): void {
    const { day, client, service, measure, subject } = tally;
    // The client's name, which alone may hold anything, comes last: so no two are taken for one.
    const key = `${day}\n${measure}\n${service}\n${subject}\n${client ?? ''}`;
    const before = held.get(key);
    held.set(key, before === undefined ? tally : { ...tally, count: before.count + tally.count });
  }

  return {
    count: ({ measure, subject, service = '', client }, times = 1) =>
      add({ day: dayOf(now()), client, service, measure, subject, count: times }),
    take: () => {
      const taken = [...held.values()];
      held = new Map();
      return taken;
    },
    putBack: (tallies) => {
      for (const tally of tallies) add(tally);
    },
  };
}
