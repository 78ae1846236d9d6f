import { FeedbackStoreError } from './feedback-store.ts';
import type { ShownCards } from './showing.ts';
import { createShowingQueue } from './showing-queue.ts';
import type { Tally } from './tally.ts';
import { type Counted, createTallyCounter } from './tally-counter.ts';

/** Between the answers and the store, so that a slow or absent store neither delays nor loses a card for a clinician. */
export interface Recorder {
  /**
   * To be awaited before cards go out: then they are on record before feedback on them can come. Never rejects, and takes no
   * longer than `waitMs`; what is not on record then is kept and written later.
   */
  showed(shown: ShownCards): Promise<void>;
  /** Counts, in memory; written every few seconds. */
  count(counted: Counted, times?: number): void;
  /** Writes what is held, if the store takes it soon. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  /** Keeps all or none, on disk before it resolves; what it kept before it keeps once. */
  readonly record: (shown: readonly ShownCards[]) => Promise<void>;
  /** Adds all or none; its error says whether they may have been added. */
  readonly addTallies: (tallies: readonly Tally[]) => Promise<void>;
  /** Could the store be read now? Asked before tallies are sent. */
  readonly isReachable: () => Promise<boolean>;
  readonly now: () => Date;
  /** The longest that an answer waits for the store, in milliseconds. Default is 50. */
  readonly waitMs?: number;
  /** The most calls with cards that are held for a store that takes none. Default is 10,000: some 20 MB. */
  readonly maxQueue?: number;
  /** Between two writes of tallies, in milliseconds. Default is 5,000. */
  readonly flushMs?: number;
  /** The longest that `close` waits for the store, in milliseconds. Default is 3,000. */
  readonly closeMs?: number;
  /** Told how many calls with cards will never be on record. */
  readonly onDropped?: (count: number) => void;
}

const WAIT_MS = 50;
const MAX_QUEUE = 10_000;
const FLUSH_MS = 5000;
const CLOSE_MS = 3000;

/** Creates one, and begins to write the tallies now and then; its timers keep no process alive. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { record, addTallies, isReachable, now, onDropped = () => {} } = options;
  const { waitMs = WAIT_MS, maxQueue = MAX_QUEUE, flushMs = FLUSH_MS, closeMs = CLOSE_MS } = options;
  const queue = createShowingQueue({ record, waitMs, maxQueue, onDropped });
  const tallies = createTallyCounter(now);
  let flushing: Promise<void> | undefined;

  /**
   * A tally is added to what is there, so that it must not be sent twice. If a server is gone while it commits, nobody knows
   * whether it did: then the tallies of those seconds are given up – too few rather than too many. Of one that was gone
   * before, it is known that it did not: they are sent again.
   */
  async function flush(): Promise<void> {
    if (!(await isReachable())) return;
    const taken = tallies.take();
    if (taken.length === 0) return;
    try {
      await addTallies(taken);
    } catch (error) {
      if (error instanceof FeedbackStoreError && error.isUnwritten) tallies.putBack(taken);
    }
  }

  /** One at a time. */
  function flushOnce(): Promise<void> {
    flushing ??= flush()
      .catch(() => {})
      .finally(() => {
        flushing = undefined;
      });
    return flushing;
  }

  const timer = setInterval(() => void flushOnce(), flushMs).unref();

  return {
    showed: (shown) => queue.add(shown),
    count: (counted, times) => tallies.count(counted, times),
    async close() {
      clearInterval(timer);
      // One that is under way has not got what was counted since.
      const flushed = Promise.resolve(flushing).then(flushOnce);
      const { promise: tooLate, resolve } = Promise.withResolvers<void>();
      const limit = setTimeout(resolve, closeMs);
      await Promise.all([queue.close(closeMs), Promise.race([flushed, tooLate])]);
      clearTimeout(limit);
    },
  };
}
