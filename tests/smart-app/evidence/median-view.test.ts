import { describe, expect, test } from '@jest/globals';
import { aroundMedian, medianTable, medianText } from '../../../src/smart-app/evidence/median-view.ts';
import { content } from './content.ts';

const { outcomes } = content;
const table = medianTable(outcomes);
const byId = new Map(outcomes.medians.map((one) => [one.id, one]));

function median(id: string) {
  const found = byId.get(id);
  if (found === undefined) throw new Error(id);
  return found;
}

describe('the table of medians', () => {
  test('holds every median under treatment, and those of the disease stand elsewhere', () => {
    const treated = outcomes.medians.filter(({ treatment }) => treatment !== undefined).map(({ id }) => id);
    expect(table.rows.map(({ id }) => id).toSorted()).toEqual(treated.toSorted());
    expect(treated).not.toContain('brain-survival-after');
  });

  test('tells the progression-free survival on atezolizumab as 20.8 months, and what supersedes what', () => {
    const row = table.rows.find(({ id }) => id === 'atezolizumab-pfs');
    expect(row?.cells[1]).toEqual({ text: '20.8 months' });
    expect(row?.cells.at(-1)?.more?.at(-1)).toMatch(/28, which the paper supersedes/);
  });

  test('has a cell under every column', () => {
    expect(table.rows.filter(({ cells }) => cells.length !== table.columns.length - 1)).toEqual([]);
  });
});

test('a change has its sign, a time its unit', () => {
  expect(medianText(median('placebo-change'))).toBe('+13.4\u00a0%');
  expect(medianText(median('cediranib-change'))).toBe('−8.3\u00a0%');
  expect(medianText(median('anlotinib-pfs'))).toBe('21 months');
});

test('a spread is never called a confidence interval', () => {
  expect(aroundMedian(median('atezolizumab-duration'))).toEqual({ text: 'lowest to highest 4.1–55.8' });
  expect(aroundMedian(median('geptanolimab-pfs'))).toEqual({ text: 'none published' });
  expect(aroundMedian({ ...median('atezolizumab-duration'), interval: [9, 40] })).toEqual({
    text: '95 % CI 9–40',
    more: ['lowest to highest 4.1–55.8'],
  });
});
