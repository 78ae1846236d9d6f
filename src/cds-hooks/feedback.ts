/** What became of one card (CH-138 to CH-146), without what a clinician wrote: that can be about a patient. */
export interface FeedbackEntry {
  /** The card's uuid, in lower case. */
  readonly card: string;
  readonly outcome: 'accepted' | 'overridden';
  /** The uuids of the suggestions taken, in lower case. */
  readonly acceptedSuggestions: readonly string[];
  /** The reasons chosen, the service's own or the client's (CH-143). */
  readonly overrideReasons: readonly { readonly code: string; readonly system?: string | undefined }[];
  /** A comment came with it. It is not kept. */
  readonly hasComment: boolean;
  /** In UTC, as `2026-11-22T10:00:00.000Z`. */
  readonly outcomeTimestamp: string;
}

/** The entries that could be read, and what is wrong with the others: where and what, never what was sent. */
export interface ParsedFeedback {
  readonly entries: readonly FeedbackEntry[];
  readonly problems: readonly string[];
}

/**
 * Reads the body of a feedback call.
 *
 * @throws {ServiceError} `request-invalid` if there is not one entry in it that can be read.
 */
export function parseFeedback(_body: unknown): ParsedFeedback {
  throw new Error('in work');
}
