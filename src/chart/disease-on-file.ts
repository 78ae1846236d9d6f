import {
  type ConditionRecord,
  conditionEvidence,
  counts,
  isActive,
  isCalledActive,
  isOnlySuspected,
  verificationOf,
} from './condition.ts';
import { type Evidence, type Fact, newestFirst, notFound, unknown, yes } from './fact.ts';
import type { Readings, ResourceKey } from './reading.ts';
import { assertionOf, MAX_TEXT } from './text.ts';

/** How a disease is recognised: by a value set, else by its name in words. */
export interface DiseaseRule {
  readonly valueSet: string;
  /** Matched against lower-case text. */
  readonly words: RegExp;
  /** Makes the same words mean something else, such as a transplant's donor. */
  readonly unless?: RegExp;
  /** Takes the whole record out, its codes too. */
  readonly never?: RegExp;
}

/** As the record has it: there now, there once, or only suspected. */
export type DiseaseStanding = 'now' | 'past' | 'suspected';

export interface DiseaseRecord {
  readonly record: ConditionRecord;
  readonly standing: DiseaseStanding;
  readonly evidence: Evidence;
}

/** The Conditions that are of the disease; negated, refuted and relatives' ones are not. */
export function diseaseRecords(records: readonly ConditionRecord[], rule: DiseaseRule): readonly DiseaseRecord[] {
  return records.flatMap((record) => {
    const standing = standingOf(record, rule);
    return standing === undefined ? [] : [{ record, standing, evidence: conditionEvidence(record.condition) }];
  });
}

function standingOf({ condition, code }: ConditionRecord, rule: DiseaseRule): DiseaseStanding | undefined {
  if (!counts(condition)) return undefined;
  if (rule.never !== undefined && code.texts.some((text) => rule.never?.test(text.slice(0, MAX_TEXT))))
    return undefined;
  const coded = code.valueSets.includes(rule.valueSet);
  const spoken = new Set(code.texts.flatMap((text) => spokenOf(text, rule) ?? []));
  if (!coded && spoken.size === 0) return undefined;
  // A code that its own text contradicts: a person has to look.
  if (spoken.has('negated') || spoken.has('family')) return coded ? 'suspected' : undefined;
  if (isOnlySuspected(condition)) return 'suspected';
  if (spoken.has('suspected') && !(coded && verificationOf(condition) === 'confirmed')) return 'suspected';
  if (!isActive(condition)) return 'past';
  return spoken.has('historical') && !isCalledActive(condition) ? 'past' : 'now';
}

function spokenOf(text: string, { words, unless }: DiseaseRule): ReturnType<typeof assertionOf> {
  return unless?.test(text.slice(0, MAX_TEXT)) === true ? undefined : assertionOf(text, words);
}

/** Is the disease there? What is over, or was only suspected, leaves it open; for what counts for good, `ever` was is enough. */
export function diseaseFact(
  found: readonly { readonly standing: DiseaseStanding; readonly evidence: Evidence }[],
  ever: boolean,
  readings: Readings,
  decisive: readonly ResourceKey[],
): Fact {
  const none = notFound(readings, decisive);
  const present = found.filter(({ standing }) => standing === 'now' || (ever && standing === 'past'));
  if (present.length > 0) return yes(newestFirst(present));
  const suspected = found.filter(({ standing }) => standing === 'suspected');
  if (suspected.length > 0) return unknown(newestFirst(suspected), none, 'only-suspected');
  return found.length > 0 ? unknown(newestFirst(found), none, 'resolved') : none;
}
