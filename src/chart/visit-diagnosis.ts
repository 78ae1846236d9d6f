import { readDate } from './calendar.ts';
import { type CodedText, readCode } from './coding.ts';
import { type ConditionDates, counts, isActive, isFromProblemList, isOnlySuspected, onsetOf } from './condition.ts';
import { asObjects } from './json.ts';
import type { JsonObject } from './reading.ts';
import { words } from './text.ts';

/** Epic adds a category of its own to the one of US Core. */
const VISIT_CATEGORIES = new Set(['encounter-diagnosis', 'visit-diagnosis']);
/** Classifications of diseases. Elsewhere one code may stand for many, as in classes for payment. */
const OF_DISEASES =
  /^http:\/\/snomed\.info\/sct$|\/icd-(?:9|10|11|o)\b|^http:\/\/id\.who\.int\/icd\/|^urn:oid:2\.16\.840\.1\.113883\.6\.(?:3|42|103)$/;

/**
 * The days of each Condition. EHRs repeat a problem as the diagnosis of every visit, mostly without a day of its own. That
 * does not say that the disease may have begun at any time: such a copy has the days of the Condition that it repeats, one
 * of the same standing that shares a code of a disease with it or, if the copy has none, its words.
 */
export function datesOf(conditions: readonly JsonObject[], codes: readonly CodedText[]): readonly ConditionDates[] {
  const own = conditions.map(ownDates);
  const copies = new Set(own.flatMap((dates, at) => (isUndatedCopy(conditions[at], dates) ? [at] : [])));
  if (copies.size === 0) return own;
  const originals = new Map<string, ConditionDates>();
  const dated = own
    .map((dates, at) => ({ dates, at, start: (dates.onset ?? dates.recorded)?.start }))
    .filter(({ start }) => start !== undefined)
    .toSorted((a, b) => ((a.start ?? 0) === (b.start ?? 0) ? 0 : (a.start ?? 0) - (b.start ?? 0)));
  for (const { dates, at } of dated) {
    for (const sign of signsOf(conditions[at], codes[at], 'all')) if (!originals.has(sign)) originals.set(sign, dates);
  }
  return own.map((dates, at) => {
    if (!copies.has(at)) return dates;
    const found = signsOf(conditions[at], codes[at], 'decisive').find((sign) => originals.has(sign));
    return originals.get(found ?? '') ?? dates;
  });
}

function ownDates(condition: JsonObject): ConditionDates {
  return { onset: onsetOf(condition), recorded: readDate(condition['recordedDate']) };
}

function isUndatedCopy(condition: JsonObject | undefined, { onset, recorded }: ConditionDates): boolean {
  if (condition === undefined || onset !== undefined || recorded !== undefined || isFromProblemList(condition))
    return false;
  return asObjects(condition['category']).some((category) => VISIT_CATEGORIES.has(readCode(category) ?? ''));
}

/** What two records of one disease share, the closest first: everything they say; a code; words, where those decide. */
function signsOf(
  condition: JsonObject | undefined,
  code: CodedText | undefined,
  which: 'all' | 'decisive',
): readonly string[] {
  if (condition === undefined || code === undefined || !counts(condition)) return [];
  const standing = `${isActive(condition)} ${isOnlySuspected(condition)}`;
  const { code: concept, bodySite, stage, extension } = condition;
  const codings = code.codings.filter(({ system }) => OF_DISEASES.test(system));
  const named = codings.length > 0 && which === 'decisive' ? [] : code.texts.map((text) => words(text).join(' '));
  return [
    JSON.stringify([concept, bodySite, stage, extension]),
    ...codings.map((coding) => `${coding.system}|${coding.code}`),
    ...named.filter((text) => text !== ''),
  ].map((sign) => `${standing} ${sign}`);
}
