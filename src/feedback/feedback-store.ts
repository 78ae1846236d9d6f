import type { FeedbackEntry } from '../cds-hooks/feedback.ts';

/** One feedback call of a client, as far as it is kept: no free text, no patient. */
export interface ReceivedFeedback {
  /** The client's name; undefined in open mode. */
  readonly client: string | undefined;
  readonly service: string;
  readonly receivedAt: Date;
  readonly entries: readonly FeedbackEntry[];
}

/** What clinicians did with the cards. Append-only: an entry is never changed, and kept once however often it is sent (CH-147). */
export interface FeedbackStore {
  /**
   * Resolves once all entries are committed to disk, all or none.
   *
   * @throws {Error} if they are not: the caller has to send them again.
   */
  append(feedback: ReceivedFeedback): Promise<void>;
  /** Could feedback be kept now? */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}
