import type { Chart } from '../chart/chart.ts';
import type { Truth } from '../chart/fact.ts';
import { answeredBy } from './answers.ts';
import { type Answers, criteriaIn, deciding, evaluate } from './expression.ts';
import {
  PATHWAY_STEPS,
  PLACES,
  type Position,
  type PositionRule,
  type Qualifier,
  type StepDefinition,
  type StepNumber,
} from './pathway-steps.ts';
import type { Answered } from './wording.ts';

/** Where a chart stands on the pathway of metastatic ASPS, or why the pathway is not for it. */
export type Pathway =
  | { readonly kind: 'metastatic'; readonly here: StepNumber | undefined; readonly steps: readonly PathwayStep[] }
  | { readonly kind: 'deceased' }
  | {
      readonly kind: 'no-asps' | 'suspected' | 'not-active' | 'not-metastatic';
      readonly decidedBy: readonly Answered[];
    }
  | { readonly kind: 'undecided'; readonly undecided: readonly Answered[] };

export interface PathwayStep {
  readonly definition: StepDefinition;
  readonly position: Position;
  readonly qualifier: Qualifier | undefined;
  readonly isHere: boolean;
  /** What made the position what it is, and what is added to it. */
  readonly decidedBy: readonly Answered[];
  /** What the chart leaves open, and what leaves the position open with it. */
  readonly undecided: readonly Answered[];
}

/** What the pathway is for, and what the chart is for which it is not, in the order in which it is asked. */
const ASKED = [
  ['asps-established', 'no-asps'],
  ['asps-active', 'not-active'],
  ['metastatic', 'not-metastatic'],
] as const;

/** By the same rules as the card pathway-position, for the same charts. */
export function pathwayOf(chart: Chart, answers: Answers): Pathway {
  if (chart.deceased) return { kind: 'deceased' };
  if (answers('asps-suspected').state === 'yes')
    return { kind: 'suspected', decidedBy: answeredBy(['asps-suspected'], answers) };
  const against = ASKED.find(([criterion]) => answers(criterion).state === 'no');
  if (against !== undefined) return { kind: against[1], decidedBy: answeredBy([against[0]], answers) };
  const undecided = ofState(
    'unknown',
    ASKED.map(([criterion]) => criterion),
    answers,
  );
  if (undecided.length > 0) return { kind: 'undecided', undecided };
  const here = PLACES.find(({ when }) => evaluate(when, answers) === 'yes')?.step;
  return { kind: 'metastatic', here, steps: PATHWAY_STEPS.map((step) => place(step, here, answers)) };
}

function place(definition: StepDefinition, here: StepNumber | undefined, answers: Answers): PathwayStep {
  const rule = definition.rules.find(({ when }) => evaluate(when, answers) === 'yes');
  const position = rule?.position ?? 'undecided';
  const isOpen = position === 'undecided' || rule?.qualifier === 'unless-given';
  return {
    definition,
    position,
    qualifier: rule?.qualifier,
    isHere: definition.number === here,
    decidedBy: rule === undefined ? [] : answeredBy(deciding(rule.when, answers), answers),
    undecided: isOpen ? ofState('unknown', criteriaOf(definition.rules), answers) : [],
  };
}

/** Whether a step that has begun is over already, or what is to be added to it, is no matter of whether it has begun. */
function criteriaOf(rules: readonly PositionRule[]): readonly string[] {
  const plain = rules.filter(({ position, qualifier }) => position !== 'passed' && qualifier === undefined);
  return [...new Set(plain.flatMap(({ when }) => criteriaIn(when)))];
}

function ofState(state: Truth, criteria: readonly string[], answers: Answers): readonly Answered[] {
  return answeredBy(criteria, answers).filter(({ fact }) => fact.state === state);
}
