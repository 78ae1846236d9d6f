import type { DateInterval } from './calendar.ts';
import type { Readings, ResourceKey, UnreadReason } from './reading.ts';

/** Yes, no or unknown. Unknown is never no. */
export type Truth = 'yes' | 'no' | 'unknown';

/** What kind of record says so. Shown to clinicians in words. */
export type EvidenceKind =
  | 'problem'
  | 'diagnosis'
  | 'patient'
  | 'order'
  | 'administration'
  | 'statement'
  | 'procedure'
  | 'report'
  | 'study'
  | 'observation'
  | 'encounter'
  | 'care-team'
  | 'request'
  | 'appointment'
  | 'draft';

/** One resource that decided a fact. `text` is the chart's own words and must be escaped wherever it is shown. */
export interface Evidence {
  /** `Type/id`, when the resource has an id. */
  readonly reference?: string;
  readonly kind: EvidenceKind;
  readonly text: string;
  readonly date?: DateInterval;
  /** The drug it is of, by the guideline's own name: safe to show anywhere. */
  readonly drug?: string;
}

/** Why a fact stays unknown although the chart could be read. One closed set. */
export type Doubt =
  | 'another-active-cancer'
  | 'only-suspected'
  | 'resolved'
  | 'date-not-comparable'
  | 'of-another-time'
  | 'site-not-comparable'
  | 'contradictory'
  | 'not-recorded'
  | 'only-planned'
  | 'on-hold'
  | 'stale'
  | 'implausible'
  | 'not-named';

/** A clinical question answered, with the resources that decided it and the sources that were read for it. */
export interface Fact {
  readonly state: Truth;
  readonly evidence: readonly Evidence[];
  /** Sources read to their end. */
  readonly searched: readonly ResourceKey[];
  /** Sources that could not be read, or not to their end. */
  readonly unread: readonly Unread[];
  readonly doubt?: Doubt;
  /** The figure or name that decided, in the guideline's own words: "14 months", "left thigh". Safe to show anywhere. */
  readonly value?: string;
}

export interface Unread {
  readonly key: ResourceKey;
  readonly reason: UnreadReason;
}

/** Which of the sources were read to their end, and which were not. */
export interface Coverage {
  readonly searched: readonly ResourceKey[];
  readonly unread: readonly Unread[];
}

export function coverage(readings: Readings, keys: readonly ResourceKey[]): Coverage {
  const searched: ResourceKey[] = [];
  const unread: Unread[] = [];
  for (const key of keys) {
    const reading = readings.get(key);
    if (reading?.state === 'complete') searched.push(key);
    else unread.push({ key, reason: reading?.reason ?? 'not-sent' });
  }
  return { searched, unread };
}

const NOWHERE: Coverage = { searched: [], unread: [] };

/** Decided by these resources. */
export function yes(evidence: readonly Evidence[], { searched, unread } = NOWHERE): Fact {
  return { state: 'yes', evidence, searched, unread };
}

/** The chart says so itself, or everything that would show it was read and holds nothing. */
export function no(evidence: readonly Evidence[], { searched, unread } = NOWHERE): Fact {
  return { state: 'no', evidence, searched, unread };
}

/** Not decided: sources are missing, or what they hold leaves a doubt. */
export function unknown(evidence: readonly Evidence[], { searched, unread } = NOWHERE, doubt?: Doubt): Fact {
  return { state: 'unknown', evidence, searched, unread, ...(doubt === undefined ? {} : { doubt }) };
}

/** The fact with the figure that a card's text may name. */
export function withValue(fact: Fact, value: string): Fact {
  return { ...fact, value };
}

/**
 * Nothing was found: *no*, if every one of the `decisive` sources was read to its end, else *unknown*. The `optional`
 * ones are named when they could not be read, but do not decide: hardly any EHR serves them.
 */
export function notFound(
  readings: Readings,
  decisive: readonly ResourceKey[],
  optional: readonly ResourceKey[] = [],
): Fact {
  const must = coverage(readings, decisive);
  const may = coverage(readings, optional);
  const all = { searched: [...must.searched, ...may.searched], unread: [...must.unread, ...may.unread] };
  return must.unread.length === 0 ? no([], all) : unknown([], all);
}

/** Evidence with the latest date first; undated records last. */
export function newestFirst(found: readonly { readonly evidence: Evidence }[]): readonly Evidence[] {
  return found
    .map((item) => item.evidence)
    .toSorted((a, b) => (b.date?.end ?? -Infinity) - (a.date?.end ?? -Infinity) || 0);
}
