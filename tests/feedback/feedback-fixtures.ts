import type { FeedbackEntry } from '../../src/cds-hooks/feedback.ts';
import type { ReceivedFeedback } from '../../src/feedback/feedback-store.ts';

/** A dismissed card, unless more is said of it; each number is another card. */
export function entry(number: number, members: Partial<FeedbackEntry> = {}): FeedbackEntry {
  return {
    card: `4e0a3a1e-3283-4575-ab82-${number.toString(16).padStart(12, '0')}`,
    outcome: 'overridden',
    acceptedSuggestions: [],
    overrideReasons: [],
    hasComment: false,
    comments: [],
    outcomeTimestamp: '2026-11-22T10:00:00.000Z',
    ...members,
  };
}

/** A call with these entries. */
export function received(
  entries: readonly FeedbackEntry[],
  sender: Partial<Omit<ReceivedFeedback, 'entries'>> = {},
): ReceivedFeedback {
  return {
    client: 'General Hospital',
    service: 'asps-patient-view',
    receivedAt: new Date('2026-11-22T10:00:01Z'),
    entries,
    ...sender,
  };
}
