import type { Fact, Truth } from '../chart/fact.ts';
import { criterionOf } from './answers.ts';
import type { Criterion } from './criteria/criterion.ts';
import type { Answers, Expression } from './expression.ts';
import { allOf, anyOf, not, possibly } from './logic.ts';

/**
 * A condition with what each part of it comes to, as a person reads it: `not` and `possibly` are moved down to the criteria, so
 * that no negation is left but in the answers that are needed. In Kleene's logic every part comes to what it came to.
 */
export type Judged =
  | { readonly kind: 'all' | 'any'; readonly truth: Truth; readonly parts: readonly Judged[] }
  | JudgedCriterion;

export interface JudgedCriterion {
  readonly kind: 'criterion';
  /** Does the answer serve? */
  readonly truth: Truth;
  /** The answers that do. */
  readonly needed: readonly Truth[];
  readonly criterion: Criterion;
  readonly fact: Fact;
}

type Judgement = (answer: Truth) => Truth;

export function judge(expression: Expression, answers: Answers): Judged {
  return judgeBelow(expression, answers, (answer) => answer);
}

/** @param through what stands above the expression makes of its answer. */
function judgeBelow(expression: Expression, answers: Answers, through: Judgement): Judged {
  if (typeof expression === 'string') return judgeCriterion(expression, answers, through);
  if ('not' in expression) return judgeBelow(expression.not, answers, (answer) => through(not(answer)));
  if ('possibly' in expression) return judgeBelow(expression.possibly, answers, (answer) => through(possibly(answer)));
  // What turns answers round turns the least of them into the greatest, and `all` into `any`.
  const isAll = 'all' in expression === (through('yes') === 'yes');
  const parts = ('all' in expression ? expression.all : expression.any).map((part) =>
    judgeBelow(part, answers, through),
  );
  return group(isAll ? 'all' : 'any', parts);
}

function judgeCriterion(id: string, answers: Answers, through: Judgement): JudgedCriterion {
  const fact = answers(id);
  const needed = TRUTHS.filter((answer) => through(answer) === 'yes');
  return { kind: 'criterion', truth: through(fact.state), needed, criterion: criterionOf(id), fact };
}

const TRUTHS: readonly Truth[] = ['yes', 'no', 'unknown'];

/** Groups of one kind within each other are one, and a group of one part is that part. */
function group(kind: 'all' | 'any', parts: readonly Judged[]): Judged {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [only] = flat;
  if (only !== undefined && flat.length === 1) return only;
  const truths = flat.map(({ truth }) => truth);
  return { kind, truth: kind === 'all' ? allOf(truths) : anyOf(truths), parts: flat };
}

/**
 * The criteria that keep the condition from holding: of what is no, those that make it no; of what is unknown, those that leave
 * it open. In reading order, each once; none where it holds.
 */
export function inTheWay(judged: Judged): readonly JudgedCriterion[] {
  if (judged.truth === 'yes') return [];
  return [...new Map(decidingLeaves(judged).map((leaf) => [leaf.criterion.id, leaf])).values()];
}

/** A part that comes to something else than the whole did not make it what it is. */
function decidingLeaves(judged: Judged): readonly JudgedCriterion[] {
  if (judged.kind === 'criterion') return [judged];
  return judged.parts.filter(({ truth }) => truth === judged.truth).flatMap(decidingLeaves);
}

/** The criteria of a condition, in reading order. */
export function criteriaOfJudged(judged: Judged): readonly JudgedCriterion[] {
  return judged.kind === 'criterion' ? [judged] : judged.parts.flatMap(criteriaOfJudged);
}
