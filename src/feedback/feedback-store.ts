import type { FeedbackEntry } from '../cds-hooks/feedback.ts';

/**
 * One feedback call of a client, as far as it is kept: uuids, times and codes of one word; no address of a resource, and no sentence but
 * the comments, if the operator keeps them.
 */
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
   * @throws {FeedbackStoreError} if they are not: the caller has to send them again.
   */
  append(feedback: ReceivedFeedback): Promise<void>;
  /** Is what was kept still there to be read? Whether more could be written is found by writing alone. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Why something could not be kept or read, for the operator:
 *
 * - `full`: the disk took no more. No room, beyond a quota of the disk or the largest size of a file, or a fault of the disk.
 * - `locked`: another process held the file, or what is in the database, for too long, or all connections to it were in use.
 * - `read-only`: the file, or the database, may not be written.
 * - `unreachable`: the database server does not answer, or does not let this service in any more.
 * - `damaged`: what is in the file, or the database, is no longer what was written. Nothing is written to the file any more.
 * - `replaced`: the file was deleted, or another one is in its place.
 * - `closed`: the store is closed, since the service is stopping.
 * - `quota`: this client has sent as many entries as are kept of one client in a day. Others are not affected.
 * - `other`: anything else; see the `cause`.
 */
export type FeedbackStoreErrorReason =
  | 'full'
  | 'locked'
  | 'read-only'
  | 'unreachable'
  | 'damaged'
  | 'replaced'
  | 'closed'
  | 'quota'
  | 'other';

export interface FeedbackStoreErrorOptions extends ErrorOptions {
  /** See {@link FeedbackStoreError.isUnwritten}. Default is what the reason says. */
  readonly isUnwritten?: boolean;
}

/** After these it is certain that nothing was written. */
const UNWRITTEN: ReadonlySet<FeedbackStoreErrorReason> = new Set([
  'full',
  'locked',
  'read-only',
  'replaced',
  'closed',
  'quota',
]);

/** None of it is known to be kept. The error says nothing of what was to be kept. */
export class FeedbackStoreError extends Error {
  override readonly name = 'FeedbackStoreError';
  readonly reason: FeedbackStoreErrorReason;
  /** Is it certain that nothing was written? If not, all of it may be: a server that is gone does not say whether it committed. */
  readonly isUnwritten: boolean;

  constructor(reason: FeedbackStoreErrorReason, options: FeedbackStoreErrorOptions = {}) {
    const { isUnwritten = UNWRITTEN.has(reason), ...ofError } = options;
    super(`Feedback could not be kept: ${reason}`, ofError);
    this.reason = reason;
    this.isUnwritten = isUnwritten;
  }
}
