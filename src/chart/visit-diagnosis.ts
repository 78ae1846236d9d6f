import { type DateInterval, readDate } from './calendar.ts';
import { type CodedText, readCode } from './coding.ts';
import { type ConditionDates, counts, isActive, isFromProblemList, isOnlySuspected, onsetOf } from './condition.ts';
import { asObjects } from './json.ts';
import type { JsonObject } from './reading.ts';

/** Epic adds a category of its own to the one of US Core. */
const VISIT_CATEGORIES = new Set(['encounter-diagnosis', 'visit-diagnosis']);
/** Classifications of diseases. Elsewhere one code may stand for many, as in classes for payment. */
const OF_DISEASES =
  /^http:\/\/snomed\.info\/sct$|\/icd-(?:9|10|11|o)\b|^http:\/\/id\.who\.int\/icd\/|^urn:oid:2\.16\.840\.1\.113883\.6\.(?:3|42|103)$/;

/**
 * The days of each Condition. EHRs repeat a problem as the diagnosis of every visit, mostly without a day of its own. That
 * does not say that the disease may have begun at any time: such a copy has the days of the Condition that it repeats, one of
 * the same standing, codes of diseases and words. Where several are and their days differ, it has the days that all of them
 * leave open.
 */
export function datesOf(conditions: readonly JsonObject[], codes: readonly CodedText[]): readonly ConditionDates[] {
  const own = conditions.map(ownDates);
  const copies = new Set(own.flatMap((dates, at) => (isUndatedCopy(conditions[at], dates) ? [at] : [])));
  if (copies.size === 0) return own;
  const originals = new Map<string, ConditionDates>();
  for (const [at, dates] of own.entries()) {
    if (dates.onset === undefined && dates.recorded === undefined) continue;
    for (const sign of signsOf(conditions[at], codes[at], 'original')) {
      const known = originals.get(sign);
      originals.set(sign, known === undefined ? dates : eitherOf(known, dates));
    }
  }
  return own.map((dates, at) => {
    if (!copies.has(at)) return dates;
    const found = signsOf(conditions[at], codes[at], 'copy').map((sign) => originals.get(sign));
    return found.find((one) => one !== undefined) ?? dates;
  });
}

function eitherOf(one: ConditionDates, other: ConditionDates): ConditionDates {
  return { onset: spanOf(one.onset, other.onset), recorded: spanOf(one.recorded, other.recorded) };
}

/** From the first possible day to the last one; none if one of them has none. */
function spanOf(one: DateInterval | undefined, other: DateInterval | undefined): DateInterval | undefined {
  if (one === undefined || other === undefined) return undefined;
  const first = one.start <= other.start ? one : other;
  return { ...first, end: Math.max(one.end, other.end) };
}

function ownDates(condition: JsonObject): ConditionDates {
  return { onset: onsetOf(condition), recorded: readDate(condition['recordedDate']) };
}

function isUndatedCopy(condition: JsonObject | undefined, { onset, recorded }: ConditionDates): boolean {
  if (condition === undefined || onset !== undefined || recorded !== undefined || isFromProblemList(condition))
    return false;
  return asObjects(condition['category']).some((category) => VISIT_CATEGORIES.has(readCode(category) ?? ''));
}

const SNOMED = 'http://snomed.info/sct';
/** Of the codes and of the words of one Condition: what it says it has said by then, and pairs are made of them. */
const MAX_SAID = 8;

/**
 * What two records of one disease share: a concept of SNOMED CT, which is one disease. A class of ICD holds many ("C49.9"), so
 * that it takes some of the same words as well. A copy with neither goes by its words, which any original may have.
 */
function signsOf(
  condition: JsonObject | undefined,
  code: CodedText | undefined,
  as: 'copy' | 'original',
): readonly string[] {
  if (condition === undefined || code === undefined || !counts(condition)) return [];
  const ofDiseases = code.codings.filter(({ system }) => OF_DISEASES.test(system));
  const concepts = new Set(ofDiseases.filter(({ system }) => system === SNOMED).map((coding) => coding.code));
  const classes = ofDiseases.filter(({ system }) => system !== SNOMED).map((coding) => coding.code);
  const words = [...new Set(code.texts.map((text) => text.trim().toLowerCase()))].slice(0, MAX_SAID);

  const withWords = (sign: string) => (words.length === 0 ? [sign] : words.map((text) => `${sign} ${text}`));
  const concept = concepts.size === 1 ? `concept ${[...concepts].join('')}` : undefined;
  const byConcept = concept === undefined ? [] : [...withWords(concept), concept];
  const byClass = [...new Set(classes)].slice(0, MAX_SAID).flatMap((one) => withWords(`class ${one}`));
  const byWords = words.map((text) => `words ${text}`);
  const standing = `${isActive(condition)} ${isOnlySuspected(condition)}`;
  const ofCopy = concepts.size > 0 ? byConcept : classes.length > 0 ? byClass : byWords;
  const signs = as === 'copy' ? ofCopy : [...byConcept, ...byClass, ...byWords];
  return signs.map((sign) => `${standing} ${sign}`);
}
