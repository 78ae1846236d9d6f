import { answersOf } from '../guideline/answers.ts';
import { type Assessment, assess } from '../guideline/assess.ts';
import type { Answers } from '../guideline/expression.ts';
import type { Situation } from './situation.ts';

/** What the guideline makes of a situation. */
export interface Assessed {
  readonly answers: Answers;
  /** Every card: by priority, first first; then those switched off. */
  readonly assessments: readonly Assessment[];
}

const known = new WeakMap<Situation, Assessed>();

/** Worked out once for all panels: they show the same situation. */
export function assessed(situation: Situation): Assessed {
  const before = known.get(situation);
  if (before !== undefined) return before;
  const { guideline, chart, now } = situation;
  const answers = answersOf(chart);
  const made = { answers, assessments: assess(guideline, chart, now.toISOString().slice(0, 10), answers) };
  known.set(situation, made);
  return made;
}
