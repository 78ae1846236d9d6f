import type { DateInterval } from '../../chart/calendar.ts';
import type { Coverage, Evidence, Fact } from '../../chart/fact.ts';
import { gapInWords, gapOf, whyUnknown } from '../parts/gap.ts';
import type { Situation } from '../situation.ts';

/** One thing that the header says of the patient. */
export interface HeaderItem {
  readonly term: string;
  readonly values: readonly HeaderValue[];
}

export interface HeaderValue {
  /** On one line, and safe to show. */
  readonly words: string;
  /** What else stands beside it: the date, what it rests on. */
  readonly note?: string;
  readonly evidence: readonly Evidence[];
  /** `open`: not recorded, or not decided by what is. `reading`: it may yet come. `unread`: it will not. */
  readonly standing: Standing;
}

export type Standing = 'recorded' | 'open' | 'reading' | 'unread';

type Pending = Situation['pending'];

export function recorded(words: string, evidence: readonly Evidence[], note?: string): HeaderValue {
  return { words, evidence, standing: 'recorded', ...(note === undefined || note === '' ? {} : { note }) };
}

/** Nothing was found: as the words say if these sources were read to their end, else what was not read. */
export function absent(words: string, sources: Pick<Coverage, 'unread'>, pending: Pending, note?: string): HeaderValue {
  const standing = standingOf(sources, pending);
  if (standing !== 'open') return { words: gapInWords(gapOf(sources, pending)), evidence: [], standing };
  return { words, evidence: [], standing, ...(note === undefined ? {} : { note }) };
}

/** Unknown, and why. That nothing is recorded needs no more words than these. */
export function undecided(words: string, fact: Omit<Fact, 'state'>, pending: Pending): HeaderValue {
  if (fact.evidence.length === 0 && (fact.doubt ?? 'not-recorded') === 'not-recorded')
    return absent('not recorded', fact, pending);
  return { words, note: whyUnknown(fact, pending), evidence: fact.evidence, standing: standingOf(fact, pending) };
}

/** What was found may not be all. Nothing, if it is. */
export function unlessAll(words: string, sources: Pick<Coverage, 'unread'>, pending: Pending): readonly HeaderValue[] {
  const standing = standingOf(sources, pending);
  if (standing === 'open') return [];
  return [{ words, note: gapInWords(gapOf(sources, pending)), evidence: [], standing }];
}

function standingOf(sources: Pick<Coverage, 'unread'>, pending: Pending): Standing {
  const gap = gapOf(sources, pending);
  return gap.reading.length > 0 ? 'reading' : gap.unread.length > 0 ? 'unread' : 'open';
}

/** As the chart has it. */
export function dateInWords(date: DateInterval | undefined): string {
  return date === undefined || date.text === '' ? 'undated' : date.text;
}
