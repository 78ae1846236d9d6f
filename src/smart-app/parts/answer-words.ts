import type { Fact } from '../../chart/fact.ts';
import type { ResourceKey } from '../../chart/reading.ts';
import { type Answered, partsInWords } from '../../guideline/wording.ts';
import { gapInWords, gapOf, whyUnknown } from './gap.ts';

/**
 * The answer of a criterion in a line, but for the records that decided it: "yes – 14 months", "no record of metastasis found in
 * Condition", "unknown – still reading: Procedure".
 */
export function answerInWords({ criterion, fact }: Answered, pending: ReadonlySet<ResourceKey>): string {
  if (fact.state === 'unknown') return ['unknown', `${whyUnknown(fact, pending)}${inVain(fact)}`].join(' – ');
  const value = fact.value === undefined ? '' : ` – ${fact.value}`;
  if (fact.state === 'yes') return `yes${value}`;
  const gap = gapInWords(gapOf(fact, pending));
  return [
    `${fact.searched.length === 0 ? 'no' : `no record of ${criterion.label} found in ${partsInWords(fact.searched)}`}${value}`,
    ...(gap === '' ? [] : [gap]),
  ].join('; ');
}

function inVain({ evidence, searched }: Fact): string {
  return evidence.length > 0 || searched.length === 0 ? '' : `; nothing found in ${partsInWords(searched)}`;
}

/** A few words on it, beside others: "no record of metastasis", "brain MRI since the diagnosis: unknown". */
export function answerInShort({ criterion: { asksDrafts, label, question }, fact }: Answered): string {
  if (asksDrafts === true) return `${label}: asked when an order is written`;
  if (fact.state !== 'no') return `${label}: ${fact.value ?? fact.state}`;
  // Of what is worked out, or is itself an absence, there is no record to be had.
  const isOnRecord = fact.searched.length > 0 && !label.startsWith('no ');
  return isOnRecord ? `no record of ${label}` : `${question.slice(0, question.indexOf('?') + 1)} No`;
}

/** The first two in short, and how many more there are. */
export function answersInShort(answered: readonly Answered[]): string {
  return inShort(answered.map(answerInShort));
}

/** What is asked alone, where the answers are known to be alike. */
export function labelsInShort(answered: readonly Answered[]): string {
  return inShort(answered.map(({ criterion }) => criterion.label));
}

function inShort(all: readonly string[]): string {
  const named = [...new Set(all)];
  const more = named.length > 2 ? [`${named.length - 2} more`] : [];
  return [...named.slice(0, 2), ...more].join('; ');
}
