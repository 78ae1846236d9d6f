import { ServiceError } from './errors.ts';
import { readInstant } from './instant.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { memberOf } from './optional-member.ts';
import { type OverrideReason, type Report, readOverride } from './override-reason.ts';

/**
 * What became of one card (CH-138 to CH-146). A card that was ignored is not reported: of a card without an entry nothing is
 * known, least of all that it was rejected (CH-148).
 */
export interface FeedbackEntry {
  /** The card's uuid, in lower case. */
  readonly card: string;
  readonly outcome: 'accepted' | 'overridden';
  /** The uuids of the suggestions taken, in lower case. */
  readonly acceptedSuggestions: readonly string[];
  /** The reasons chosen, the service's own or the client's (CH-143). */
  readonly overrideReasons: readonly OverrideReason[];
  /** A comment came with it. */
  readonly hasComment: boolean;
  /** What a clinician wrote, which can be about a patient: to be left behind unless the operator wants it (CH-144). */
  readonly comments: readonly string[];
  /** In UTC, as `2026-11-22T10:00:00.000Z`. */
  readonly outcomeTimestamp: string;
}

/** The entries that could be read, and what is wrong with the others or with parts of these: where and what, never what was sent. */
export interface ParsedFeedback {
  readonly entries: readonly FeedbackEntry[];
  readonly problems: readonly string[];
}

/** While they are written nobody is answered, so that it has to be done soon. */
const MOST_ENTRIES = 200;
/** More than any card has. */
const MOST_SUGGESTIONS = 20;
/** More are counted, not named: nobody reads a thousand sentences. */
const MOST_PROBLEMS = 20;

/** Upper case is tolerated, as in requests (CH-28). */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads the body of a feedback call. One call covers many cards (CH-147), and each entry is judged by itself: a bad one does
 * not lose the others (CH-150). What is not known is ignored (CH-187). Whether there ever was such a card is not asked.
 *
 * @throws {ServiceError} `request-invalid` if there is not one entry in it that can be read.
 */
export function parseFeedback(body: unknown): ParsedFeedback {
  const problems: string[] = [];
  const report: Report = (problem) => {
    problems.push(problem);
  };
  const entries = entriesOf(body)
    .map(([entry, at]) => readEntry(entry, at, report))
    .filter((entry) => entry !== undefined);
  const named = [...problems.slice(0, MOST_PROBLEMS), ...unnamed(problems.length - MOST_PROBLEMS)];
  if (entries.length === 0) throw new ServiceError('request-invalid', named);
  return { entries, problems: named };
}

/** Each entry with where it is. */
function entriesOf(body: unknown): readonly (readonly [entry: unknown, at: string])[] {
  if (!isJsonObject(body)) throw invalid('The body must be an object');
  // M-14: before there was a list, the body was the entry.
  if (!Object.hasOwn(body, 'feedback') && Object.hasOwn(body, 'card')) return [[body, '']];

  const feedback = memberOf(body, 'feedback'); // CH-137
  if (isJsonObject(feedback)) return [[feedback, '/feedback']];
  if (feedback === undefined) throw invalid('/feedback is missing or empty');
  if (!Array.isArray(feedback)) throw invalid('/feedback must be an array');
  if (feedback.length > MOST_ENTRIES) {
    throw invalid(`/feedback must not hold more than ${MOST_ENTRIES} entries, send the others in further calls`);
  }
  return feedback.map((entry: unknown, index) => [entry, `/feedback/${index}`] as const);
}

function invalid(problem: string): ServiceError {
  return new ServiceError('request-invalid', [problem]);
}

function unnamed(count: number): readonly string[] {
  return count > 0 ? [`There are ${count} more problems`] : [];
}

/** Every problem of an entry is reported, so that whoever sends it can mend it at once. */
function readEntry(entry: unknown, at: string, report: Report): FeedbackEntry | undefined {
  if (!isJsonObject(entry)) {
    report(`${at} must be an object`);
    return undefined;
  }
  const card = readUuid(memberOf(entry, 'card'), `${at}/card`, report); // CH-138
  const outcome = readOutcome(memberOf(entry, 'outcome'), `${at}/outcome`, report);
  const outcomeTimestamp = readTimestamp(memberOf(entry, 'outcomeTimestamp'), `${at}/outcomeTimestamp`, report);
  const rest = outcome === undefined ? undefined : readRest(entry, outcome, at, report);
  if (card === undefined || outcome === undefined || outcomeTimestamp === undefined || rest === undefined) {
    return undefined;
  }
  return { card, outcome, outcomeTimestamp, ...rest };
}

/** What one outcome has and the other has not; what does not belong to it is not looked at (CH-140, CH-142). */
function readRest(
  entry: JsonObject,
  outcome: FeedbackEntry['outcome'],
  at: string,
  report: Report,
): Pick<FeedbackEntry, 'acceptedSuggestions' | 'overrideReasons' | 'hasComment' | 'comments'> | undefined {
  if (outcome === 'overridden') {
    return { acceptedSuggestions: [], ...readOverride(entry, at, report) };
  }
  const acceptedSuggestions = readSuggestions(entry, `${at}/acceptedSuggestions`, report);
  return acceptedSuggestions && { acceptedSuggestions, overrideReasons: [], hasComment: false, comments: [] };
}

function readUuid(value: unknown, at: string, report: Report): string | undefined {
  if (typeof value === 'string' && UUID.test(value)) return value.toLowerCase();
  report(value === undefined ? `${at} is missing` : `${at} must be a UUID`);
  return undefined;
}

/** CH-139. */
function readOutcome(value: unknown, at: string, report: Report): FeedbackEntry['outcome'] | undefined {
  if (value === 'accepted' || value === 'overridden') return value;
  report(value === undefined ? `${at} is missing` : `${at} must be "accepted" or "overridden"`);
  return undefined;
}

/** CH-146. It is not compared with our clock: when it came is kept beside it, and a client's wrong clock loses nothing. */
function readTimestamp(value: unknown, at: string, report: Report): string | undefined {
  const instant = readInstant(value);
  if (instant === undefined) {
    report(value === undefined ? `${at} is missing` : `${at} must be an RFC 3339 instant with a time zone`);
  }
  return instant;
}

/** CH-140, CH-141: objects with an `id`; old clients send the id itself (M-14). */
function readSuggestions(entry: JsonObject, at: string, report: Report): readonly string[] | undefined {
  const given = memberOf(entry, 'acceptedSuggestions');
  if (given === undefined) {
    report(`${at} is missing or empty, and required with "accepted"`);
    return undefined;
  }
  if (!Array.isArray(given)) {
    report(`${at} must be an array`);
    return undefined;
  }
  if (given.length > MOST_SUGGESTIONS) {
    report(`${at} must not hold more than ${MOST_SUGGESTIONS} suggestions, the others are left out`);
  }
  const ids = given
    .slice(0, MOST_SUGGESTIONS)
    .map((item: unknown, index) =>
      isJsonObject(item)
        ? readUuid(memberOf(item, 'id'), `${at}/${index}/id`, report)
        : readUuid(item, `${at}/${index}`, report),
    );
  // One that cannot be read is reported, and does not lose the others; an acceptance of nothing is none (CH-140).
  const read = ids.filter((id) => id !== undefined);
  return read.length === 0 ? undefined : [...new Set(read)];
}
