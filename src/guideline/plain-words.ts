import type { Truth } from '../chart/fact.ts';
import type { Expression } from './expression.ts';
import { allOf, anyOf, not, possibly } from './logic.ts';

/** The answers of one criterion that serve a condition. */
export type Needed = 'yes' | 'no' | 'yes or unknown' | 'no or unknown';

/** A condition as a person reads it: no negation is left but in the answers. */
export type PlainCondition =
  | { readonly kind: 'answer'; readonly criterion: string; readonly needed: Needed }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly PlainCondition[] };

type Group = Extract<PlainCondition, { kind: 'all' | 'any' }>;

/**
 * The same condition with `not` and `possibly` moved down to the criteria. It holds for the same answers: in Kleene's logic
 * both pass through `all` and `any`, and here a condition is only ever asked whether it is yes.
 */
export function inPlainWords(expression: Expression): PlainCondition {
  return plain(expression, 'yes');
}

const INVERSE: Readonly<Record<Needed, Needed>> = {
  yes: 'no',
  no: 'yes',
  'yes or unknown': 'no or unknown',
  'no or unknown': 'yes or unknown',
};

/** What has to hold below a `possibly`, which itself is never unknown. */
const POSSIBLY: Readonly<Record<Needed, Needed>> = {
  yes: 'yes or unknown',
  'yes or unknown': 'yes or unknown',
  no: 'no',
  'no or unknown': 'no',
};

function plain(expression: Expression, needed: Needed): PlainCondition {
  if (typeof expression === 'string') return { kind: 'answer', criterion: expression, needed };
  if ('not' in expression) return plain(expression.not, INVERSE[needed]);
  if ('possibly' in expression) return plain(expression.possibly, POSSIBLY[needed]);
  // An `all` is no as soon as one part is, an `any` only when all are.
  const asWritten = needed === 'yes' || needed === 'yes or unknown';
  if ('all' in expression) return group(asWritten ? 'all' : 'any', expression.all, needed);
  return group(asWritten ? 'any' : 'all', expression.any, needed);
}

function group(kind: Group['kind'], expressions: readonly Expression[], needed: Needed): PlainCondition {
  const parts = expressions.map((part) => plain(part, needed));
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [only] = flat;
  return only !== undefined && flat.length === 1 ? only : { kind, parts: flat };
}

/** Every place at which a criterion stands in the condition. */
export function answersIn(
  condition: PlainCondition,
): readonly { readonly criterion: string; readonly needed: Needed }[] {
  return condition.kind === 'answer' ? [condition] : condition.parts.flatMap(answersIn);
}

const TRUTHS: readonly Truth[] = ['yes', 'no', 'unknown'];

/**
 * What the condition can come to while only some criteria are answered. A criterion that stands in it twice may make this
 * more than it really can, never less.
 */
export function possibleTruths(
  expression: Expression,
  answered: (criterion: string) => Truth | undefined,
): ReadonlySet<Truth> {
  if (typeof expression === 'string') {
    const answer = answered(expression);
    return new Set(answer === undefined ? TRUTHS : [answer]);
  }
  if ('not' in expression) return new Set([...possibleTruths(expression.not, answered)].map(not));
  if ('possibly' in expression) return new Set([...possibleTruths(expression.possibly, answered)].map(possibly));
  const [parts, join] = 'all' in expression ? [expression.all, allOf] : [expression.any, anyOf];
  return parts
    .map((part) => possibleTruths(part, answered))
    .reduce((so, next) => new Set([...so].flatMap((a) => [...next].map((b) => join([a, b])))));
}
