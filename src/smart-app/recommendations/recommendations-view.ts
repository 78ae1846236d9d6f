import { criterionOf } from '../../guideline/answers.ts';
import type { Assessment, Outcome } from '../../guideline/assess.ts';
import { inTheWay, type JudgedCriterion } from '../../guideline/assess-condition.ts';
import type { Answers } from '../../guideline/expression.ts';
import { assessed } from '../assessed.ts';
import { answersInShort, labelsInShort } from '../parts/answer-words.ts';
import type { Situation } from '../situation.ts';
import { type CardGroup, grouped } from './groups.ts';

/** Every card of the guideline, each in one place. */
export interface RecommendationsView {
  /** The card that the app was opened from, whatever it comes to now; in none of the lists below. */
  readonly opened: Assessment | undefined;
  /** Those that apply. */
  readonly groups: readonly CardGroup[];
  readonly undecided: readonly Assessment[];
  readonly withOrder: readonly Assessment[];
  readonly notMet: readonly Assessment[];
  /** Those that the site switched off, or tries out and does not show. */
  readonly notShown: readonly Assessment[];
  /** Why a card is where it is, in a few words. Nothing of one that applies: its own words say it. */
  readonly reasonOf: (assessment: Assessment) => string;
  /** How many apply and how many are undecided, the one it was opened from included. */
  readonly counts: { readonly applying: number; readonly undecided: number };
}

export function recommendationsView(situation: Situation): RecommendationsView {
  const { chart, openedFrom } = situation;
  const { answers, assessments: all } = assessed(situation);
  const others = all.filter(({ card }) => card.file.id !== openedFrom);
  const of = (assessments: readonly Assessment[], ...outcomes: readonly Outcome[]) =>
    assessments.filter(({ outcome }) => outcomes.includes(outcome));
  return {
    opened: all.find(({ card }) => card.file.id === openedFrom),
    groups: grouped(of(others, 'applies')),
    undecided: of(others, 'undecided'),
    withOrder: of(others, 'with-an-order'),
    notMet: of(others, 'not-met'),
    notShown: of(others, 'in-shadow', 'switched-off'),
    reasonOf: (assessment) => reasonOf(assessment, chart.deceased, answers),
    counts: { applying: of(all, 'applies').length, undecided: of(all, 'undecided').length },
  };
}

function reasonOf({ outcome, condition, card }: Assessment, isDeceased: boolean, answers: Answers): string {
  const blocking = inTheWay(condition);
  switch (outcome) {
    case 'applies':
      return '';
    case 'undecided':
      return `Open: ${labelsInShort(blocking)}${withoutRecord(blocking, answers)}.`;
    case 'not-met':
      return isDeceased ? 'The chart records a death.' : `${capitalised(answersInShort(blocking))}.`;
    case 'with-an-order':
      return condition.truth === 'no'
        ? `With an order, but not as this chart stands: ${answersInShort(blocking)}.`
        : 'Looked at when an order is written.';
    case 'in-shadow':
      return ['Tried out here, and shown to nobody.', ...card.because].join(' ');
    case 'switched-off':
      return ['Switched off here.', ...card.because].join(' ');
    default:
      return outcome satisfies never;
  }
}

/** Where what is open presupposes something of which there is no record, it is likely that nothing is open at all. */
function withoutRecord(open: readonly JudgedCriterion[], answers: Answers): string {
  const presupposed = open.flatMap(({ criterion }) => criterion.presupposes ?? []);
  const missing = presupposed.filter((id) => answers(id).state === 'no').map((id) => criterionOf(id).label);
  return missing.length === 0 ? '' : ` (no record of ${[...new Set(missing)].join(' or ')})`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
