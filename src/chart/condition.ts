import { type DateInterval, readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCode } from './coding.ts';
import type { Evidence } from './fact.ts';
import { asObjects } from './json.ts';
import type { JsonObject } from './reading.ts';
import { evidence } from './resource.ts';
import type { Terminology } from './terminology.ts';

const DROPPED = new Set(['refuted', 'entered-in-error']);
const ONLY_SUSPECTED = new Set(['unconfirmed', 'provisional', 'differential']);
const CALLED_ACTIVE = new Set(['active', 'recurrence', 'relapse']);
const NOT_ACTIVE = new Set(['inactive', 'remission', 'resolved']);

/** What a concept says, and the value sets it belongs to: looked up once, asked many times. */
export interface Classified extends CodedText {
  readonly valueSets: readonly string[];
}

/** The days of a Condition, as far as they are known: when it began, and when it was entered. */
export interface ConditionDates {
  readonly onset: DateInterval | undefined;
  readonly recorded: DateInterval | undefined;
}

/** A Condition with its code read and classified. */
export interface ConditionRecord {
  readonly condition: JsonObject;
  readonly code: Classified;
  /** Of an undated visit diagnosis those of the Condition that it repeats: what decides by dates goes by these. */
  readonly dates: ConditionDates;
}

export function classify(concept: CodedText, terminology: Terminology): Classified {
  return { codings: concept.codings, texts: concept.texts, valueSets: terminology.valueSetsOf(concept) };
}

/** `undefined` when the record does not say, which is not the same as confirmed. */
export function verificationOf(condition: JsonObject): string | undefined {
  return readCode(condition['verificationStatus']);
}

/** Does the Condition count at all: neither refuted nor entered in error? */
export function counts(condition: JsonObject): boolean {
  const verification = verificationOf(condition);
  return verification === undefined || !DROPPED.has(verification);
}

export function isOnlySuspected(condition: JsonObject): boolean {
  const verification = verificationOf(condition);
  return verification !== undefined && ONLY_SUSPECTED.has(verification);
}

/** Active unless the record says inactive, in remission, resolved or abated. */
export function isActive(condition: JsonObject): boolean {
  const clinical = readCode(condition['clinicalStatus']);
  if (clinical !== undefined && NOT_ACTIVE.has(clinical)) return false;
  if (condition['abatementBoolean'] === true) return false;
  return !['abatementDateTime', 'abatementPeriod', 'abatementAge', 'abatementRange', 'abatementString'].some(
    (member) => condition[member] !== undefined && condition[member] !== null,
  );
}

/** Does the record itself say that it is active, not merely nothing else? */
export function isCalledActive(condition: JsonObject): boolean {
  const clinical = readCode(condition['clinicalStatus']);
  return clinical !== undefined && CALLED_ACTIVE.has(clinical);
}

/** The onset of a Condition: a date, or a period's days. Ages and free text are no dates. */
export function onsetOf(condition: JsonObject): DateInterval | undefined {
  return readDate(condition['onsetDateTime']) ?? readPeriod(condition['onsetPeriod']);
}

export function isFromProblemList(condition: JsonObject): boolean {
  return asObjects(condition['category']).some((category) => readCode(category) === 'problem-list-item');
}

export function conditionEvidence(condition: JsonObject): Evidence {
  return evidence(condition, isFromProblemList(condition) ? 'problem' : 'diagnosis', dateOf(condition));
}

/** Which of two Conditions is named first: what is on the problem list, then what has a date of its own. */
export function byStanding(a: JsonObject, b: JsonObject): number {
  return placeOf(a) - placeOf(b);
}

function placeOf(condition: JsonObject): number {
  return (isFromProblemList(condition) ? 0 : 2) + (dateOf(condition) === undefined ? 1 : 0);
}

function dateOf(condition: JsonObject): DateInterval | undefined {
  return onsetOf(condition) ?? readDate(condition['recordedDate']);
}
