import type { Chart } from '../chart/chart.ts';
import type { Fact } from '../chart/fact.ts';
import type { Criterion } from './criteria/criterion.ts';
import { CRITERIA } from './criteria/registry.ts';
import type { Answers } from './expression.ts';
import type { Answered } from './wording.ts';

/** The answers of a chart: each criterion is computed at most once, and only if it is asked for. */
export function answersOf(chart: Chart): Answers {
  const known = new Map<string, Fact>();
  return (id) => {
    const answered = known.get(id);
    if (answered !== undefined) return answered;
    const fact = criterionOf(id).evaluate(chart);
    known.set(id, fact);
    return fact;
  };
}

/** @throws {Error} if there is none: every id of a guideline was looked up when it was compiled. */
export function criterionOf(id: string): Criterion {
  const criterion = CRITERIA.get(id);
  if (criterion === undefined) throw new Error(`There is no criterion ${id}`);
  return criterion;
}

/** These criteria, each with its answer. */
export function answeredBy(criteria: readonly string[], answers: Answers): readonly Answered[] {
  return criteria.map((id) => ({ criterion: criterionOf(id), fact: answers(id) }));
}
