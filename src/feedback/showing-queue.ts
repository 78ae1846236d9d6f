import type { ShownCards } from './showing.ts';

export interface ShowingQueueOptions {
  /** Keeps them all or none, in one transaction; what it kept before it keeps once. */
  readonly record: (shown: readonly ShownCards[]) => Promise<void>;
  /** The longest that an answer waits for what it shows to be on record, in milliseconds. */
  readonly waitMs: number;
  /** The most calls with cards that are held while the store takes none. */
  readonly maxQueue: number;
  /** Told how many calls with cards will never be on record. */
  readonly onDropped: (count: number) => void;
}

/** What was shown and is not on record yet, first first. */
export interface ShowingQueue {
  /** Never rejects. Resolves once it is on record, or once it is clear that it will take longer than an answer may wait. */
  add(shown: ShownCards): Promise<void>;
  /** Tries once more to write what is left, for so many milliseconds; what is not known to be on record then counts as dropped. */
  close(withinMs: number): Promise<void>;
}

/** In one transaction: few enough that it is soon over. */
const BATCH = 200;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5000;

interface Waiting {
  readonly shown: ShownCards;
  readonly settle: () => void;
}

/**
 * Stands between the answers and the store. What comes while a write is under way goes together into the next one; what could
 * not be written stays, in order, and is tried again, less and less often. Past `maxQueue` the oldest go.
 */
export function createShowingQueue({ record, waitMs, maxQueue, onDropped }: ShowingQueueOptions): ShowingQueue {
  let queue: Waiting[] = [];
  let working: Promise<void> | undefined;
  /** What is being written, and since when. */
  let underWay: { readonly batch: readonly Waiting[]; readonly since: number } | undefined;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = FIRST_RETRY_MS;
  let isClosed = false;
  /** What was left has been counted as lost: nothing is kept any more. */
  let isOver = false;

  /** Somebody has waited in vain for the store already: the next need not. */
  function isStuck(): boolean {
    return retry !== undefined || (underWay !== undefined && performance.now() - underWay.since >= waitMs);
  }

  function start(): void {
    if (working === undefined && retry === undefined && queue.length > 0) working = writeAll();
  }

  /** Until all is written, or one write has failed. */
  async function writeAll(): Promise<void> {
    // What was shown at the same moment goes together.
    await Promise.resolve();
    while (queue.length > 0) {
      const batch = queue.slice(0, BATCH);
      queue = queue.slice(batch.length);
      underWay = { batch, since: performance.now() };
      // oxlint-disable-next-line no-await-in-loop -- in order
      const isWritten = await write(batch);
      underWay = undefined;
      // Nobody waits for a store that has just failed.
      for (const { settle } of isWritten ? batch : queue) settle();
      if (!isWritten) break;
    }
    working = undefined;
  }

  async function write(batch: readonly Waiting[]): Promise<boolean> {
    try {
      await record(batch.map(({ shown }) => shown));
      retryMs = FIRST_RETRY_MS;
      return true;
    } catch {
      if (isOver) return false;
      queue = [...batch, ...queue];
      bound();
      retryLater();
      return false;
    }
  }

  function retryLater(): void {
    if (isClosed) return;
    retry = setTimeout(() => {
      retry = undefined;
      start();
    }, retryMs).unref();
    retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
  }

  function bound(): void {
    const tooMany = queue.length - maxQueue;
    if (tooMany <= 0) return;
    for (const { settle } of queue.splice(0, tooMany)) settle();
    onDropped(tooMany);
  }

  return {
    add(shown) {
      if (isClosed) {
        onDropped(1);
        return Promise.resolve();
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      // Before it is in the queue: what is known now is of the writes before it.
      const tooLate = isStuck() ? undefined : setTimeout(resolve, waitMs);
      if (tooLate === undefined) resolve();
      queue.push({
        shown,
        settle: () => {
          clearTimeout(tooLate);
          resolve();
        },
      });
      bound();
      start();
      return promise;
    },
    async close(withinMs) {
      isClosed = true;
      clearTimeout(retry);
      retry = undefined;
      const { promise: tooLate, resolve } = Promise.withResolvers<void>();
      const limit = setTimeout(resolve, withinMs);
      await Promise.race([tooLate, writeRest()]);
      clearTimeout(limit);
      if (isOver) return;
      isOver = true;
      // Of what is being written nobody will know: the process ends.
      const left = queue.length + (underWay?.batch.length ?? 0);
      if (left > 0) onDropped(left);
      queue = [];
    },
  };

  async function writeRest(): Promise<void> {
    // What is under way began before: that it fails says nothing of the next.
    await working;
    start();
    await working;
  }
}
