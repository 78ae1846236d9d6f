import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Outcomes, Survival } from '../../../src/guideline/figure.ts';
import { survivalRanges, survivalTable } from '../../../src/smart-app/evidence/survival-view.ts';
import { content } from './content.ts';

const { outcomes } = content;

function withSurvival(survival: readonly Survival[]): Outcomes {
  return { ...outcomes, survival };
}

const FIGURE: Survival = {
  id: 'one',
  cohort: 'One',
  stage: 'metastatic',
  measure: 'alive',
  at: '5 years',
  percent: 50,
  n: 10,
  population: { who: 'ASPS' },
  design: 'Series',
  status: 'verified',
  sources: ['portera-2001'],
  statements: ['E-38'],
};

describe('survival', () => {
  test('is told as a range over the cohorts, and what stands in an unverified text beside it', () => {
    expect(survivalRanges(outcomes)).toEqual([
      'Localised, alive at 5 years: 82 to 87\u00a0%, by cohort.',
      'Metastatic, alive at 5 years: 20 to 46\u00a0%, by cohort; 61\u00a0% in an unverified text.',
    ]);
  });

  test('is told no range where nothing was verified', () => {
    expect(survivalRanges(withSurvival([{ ...FIGURE, status: 'unverified' }]))).toEqual([]);
    expect(survivalRanges(withSurvival([]))).toEqual([]);
  });

  test('of other times and other diseases stays out of the range', () => {
    const others: readonly Survival[] = [
      { ...FIGURE, at: '10 years', percent: 1 },
      { ...FIGURE, notAsps: 'Sarcoma', percent: 99 },
      { ...FIGURE, measure: 'free of disease', percent: 2 },
    ];
    expect(survivalRanges(withSurvival([FIGURE, ...others]))).toEqual([
      'Metastatic, alive at 5 years: 50\u00a0%, by cohort.',
    ]);
  });

  test('ranges hold every verified figure, whichever they are', () => {
    const percents = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(percents, (all) => {
        const [range = ''] = survivalRanges(withSurvival(all.map((percent) => ({ ...FIGURE, percent }))));
        const [low = Number.NaN, high = low] = [...range.replace('5 years', '').matchAll(/\d+/g)].map(Number);
        expect([low, high]).toEqual([Math.min(...all), Math.max(...all)]);
      }),
    );
  });

  test('of a stage that was not recorded stands apart from that of a known one', () => {
    const { rows, columns } = survivalTable(outcomes);
    const cells = rows.find(({ id }) => id === 'disease-free-pdq')?.cells.map(({ text }) => text);
    expect(columns[3]).toBe('Stage not recorded');
    expect(cells?.slice(0, 3)).toEqual([
      'none given',
      'none given',
      '9 of 11 free of disease at 11.9 years of follow-up',
    ]);
  });
});

describe('the table of survival', () => {
  const table = survivalTable(outcomes);
  const row = (cohort: string) => table.rows.find(({ head }) => head.text === cohort);

  test('has a row a cohort, each with its era or the word that it was not recorded', () => {
    expect(table.rows).toHaveLength(new Set(outcomes.survival.map(({ cohort }) => cohort)).size);
    expect(row('Portera 2001')?.head.more).toEqual(['1959 to 1998']);
    expect(row('Orbach 2013')?.head.more).toEqual(['era not recorded']);
    expect(table.rows.filter(({ cells }) => cells.length !== table.columns.length - 1)).toEqual([]);
  });

  test('sets localised and metastatic side by side with their numbers', () => {
    expect(row('Portera 2001')?.cells.slice(0, 3)).toEqual([
      { text: '87\u00a0% alive at 5 years', more: ['n = 22'] },
      { text: '20\u00a0% alive at 5 years', more: ['n = 48', 'median 40 months', 'n = 48'] },
      { text: 'none given' },
    ]);
  });

  test('keeps what was counted from treatment apart from survival after diagnosis', () => {
    const words = JSON.stringify(row('World-wide registry 2023'));
    expect(words).toContain('81\u00a0% alive at 24 months from the start of immunotherapy');
    expect(words).toContain('not to be set against survival from diagnosis');
  });

  test('marks the 61 % and the 87 % of unreviewed texts as unverified', () => {
    expect(row('Dr.Oracle 2026, cohort not found')?.flags).toEqual(['unverified']);
    expect(row('Klarity 2023, cohort not named')?.flags).toEqual(['unverified']);
    expect(row('Klarity 2023, cohort not named')?.cells[1]?.text).toBe('about 20\u00a0% alive at 5 years');
  });

  test('marks a cohort of which one figure alone is unverified', () => {
    const { rows } = survivalTable(withSurvival([FIGURE, { ...FIGURE, id: 'two', status: 'unverified' }]));
    expect(rows.map(({ flags }) => flags)).toEqual([['unverified']]);
  });

  test('tells a range of months, a median that is a lower bound, and a count without a percentage', () => {
    const { percent: _percent, at: _at, ...timeless } = FIGURE;
    const texts = survivalTable(
      withSurvival([
        { ...timeless, cohort: 'a', months: 36, orLonger: true },
        { ...timeless, cohort: 'b', monthsRange: [12, 18], about: true },
        { ...timeless, cohort: 'c', count: 9, at: '11.9 years of follow-up' },
        { ...FIGURE, cohort: 'd', interval: [40, 60] },
      ]),
    ).rows.map(({ cells }) => cells[1]?.text);
    expect(texts).toEqual([
      'median 36 months or longer',
      'median about 12–18 months',
      '9 of 10 alive at 11.9 years of follow-up',
      '50\u00a0% alive at 5 years (95 % CI 40–60)',
    ]);
  });

  test('keeps the notes of every figure of a cohort', () => {
    const { rows } = survivalTable(
      withSurvival([
        { ...FIGURE, note: 'First' },
        { ...FIGURE, id: 'two', note: 'Second' },
      ]),
    );
    expect(rows[0]?.cells.at(-1)?.more).toEqual(['Series', 'First', 'Second']);
  });
});
