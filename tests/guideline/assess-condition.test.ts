import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Fact, Truth } from '../../src/chart/fact.ts';
import { inTheWay, type Judged, type JudgedCriterion, judge } from '../../src/guideline/assess-condition.ts';
import { type Answers, type Expression, evaluate } from '../../src/guideline/expression.ts';

// Any criteria do: what they ask is not asked here.
const IDS = ['metastatic', 'unresectable', 'adult', 'asps-active', 'responding'];

const truth = fc.constantFrom<Truth>('yes', 'no', 'unknown');
const truths = fc.dictionary(fc.constantFrom(...IDS), truth, { minKeys: IDS.length, maxKeys: IDS.length });

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Expression>(...IDS),
    fc.record({ all: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('expression') }),
    fc.record({ possibly: tie('expression') }),
  ),
}));

function answering(given: Readonly<Record<string, Truth>>): Answers {
  return (id): Fact => ({ state: given[id] ?? 'unknown', evidence: [], searched: [], unread: [] });
}

const blockingIds = (asked: Expression, given: Readonly<Record<string, Truth>>) =>
  inTheWay(judge(asked, answering(given))).map(({ criterion }) => criterion.id);

test('a judged condition comes to what evaluating it comes to, and names the answers as they are', () => {
  fc.assert(
    fc.property(expression, truths, (asked, given) => {
      expect(judge(asked, answering(given)).truth).toBe(evaluate(asked, answering(given)));
      for (const { fact, criterion } of inTheWay(judge(asked, answering(given))))
        expect(fact.state).toBe(given[criterion.id]);
    }),
  );
});

test('nothing is in the way of what holds, and something is in the way of everything else', () => {
  fc.assert(
    fc.property(expression, truths, (asked, given) => {
      expect(blockingIds(asked, given).length > 0).toBe(evaluate(asked, answering(given)) !== 'yes');
    }),
  );
});

test('while what makes it no stays as it is, it stays no, whatever becomes of the others', () => {
  fc.assert(
    fc.property(expression, truths, truths, (asked, given, other) => {
      fc.pre(evaluate(asked, answering(given)) === 'no');
      const kept = Object.fromEntries(blockingIds(asked, given).map((id) => [id, given[id] ?? 'unknown']));
      expect(evaluate(asked, answering({ ...other, ...kept }))).toBe('no');
    }),
  );
});

test('what leaves it open is unknown itself, and once all of that is settled so is the condition', () => {
  fc.assert(
    fc.property(expression, truths, fc.boolean(), (asked, given, settled) => {
      fc.pre(evaluate(asked, answering(given)) === 'unknown');
      const open = blockingIds(asked, given);
      expect(open.map((id) => given[id])).toEqual(open.map(() => 'unknown'));
      const known = Object.fromEntries(open.map((id): [string, Truth] => [id, settled ? 'yes' : 'no']));
      expect(evaluate(asked, answering({ ...given, ...known }))).not.toBe('unknown');
    }),
  );
});

test('an answer serves exactly if it is among those that are needed', () => {
  const leavesOf = (judged: Judged): readonly JudgedCriterion[] =>
    judged.kind === 'criterion' ? [judged] : judged.parts.flatMap(leavesOf);
  fc.assert(
    fc.property(expression, truths, (asked, given) => {
      for (const { truth: served, needed, fact } of leavesOf(judge(asked, answering(given))))
        expect(served === 'yes').toBe(needed.includes(fact.state));
    }),
  );
});
