import { type FeedbackStore, FeedbackStoreError, type ReceivedFeedback } from '../../../src/feedback/feedback-store.ts';

/** Why something was not kept, or `kept`. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'kept';
  } catch (error) {
    return error instanceof FeedbackStoreError ? error.reason : `not a FeedbackStoreError: ${String(error)}`;
  }
}

export function refusalOf(store: FeedbackStore, feedback: ReceivedFeedback): Promise<string> {
  return refusal(store.append(feedback));
}

/** A clock that stands still until it is moved on. */
export function stoppedClock() {
  let time = 5000;
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  return { clock: () => time, pass };
}
