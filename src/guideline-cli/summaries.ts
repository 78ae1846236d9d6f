import type { Truth } from '../chart/fact.ts';
import { CRITERIA } from '../guideline/criteria/registry.ts';
import type { Expression } from '../guideline/expression.ts';
import type { Card } from '../guideline/guideline.ts';
import { Facts, type TemplateVariables } from '../guideline/parsed-text.ts';
import { possibleTruths } from '../guideline/plain-words.ts';

/** A summary has to be shorter than this (CH-92); what is not is cut at a word. */
export const SUMMARY_LIMIT = 140;

/** A value of a criterion that says no longest one. */
const USUAL_VALUE = 'about 11 to 13 months';

const TRUTHS: readonly Truth[] = ['yes', 'no', 'unknown'];

/** So many criteria of one summary are tried in every combination: 3 to this power. */
const MOST_CRITERIA = 8;

/** A wording of a card's summary. */
export interface Wording {
  readonly text: string;
  /** The answers that lead to it, by criterion. */
  readonly answers: ReadonlyMap<string, Truth>;
}

/**
 * The wordings of a card's summary under every combination of answers with which the card can be shown: with the longest
 * values and with none, and with these names of drugs.
 */
export function wordingsOf(card: Card, orderedDrugs: string): readonly Wording[] {
  const criteria = [...new Set(card.summary.criteria)];
  if (criteria.length > MOST_CRITERIA)
    throw new Error(`${card.file.id}: the summary asks more than ${MOST_CRITERIA} criteria`);
  const shown = combinations(criteria).filter((answers) => canBeShown(card, answers));
  const wordings = shown.flatMap((answers) =>
    [true, false].map((hasValues) => ({
      text: card.summary.render(variablesOf(answers, orderedDrugs, hasValues)),
      answers,
    })),
  );
  return [...new Map(wordings.map((wording) => [wording.text, wording])).values()];
}

function combinations(criteria: readonly string[]): readonly ReadonlyMap<string, Truth>[] {
  return criteria.reduce<readonly ReadonlyMap<string, Truth>[]>(
    (all, criterion) => all.flatMap((answers) => TRUTHS.map((truth) => new Map([...answers, [criterion, truth]]))),
    [new Map()],
  );
}

function variablesOf(answers: ReadonlyMap<string, Truth>, orderedDrugs: string, hasValues: boolean): TemplateVariables {
  return {
    facts: new Facts((criterion) => answers.get(criterion) ?? 'unknown'),
    values: new Facts((criterion) => (hasValues ? (CRITERIA.get(criterion)?.longestValue ?? USUAL_VALUE) : '')),
    orderedDrugs,
    weight: { kg: '100.5', date: '2026-11-22', doseMg: '1200' },
  };
}

/** Nothing of these answers speaks against the card's condition, nor against all of its hooks. */
function canBeShown({ file, hooks }: Card, answers: ReadonlyMap<string, Truth>): boolean {
  const answered = (criterion: string) => answers.get(criterion);
  const holds = (condition: Expression | undefined) =>
    condition === undefined || possibleTruths(condition, answered).has('yes');
  return holds(file.when) && [...hooks.values()].some(holds);
}
