import type { Fact, Truth } from '../chart/fact.ts';
import { allOf, anyOf, not, possibly } from './logic.ts';

/** A card's condition over criteria, as it stands in YAML (docs/card-format.md). */
export type Expression =
  | string
  | { readonly all: readonly Expression[] }
  | { readonly any: readonly Expression[] }
  | { readonly not: Expression }
  | { readonly possibly: Expression };

/** Answers a criterion; each is computed at most once a call. */
export type Answers = (criterion: string) => Fact;

export function evaluate(expression: Expression, answers: Answers): Truth {
  if (typeof expression === 'string') return answers(expression).state;
  if ('all' in expression) return allOf(lazily(expression.all, answers));
  if ('any' in expression) return anyOf(lazily(expression.any, answers));
  if ('not' in expression) return not(evaluate(expression.not, answers));
  return possibly(evaluate(expression.possibly, answers));
}

function* lazily(expressions: readonly Expression[], answers: Answers): Generator<Truth> {
  for (const expression of expressions) yield evaluate(expression, answers);
}

/**
 * The criteria that made the expression what it is, in reading order: of an `any` that holds only the branches that
 * hold, of everything else all. This is what "Based on" lists.
 */
export function deciding(expression: Expression, answers: Answers): readonly string[] {
  return [...new Set(collect(expression, answers))];
}

function collect(expression: Expression, answers: Answers): readonly string[] {
  if (typeof expression === 'string') return [expression];
  if ('all' in expression) return expression.all.flatMap((part) => collect(part, answers));
  if ('not' in expression) return collect(expression.not, answers);
  if ('possibly' in expression) return collect(expression.possibly, answers);
  const holding = expression.any.filter((part) => evaluate(part, answers) === 'yes');
  return (holding.length > 0 ? holding : expression.any).flatMap((part) => collect(part, answers));
}

/** All criteria that an expression names. */
export function criteriaIn(expression: Expression): readonly string[] {
  if (typeof expression === 'string') return [expression];
  if ('all' in expression) return expression.all.flatMap(criteriaIn);
  if ('any' in expression) return expression.any.flatMap(criteriaIn);
  return criteriaIn('not' in expression ? expression.not : expression.possibly);
}
