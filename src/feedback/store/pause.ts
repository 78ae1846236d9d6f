import { FeedbackStoreError, type FeedbackStoreErrorReason } from '../feedback-store.ts';

/** Keeps what has failed from being tried by everybody: see {@link createPause}. */
export interface Pause {
  /** @throws {FeedbackStoreError} without having begun, for the reason of the last failure, while the pause lasts. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface PauseOptions {
  /** What an error means. */
  readonly asFailure: (error: unknown) => FeedbackStoreError;
  /** After which failures there is a pause. One of a single client's is no reason to refuse the others. */
  readonly pausesAfter: (reason: FeedbackStoreErrorReason) => boolean;
  /** In milliseconds; a clock that nobody sets. */
  readonly clock: () => number;
}

const PAUSE_MS = 1000;

/** For a second after a failure all is refused, without being tried; then one attempt finds out whether it can go on. */
export function createPause({ asFailure, pausesAfter, clock }: PauseOptions): Pause {
  let paused: { readonly until: number; readonly reason: FeedbackStoreErrorReason } | undefined;
  let isProbing = false;

  return {
    async run(work) {
      if (paused !== undefined && (isProbing || clock() < paused.until)) throw new FeedbackStoreError(paused.reason);
      const isProbe = paused !== undefined;
      isProbing = isProbe;
      try {
        const result = await work();
        if (isProbe) paused = undefined;
        return result;
      } catch (error) {
        const failure = asFailure(error);
        if (isProbe) paused = undefined;
        // A pause that has begun is not drawn out by what began before it.
        if (pausesAfter(failure.reason)) paused ??= { until: clock() + PAUSE_MS, reason: failure.reason };
        throw failure;
      } finally {
        if (isProbe) isProbing = false;
      }
    },
  };
}
