import type { Truth } from '../chart/fact.ts';
import { type Answers, deciding, type Expression, evaluate } from './expression.ts';
import type { Card } from './guideline.ts';
import { allOf } from './logic.ts';

/** Does the card apply on this hook, one of its own: what the hook asks and what the card asks. */
export function truthOn(card: Card, hook: string, answers: Answers): Truth {
  const condition = card.hooks.get(hook);
  const asked = condition === undefined ? 'yes' : evaluate(condition, answers);
  return asked === 'no' ? 'no' : allOf([asked, evaluate(card.file.when, answers)]);
}

/** The parts of a card's condition, all of which have to hold: those of the hook, then those of `when`. */
export function conjunctsOf({ file, hooks }: Card, hook: string): readonly Expression[] {
  const condition = hooks.get(hook);
  return [...(condition === undefined ? [] : partsOf(condition)), ...partsOf(file.when)];
}

function partsOf(expression: Expression): readonly Expression[] {
  return typeof expression !== 'string' && 'all' in expression ? expression.all : [expression];
}

/** What decided that the card is shown, on this hook, in reading order; then what it shows besides. */
export function decidingCriteria(card: Card, hook: string, answers: Answers): readonly string[] {
  const condition = card.hooks.get(hook);
  return [
    ...new Set([
      ...deciding(card.file.when, answers),
      ...(condition === undefined ? [] : deciding(condition, answers)),
      ...(card.file.alsoShow ?? []),
    ]),
  ];
}
