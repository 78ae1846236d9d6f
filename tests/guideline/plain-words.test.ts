import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { no, type Truth, unknown, yes } from '../../src/chart/fact.ts';
import { type Expression, evaluate } from '../../src/guideline/expression.ts';
import { answersIn, inPlainWords, type PlainCondition, possibleTruths } from '../../src/guideline/plain-words.ts';

const FACTS = { yes: yes([]), no: no([]), unknown: unknown([]) };
const IDS = ['a', 'b', 'c'];

const expressions: fc.Arbitrary<Expression> = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...IDS),
    fc.record({ not: tie('expression') }),
    fc.record({ possibly: tie('expression') }),
    fc.record({ all: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }) }),
  ),
})).expression;
const truths = fc.constantFrom<Truth>('yes', 'no', 'unknown');
const answers = fc.record({ a: truths, b: truths, c: truths });

/** As a person would check it, ticking off answers. */
function holds(condition: PlainCondition, given: Readonly<Record<string, Truth>>): boolean {
  if (condition.kind === 'answer') return condition.needed.split(' or ').includes(given[condition.criterion] ?? '');
  const parts = condition.parts.map((part) => holds(part, given));
  return condition.kind === 'all' ? !parts.includes(false) : parts.includes(true);
}

test('the plain condition holds for exactly the answers for which the card is shown', () => {
  fc.assert(
    fc.property(expressions, answers, (expression, given) => {
      const shown = evaluate(expression, (id) => FACTS[given[id as 'a']]) === 'yes';
      expect(holds(inPlainWords(expression), given)).toBe(shown);
    }),
  );
});

test('what a condition can come to includes what it does come to, whatever is left open', () => {
  fc.assert(
    fc.property(expressions, answers, fc.subarray(IDS), (expression, given, open) => {
      const truth = evaluate(expression, (id) => FACTS[given[id as 'a']]);
      const possible = possibleTruths(expression, (id) => (open.includes(id) ? undefined : given[id as 'a']));
      expect([...possible]).toContain(truth);
    }),
  );
});

describe('in plain words', () => {
  test.each<[Expression, PlainCondition]>([
    ['a', { kind: 'answer', criterion: 'a', needed: 'yes' }],
    [{ not: 'a' }, { kind: 'answer', criterion: 'a', needed: 'no' }],
    [{ possibly: 'a' }, { kind: 'answer', criterion: 'a', needed: 'yes or unknown' }],
    [{ possibly: { not: 'a' } }, { kind: 'answer', criterion: 'a', needed: 'no or unknown' }],
    [{ not: { possibly: 'a' } }, { kind: 'answer', criterion: 'a', needed: 'no' }],
    [
      { not: { any: ['a', { not: 'b' }] } },
      {
        kind: 'all',
        parts: [
          { kind: 'answer', criterion: 'a', needed: 'no' },
          { kind: 'answer', criterion: 'b', needed: 'yes' },
        ],
      },
    ],
    [
      { all: ['a', { all: ['b', { any: ['c'] }] }] },
      { kind: 'all', parts: IDS.map((criterion) => ({ kind: 'answer', criterion, needed: 'yes' })) },
    ],
  ])('%j', (expression, expected) => {
    expect(inPlainWords(expression)).toEqual(expected);
  });

  test('every place of a criterion is listed', () => {
    const condition = inPlainWords({ any: ['a', { all: ['b', { not: 'a' }] }] });
    expect(answersIn(condition).map(({ criterion, needed }) => `${criterion} ${needed}`)).toEqual([
      'a yes',
      'b yes',
      'a no',
    ]);
  });
});
