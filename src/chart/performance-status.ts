import { type DateInterval, type Day, readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import { type Evidence, type Fact, newestFirst, notFound, unknown, withValue, yes } from './fact.ts';
import { asObject, asText } from './json.ts';
import { areOfOneDay, isAfter, latestOf } from './latest.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Terminology } from './terminology.ts';
import { MAX_TEXT } from './text.ts';

const NO_RESULT = new Set(['registered', 'cancelled', 'entered-in-error']);

interface Scale {
  readonly name: string;
  readonly valueSet: string;
  readonly words: RegExp;
  readonly isScore: (score: number) => boolean;
}

const SCALES: readonly Scale[] = [
  {
    name: 'ECOG',
    valueSet: 'ecog',
    words: /\b(?:ecog|eastern cooperative)\b/i,
    isScore: (score) => Number.isInteger(score) && score >= 0 && score <= 4,
  },
  {
    name: 'Karnofsky',
    valueSet: 'karnofsky',
    words: /\bkarnofsky\b/i,
    isScore: (score) => score >= 10 && score <= 100 && score % 10 === 0,
  },
];
/** The answers of LOINC to the ECOG score whose codes are verified. */
const ECOG_ANSWERS: ReadonlyMap<string, number> = new Map([
  ['LA9622-7', 0],
  ['LA9623-5', 1],
  ['LA9624-3', 2],
]);
const SCORE = /^\W{0,3}(?:(?:ecog|karnofsky|kps|ps|grade|score|performance status)[\s:=]{0,3}){0,3}(\d{1,3})\b/i;

/**
 * The latest performance status; its value reads "ECOG 1" or "Karnofsky 90". Two that differ leave it open where the
 * dates do not tell which one is the last.
 */
export function readPerformanceStatus(readings: Readings, terminology: Terminology, today: Day): Fact {
  const scores = performanceScores(readings, terminology, today);
  const none = notFound(readings, ['observationsPerformanceStatus']);
  if (scores.length === 0) return none;
  // ECOG and Karnofsky are two scales: one does not contradict the other.
  const latest = latestOf(
    scores,
    (one, other) =>
      one.value !== undefined && other.value !== undefined && (one.value === other.value || one.scale !== other.scale),
  );
  const candidates = latest?.candidates ?? [];
  const said = newestFirst(candidates);
  const values = [...new Set(candidates.flatMap(({ value }) => value ?? []))].toSorted();
  const scales = new Set(candidates.map(({ scale }) => scale));
  const isDecided = candidates.every(({ value }) => value !== undefined) && scales.size === values.length;
  if (isDecided) return withValue(yes(said, none), values.join(', '));
  const isUnreadable = candidates.length === 1 || areOfOneDay(candidates);
  return unknown(said, none, isUnreadable ? 'implausible' : 'date-not-comparable');
}

/** Every score on file up to today, in the order of the records. */
export function performanceScores(
  readings: Readings,
  terminology: Terminology,
  today: Day,
): readonly PerformanceScore[] {
  return resourcesOf(readings, 'observationsPerformanceStatus', 'Observation').flatMap((observation) =>
    scoreOf(observation, terminology, today),
  );
}

export interface PerformanceScore {
  readonly scale: string;
  /** "ECOG 1"; undefined if it is no score of the scale. */
  readonly value: string | undefined;
  readonly date: DateInterval;
  readonly evidence: Evidence;
}

function scoreOf(observation: JsonObject, terminology: Terminology, today: Day): readonly PerformanceScore[] {
  if (NO_RESULT.has(asText(observation['status']) ?? '')) return [];
  const code = readCodedText(observation['code']);
  const scale = SCALES.find(
    ({ valueSet, words }) =>
      terminology.isIn(code, valueSet) || code.texts.some((text) => words.test(text.slice(0, MAX_TEXT))),
  );
  const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
  if (scale === undefined || date === undefined || isAfter(date, today)) return [];
  const answer = readCodedText(observation['valueCodeableConcept'], { text: observation['valueString'] });
  const score = numberOf(observation, answer);
  const value = score !== undefined && scale.isScore(score) ? `${scale.name} ${score}` : undefined;
  const words = [code.texts[0] ?? scale.name, answer.texts[0] ?? (score === undefined ? '' : String(score))];
  return [
    { scale: scale.name, value, date, evidence: evidence(observation, 'observation', date, words.join(' ').trim()) },
  ];
}

function numberOf(observation: JsonObject, answer: CodedText): number | undefined {
  const quantity = asObject(observation['valueQuantity']);
  const given =
    observation['valueInteger'] ?? (quantity?.['comparator'] === undefined ? quantity?.['value'] : undefined);
  if (typeof given === 'number') return given;
  const coded = answer.codings.map(({ code }) => ECOG_ANSWERS.get(code)).find((score) => score !== undefined);
  if (coded !== undefined) return coded;
  const written = answer.texts
    .map((text) => SCORE.exec(text.slice(0, MAX_TEXT))?.[1])
    .find((score) => score !== undefined);
  return written === undefined ? undefined : Number(written);
}
