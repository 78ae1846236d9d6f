import { FeedbackStoreError } from '../feedback-store.ts';

/** Knows what is under way, so that its end can be waited for. */
export interface WorkUnderWay {
  /** @throws {FeedbackStoreError} `closed`, without having begun, once it is closed. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Lets nothing more begin; resolves when all that did is over. */
  close(): Promise<void>;
  readonly isClosed: () => boolean;
}

export function createWorkUnderWay(): WorkUnderWay {
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;
  return {
    async run(work) {
      if (isClosed) throw new FeedbackStoreError('closed');
      const running = work();
      underWay.add(running);
      try {
        return await running;
      } finally {
        underWay.delete(running);
      }
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
    isClosed: () => isClosed,
  };
}
