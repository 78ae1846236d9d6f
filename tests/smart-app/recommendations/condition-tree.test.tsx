import { expect, test } from '@jest/globals';
import { JSDOM } from 'jsdom';
import { render } from 'preact-render-to-string';
import type { Truth } from '../../../src/chart/fact.ts';
import { judge } from '../../../src/guideline/assess-condition.ts';
import type { Expression } from '../../../src/guideline/expression.ts';
import { ConditionTree } from '../../../src/smart-app/recommendations/condition-tree.tsx';

/** What the mark of a condition on one criterion says, where its answer is this one. */
function markOf(condition: Expression, state: Truth): string | undefined {
  const judged = judge(condition, () => ({ state, evidence: [], searched: [], unread: [] }));
  const page = new JSDOM(render(<ConditionTree condition={judged} pending={new Set()} />)).window.document;
  return page.querySelector('.mark')?.textContent?.slice(1);
}

const spares: Expression = { possibly: { not: 'metastatic' } };
const asks: Expression = { not: { possibly: 'metastatic' } };

test.each<[Expression, Truth, string]>([
  ['metastatic', 'yes', 'met'],
  ['metastatic', 'no', 'not met'],
  ['metastatic', 'unknown', 'unknown'],
  [spares, 'no', 'met'],
  [spares, 'unknown', 'met (unknown)'],
  [asks, 'no', 'met'],
  [asks, 'unknown', 'not met (unknown)'],
])('%j answered %s is marked "%s"', (condition, state, words) => {
  expect(markOf(condition, state)).toBe(words);
});
