import { describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Fact, no, type Truth, unknown, yes } from '../../src/chart/fact.ts';
import { criteriaIn, deciding, type Expression, evaluate } from '../../src/guideline/expression.ts';

const FACTS: Readonly<Record<Truth, Fact>> = { yes: yes([]), no: no([]), unknown: unknown([]) };

/** Answers by the first letter of the criterion: `y…` yes, `n…` no, anything else unknown. */
function answers(criterion: string): Fact {
  if (criterion.startsWith('y')) return FACTS.yes;
  return criterion.startsWith('n') ? FACTS.no : FACTS.unknown;
}

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('y1', 'y2', 'n1', 'n2', 'u1', 'u2'),
    fc.array(tie('expression'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('expression'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('expression').map((part) => ({ not: part })),
    tie('expression').map((part) => ({ possibly: part })),
  ),
}));

/** The same language, written down a second time: truths as numbers, and no short circuit. */
function reference(expr: Expression): number {
  if (typeof expr === 'string') return { y: 1, n: 0 }[expr.charAt(0)] ?? 0.5;
  if ('all' in expr) return Math.min(...expr.all.map(reference));
  if ('any' in expr) return Math.max(...expr.any.map(reference));
  if ('not' in expr) return 1 - reference(expr.not);
  return Math.ceil(reference(expr.possibly));
}

describe('evaluation', () => {
  test.each<[string, Expression, Truth]>([
    ['a criterion is its answer', 'unknown-one', 'unknown'],
    ['all needs every part', { all: ['y', 'n'] }, 'no'],
    ['a gap in all is a gap', { all: ['y', 'u'] }, 'unknown'],
    ['any needs one part', { any: ['n', 'y'] }, 'yes'],
    ['not of a gap is a gap', { not: 'u' }, 'unknown'],
    ['possibly takes a gap for yes', { possibly: 'u' }, 'yes'],
    ['possibly not takes a gap for yes too', { possibly: { not: 'u' } }, 'yes'],
    ['possibly not of a yes is no', { possibly: { not: 'y' } }, 'no'],
    ['not possibly of a gap is no', { not: { possibly: 'u' } }, 'no'],
  ])('%s', (_claim, expr, truth) => {
    expect(evaluate(expr, answers)).toBe(truth);
  });

  test('agrees with a plain reading of every expression', () => {
    const NAMES: Readonly<Record<string, Truth>> = { '0': 'no', '0.5': 'unknown', '1': 'yes' };
    fc.assert(
      fc.property(expression, (expr) => {
        expect(evaluate(expr, answers)).toBe(NAMES[String(reference(expr))]);
      }),
    );
  });
});

describe('short circuit', () => {
  test.each<[string, Expression, readonly string[]]>([
    ['behind a settled all', { all: ['n', 'y'] }, ['n']],
    ['behind a settled any', { any: ['y', 'n'] }, ['y']],
    ['in a branch behind a settled all', { all: ['n', { any: ['y', { not: 'u' }] }] }, ['n']],
    ['but a gap settles nothing', { all: ['u', 'y'] }, ['u', 'y']],
    ['and what is before it is computed', { all: ['y', { not: 'y2' }, 'u'] }, ['y', 'y2']],
  ])('a criterion is not computed %s', (_claim, expr, asked) => {
    const spy = jest.fn(answers);
    evaluate(expr, spy);
    expect(spy.mock.calls.map(([criterion]) => criterion)).toEqual(asked);
  });
});

describe('the deciding criteria', () => {
  test.each<[string, Expression, readonly string[]]>([
    ['of all: every part, in reading order', { all: ['y', 'u', 'n'] }, ['y', 'u', 'n']],
    ['of an any that holds: the branches that hold', { any: ['n', 'y', 'u', 'y2'] }, ['y', 'y2']],
    ['of an any that does not hold: every branch', { any: ['n', 'u'] }, ['n', 'u']],
    ['of a branch that holds: its parts', { any: ['n', { all: ['y', { not: 'n2' }] }] }, ['y', 'n2']],
    ['of not and possibly: what they are about', { all: [{ not: 'n' }, { possibly: { not: 'u' } }] }, ['n', 'u']],
    ['each once', { all: ['y', { any: ['y', 'n'] }, 'y'] }, ['y']],
  ])('%s', (_claim, expr, expected) => {
    expect(deciding(expr, answers)).toEqual(expected);
  });

  test('are among the criteria that the expression names, never empty, and decide it alone', () => {
    fc.assert(
      fc.property(expression, (expr) => {
        const named = criteriaIn(expr);
        const found = deciding(expr, answers);
        expect(found.length).toBeGreaterThan(0);
        expect(new Set(found).size).toBe(found.length);
        expect(found.filter((criterion) => !named.includes(criterion))).toEqual([]);
      }),
    );
  });
});

test('the criteria of an expression are all that it names, at any depth', () => {
  expect(criteriaIn({ all: ['a', { any: ['b', { not: 'c' }] }, { possibly: { not: { all: ['d'] } } }] })).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
});
