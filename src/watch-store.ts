import { FeedbackStoreError } from './feedback/feedback-store.ts';
import { type Logger, safeError } from './log.ts';
import type { StoreMeter } from './metrics.ts';

/** What is done with the store, in words for the metrics and the log. */
export type StoreOperation = 'feedback' | 'showings' | 'tallies' | 'retention';

/** Does it, and lets what came of it be known. */
export type Watched = <Result>(operation: StoreOperation, work: () => Promise<Result>) => Promise<Result>;

/**
 * Counts what fails, and says in the log when that begins and when it is over: a line for each time would hide all others while
 * a database is gone.
 */
export function watchStore(meter: Pick<StoreMeter, 'failed'>, logger: Logger): Watched {
  const failing = new Set<StoreOperation>();
  return async (operation, work) => {
    try {
      const result = await work();
      if (failing.delete(operation)) logger.info({ operation }, 'the store works again');
      return result;
    } catch (error) {
      const reason = error instanceof FeedbackStoreError ? error.reason : 'other';
      meter.failed(operation, reason);
      // One client that sent too much says nothing of the store.
      if (reason !== 'quota' && !failing.has(operation)) {
        failing.add(operation);
        logger.warn({ operation, failure: safeError(error) }, 'the store fails');
      }
      throw error;
    }
  };
}
