import { RESOURCE_KEYS, type Reading, type Readings, type ResourceKey } from '../../chart/reading.ts';
import type { ServerAnswer } from '../situation.ts';
import type { PartRead } from './chart-server.ts';

/** How far the reading of the chart has come. */
export interface ChartProgress {
  /** Of a part that is not read yet, nothing. */
  readonly readings: Readings;
  readonly pending: ReadonlySet<ResourceKey>;
  /** Of each part that could not be read, or not to its end, what the server said. */
  readonly answers: ReadonlyMap<ResourceKey, ServerAnswer>;
  /** How many resources were left out: another patient's, of another type, or no resources at all. */
  readonly skipped: number;
}

/** What is known of each part so far; what is entered later replaces what was. */
export interface Ledger {
  /** `waitedMs`: for how long nobody answered, if nobody did. */
  enter(key: ResourceKey, read: PartRead, waitedMs: number): void;
  readonly pending: ReadonlySet<ResourceKey>;
  /** As it is now: later entries do not change it. */
  progress(skipped: number): ChartProgress;
}

export function openLedger(): Ledger {
  const readings = new Map<ResourceKey, Reading>();
  const answers = new Map<ResourceKey, ServerAnswer>();
  const pending = new Set<ResourceKey>(RESOURCE_KEYS);
  return {
    pending,
    enter(key, { reading, answer }, waitedMs) {
      readings.set(key, reading);
      pending.delete(key);
      if (answer === undefined) answers.delete(key);
      else answers.set(key, { ...answer, says: silence(reading, waitedMs) ?? answer.says });
    },
    progress: (skipped) => ({
      readings: inOrder(readings),
      pending: new Set(pending),
      answers: new Map(answers),
      skipped,
    }),
  };
}

/** In the order in which the parts of a chart are always named. */
export function inOrder<Value>(parts: ReadonlyMap<ResourceKey, Value>): ReadonlyMap<ResourceKey, Value> {
  return new Map([...parts].toSorted(([one], [other]) => RESOURCE_KEYS.indexOf(one) - RESOURCE_KEYS.indexOf(other)));
}

function silence(reading: Reading, waitedMs: number): string | undefined {
  if (reading.state === 'complete' || reading.reason !== 'timed-out') return undefined;
  const within = `within ${waitedMs / 1000} s`;
  return reading.state === 'unread' ? `no answer ${within}` : `not read to the end ${within}`;
}
