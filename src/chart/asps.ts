import { ABBREVIATION, FULL_NAME, MENTION, OUTRIGHT_DENIAL } from './asps-name.ts';
import type { DateInterval } from './calendar.ts';
import { UNDATED } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import {
  byStanding,
  type ConditionDates,
  type ConditionRecord,
  classify,
  conditionEvidence,
  counts,
  isActive,
  isCalledActive,
  isOnlySuspected,
  verificationOf,
} from './condition.ts';
import type { Evidence } from './fact.ts';
import { asObjects, asText } from './json.ts';
import type { JsonObject } from './reading.ts';
import type { Terminology } from './terminology.ts';
import { type Assertion, assertionOf, MAX_TEXT } from './text.ts';
import { datesOf } from './visit-diagnosis.ts';

/** mCODE: the histology of a primary cancer that is itself coded by site. */
const HISTOLOGY_EXTENSION = 'mcode-histology-morphology-behavior';

/** How far the chart establishes that the patient has ASPS (facts: "ASPS"). */
export type Certainty = 'established' | 'suspected' | 'absent';

export interface Diagnosis {
  readonly certainty: Certainty;
  /** Established by a code, or only by the full name in text. */
  readonly by: 'code' | 'text';
  readonly active: boolean;
  /** When it began, as far as the chart says; see facts: "date of diagnosis". */
  readonly date: DateInterval;
  /** The Conditions that decided it, best first. */
  readonly evidence: readonly Evidence[];
  /** The same Conditions, for what else they say (site, stage). */
  readonly conditions: readonly JsonObject[];
  /** Every Condition that was looked at, read and classified, for what else is asked of them, problems first. Empty when ASPS is absent. */
  readonly records: readonly ConditionRecord[];
}

interface Finding {
  /** Its place among the Conditions. */
  readonly at: number;
  readonly condition: JsonObject;
  readonly certainty: 'established' | 'suspected';
  readonly by: 'code' | 'text';
  readonly active: boolean;
}

const NO_CODE: CodedText = { codings: [], texts: [] };
const NO_DATES: ConditionDates = { onset: undefined, recorded: undefined };
const ABSENT: Diagnosis = {
  certainty: 'absent',
  by: 'code',
  active: false,
  date: UNDATED,
  evidence: [],
  conditions: [],
  records: [],
};

/** Decides ASPS from the Conditions alone, cheaply: nearly every patient has none. */
export function diagnose(conditions: readonly JsonObject[], terminology: Terminology): Diagnosis {
  const findings: Finding[] = [];
  const codes = conditions.map((condition) => readCodedText(condition['code']));
  for (const [at, condition] of conditions.entries()) {
    const finding = find(condition, codes[at] ?? NO_CODE, terminology);
    if (finding !== undefined) findings.push({ ...finding, at });
  }
  if (findings.length === 0) return ABSENT;

  const established = findings.filter(({ certainty }) => certainty === 'established');
  const deciding = established.length > 0 ? established : findings;
  deciding.sort((a, b) => rank(a) - rank(b) || byStanding(a.condition, b.condition));
  const dates = datesOf(conditions, codes);
  const current = deciding.some(({ active }) => active) ? deciding.filter(({ active }) => active) : deciding;
  return {
    certainty: established.length > 0 ? 'established' : 'suspected',
    by: deciding.some(({ by }) => by === 'code') ? 'code' : 'text',
    active: deciding.some(({ active }) => active),
    // A recurrence is worked up anew: what was done for the disease that is over does not count for it.
    date: dateOfDiagnosis(current.flatMap(({ at }) => dates[at] ?? [])),
    evidence: deciding.map(({ condition }) => diagnosisEvidence(condition, terminology)),
    conditions: deciding.map(({ condition }) => condition),
    records: conditions
      .map((condition, at) => ({
        condition,
        code: classify(codes[at] ?? NO_CODE, terminology),
        dates: dates[at] ?? NO_DATES,
      }))
      .toSorted((a, b) => byStanding(a.condition, b.condition)),
  };
}

/** Coded before text, active before past: the first is what the cards name and what orders give as their reason. */
function rank({ by, active, condition }: Finding): number {
  return (by === 'code' ? 0 : 4) + (active ? 0 : 2) + (asText(condition['id']) === undefined ? 1 : 0);
}

