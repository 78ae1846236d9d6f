import { expect, test } from '@jest/globals';
import { brainTable, presentationTable, reactionTable } from '../../../src/smart-app/evidence/occurrence-view.ts';
import { content } from './content.ts';

const { outcomes } = content;

test('brain metastases are told with their numbers, when they came and how long patients lived', () => {
  const { rows } = brainTable(outcomes);
  expect(rows.map(({ head, cells }) => [head.text, cells[0]?.text])).toEqual([
    ['Reichardt 2003', '30.5\u00a0%'],
    ['Portera 2001', '19\u00a0%'],
    ['From diagnosis to brain metastases', 'median 48 months'],
    ['Survival after brain metastases', 'median 12 months'],
  ]);
  expect(rows[0]?.cells[1]).toEqual({ text: '87 of 285' });
  expect(rows[2]?.cells[0]?.more).toEqual(['lowest to highest 0–396']);
  expect(rows[2]?.cells[1]?.text).toMatch(/^n not known/);
});

test('every occurrence stands in one of the two tables', () => {
  const ids = [...brainTable(outcomes).rows, ...presentationTable(outcomes).rows].map(({ id }) => id);
  expect(outcomes.occurrences.filter(({ id }) => !ids.includes(id))).toEqual([]);
});

test('how many had spread at presentation is told by cohort, from 27 to 65 %', () => {
  const texts = presentationTable(outcomes).rows.map(({ cells }) => cells[0]?.text ?? '');
  expect(texts.filter((text) => text.endsWith('metastatic at presentation'))).toEqual([
    '65\u00a0% metastatic at presentation',
    '43\u00a0% metastatic at presentation',
    '40\u00a0% metastatic at presentation',
    '27\u00a0% metastatic at presentation',
  ]);
  expect(texts).toContain('about 37–47\u00a0% first taken for something benign');
});

test('adverse reactions are told with percentage and count as published, nought included', () => {
  const texts = reactionTable(outcomes).rows.map(({ cells }) => cells[0]?.text ?? '');
  expect(texts[0]).toMatch(/^Musculoskeletal pain: 67\u00a0%; Fatigue: 55\u00a0%; /);
  expect(texts[1]).toContain('Grade 3, related to treatment: 15\u00a0%, 8 of 52');
  expect(texts[1]).toContain('Grade 4 or 5, related to treatment: 0 of 52');
});