function find(condition: JsonObject, code: CodedText, terminology: Terminology): Omit<Finding, 'at'> | undefined {
  const coded = terminology.isIn(code, 'asps') || hasAspsHistology(condition, terminology);
  const mentions = code.texts.filter((text) => MENTION.test(text));
  if (!coded && mentions.length === 0) return undefined;

  if (!counts(condition)) return undefined;
  const spoken = mostCautious(mentions.flatMap((text) => assertion(text) ?? []));
  const certainty = weigh(coded, spoken, condition);
  if (certainty === undefined) return undefined;
  return {
    condition,
    certainty,
    by: coded ? 'code' : 'text',
    active: isActive(condition) && (spoken?.as !== 'historical' || isCalledActive(condition)),
  };
}

const CAUTION: readonly Assertion[] = ['family', 'negated', 'suspected', 'historical', 'affirmed'];

interface Spoken {
  readonly as: Assertion;
  readonly inFull: boolean;
  /** It denies the disease itself, or says it is a relative's. */
  readonly outright: boolean;
}

/** Of several texts, what denies or doubts it counts first, whatever their order; the full name in one is a name in full. */
function mostCautious(spoken: readonly Spoken[]): Spoken | undefined {
  const [first] = spoken.toSorted((a, b) => CAUTION.indexOf(a.as) - CAUTION.indexOf(b.as));
  if (first === undefined) return undefined;
  return {
    as: first.as,
    inFull: spoken.some(({ inFull }) => inFull),
    outright: spoken.some(({ outright }) => outright),
  };
}

function assertion(text: string): Spoken | undefined {
  const full = assertionOf(text, FULL_NAME);
  const outright = OUTRIGHT_DENIAL.test(text.slice(0, MAX_TEXT).toLowerCase());
  if (full !== undefined) return { as: full, inFull: true, outright };
  const abbreviated = assertionOf(text, ABBREVIATION);
  return abbreviated === undefined ? undefined : { as: abbreviated, inFull: false, outright };
}

function weigh(coded: boolean, spoken: Spoken | undefined, condition: JsonObject): Finding['certainty'] | undefined {
  const denied = spoken?.as === 'negated' || spoken?.as === 'family';
  if (coded) {
    // A code that its own text contradicts establishes nothing; a person has to look. Where the record is confirmed, the
    // text has to deny the disease itself: "margins negative" and "husband is contact" do not.
    if (denied && (verificationOf(condition) !== 'confirmed' || spoken.outright)) return 'suspected';
    if (isOnlySuspected(condition)) return 'suspected';
    return spoken?.as === 'suspected' && verificationOf(condition) !== 'confirmed' ? 'suspected' : 'established';
  }
  if (spoken === undefined || denied) return undefined;
  const byName = spoken.inFull && spoken.as !== 'suspected' && verificationOf(condition) === 'confirmed';
  return byName ? 'established' : 'suspected';
}

function hasAspsHistology(condition: JsonObject, terminology: Terminology): boolean {
  return aspsHistology(condition, terminology) !== undefined;
}

function aspsHistology(condition: JsonObject, terminology: Terminology): CodedText | undefined {
  if (condition['extension'] === undefined) return undefined;
  return asObjects(condition['extension'])
    .filter((extension) => asText(extension['url'])?.endsWith(HISTOLOGY_EXTENSION) === true)
    .map((extension) => readCodedText(extension['valueCodeableConcept']))
    .find((histology) => terminology.isIn(histology, 'asps'));
}

/** A tumour coded by its site is named with the histology that makes it ASPS. */
function diagnosisEvidence(condition: JsonObject, terminology: Terminology): Evidence {
  const said = conditionEvidence(condition);
  const histology = aspsHistology(condition, terminology)?.texts[0];
  return histology === undefined ? said : { ...said, text: `${histology}: ${said.text}` };
}

function dateOfDiagnosis(findings: readonly ConditionDates[]): DateInterval {
  const onsets = findings.flatMap(({ onset }) => onset ?? []);
  const [firstOnset] = onsets.toSorted((a, b) => a.start - b.start || a.end - b.end);
  if (firstOnset !== undefined) {
    // Two records may give the year and the day of one event: the true onset is no later than the earliest possible end.
    return { ...firstOnset, end: onsets.reduce((least, { end }) => Math.min(least, end), Infinity) };
  }
  const recorded = findings.flatMap((dates) => dates.recorded ?? []);
  const [firstRecord] = recorded.toSorted((a, b) => a.end - b.end);
  return firstRecord === undefined ? UNDATED : { start: -Infinity, end: firstRecord.end, text: firstRecord.text };
}
