import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Outcomes, Response } from '../../../src/guideline/figure.ts';
import { controlTable, responsePlot, responseTable } from '../../../src/smart-app/evidence/response-view.ts';
import { content } from './content.ts';

const { outcomes } = content;
const groups = responsePlot(outcomes);
const rows = groups.flatMap((group) => group.rows);

/** The shipped figures with one response alone. */
function only(change: Partial<Response>): Outcomes {
  const [first] = outcomes.responses;
  if (first === undefined) throw new Error('no response');
  const { percent: _percent, count: _count, interval: _interval, n: _n, ...bare } = first;
  return { ...outcomes, contrasts: [], responses: [{ ...bare, ...change }] };
}

describe('the plot', () => {
  test('begins with the two rates of atezolizumab side by side, and says why they differ', () => {
    const [first] = groups;
    expect(first?.rows.slice(0, 2)).toEqual([
      expect.objectContaining({ treatment: 'Atezolizumab', rate: 24, interval: [13, 39] }),
      expect.objectContaining({ treatment: 'Atezolizumab', rate: 37, interval: [24, 51] }),
    ]);
    expect(first?.contrasts).toEqual([
      {
        between: 'Atezolizumab (FDA approval 2022) and Atezolizumab (NEJM 2023)',
        why: expect.stringMatching(/independent review/),
      },
    ]);
  });

  test('holds every objective response in ASPS and no figure of another disease', () => {
    const inAsps = outcomes.responses.filter(
      ({ measure, notAsps }) => measure === 'objective response' && notAsps === undefined,
    );
    expect(rows.map(({ id }) => id).toSorted()).toEqual(inAsps.map(({ id }) => id).toSorted());
    expect(rows.map(({ id }) => id)).not.toContain('pembrolizumab-tmb-high-response');
  });

  test('has no interval where none was published', () => {
    expect(rows.filter(({ interval }) => interval !== undefined)).toHaveLength(3);
    expect(rows.find(({ id }) => id === 'axitinib-pembrolizumab-response')?.value).toBe('6 of 11');
  });

  test('says of each group in words what it shows, flags included, and where to read it', () => {
    const words = groups.map(({ inWords }) => inWords).join('\n');
    expect(words).toContain('Atezolizumab, FDA approval 2022: 24\u00a0%, n = 49; 95 % CI 13–39');
    expect(words).toMatch(/Targeted drugs, AI-written page 2026: 2 of 11, unverified\./);
    expect(groups.every(({ inWords }) => inWords.endsWith('The table below says the same and more.'))).toBe(true);
  });

  test('leaves out what has no point to stand at, and the table has it', () => {
    for (const change of [{ percentRange: [10, 20] as const }, { count: 3, withoutN: 'Nobody wrote it down' }]) {
      expect(responsePlot(only(change))).toEqual([]);
      expect(responseTable(only(change)).rows).toHaveLength(1);
    }
  });

  test('places a count at its share of all, whatever the count', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (count, others) => {
        const n = count + others + 1;
        const [row] = responsePlot(only({ count, n })).flatMap((group) => group.rows);
        expect(row?.rate).toBeCloseTo((count / n) * 100);
        expect(row?.value).toBe(`${count} of ${n}`);
        expect(row).not.toHaveProperty('interval');
      }),
    );
  });
});

describe('the tables', () => {
  const cellsOf = (id: string) =>
    [...responseTable(outcomes).rows, ...controlTable(outcomes).rows].find((row) => row.id === id);

  test('hold every response once', () => {
    const ids = [...responseTable(outcomes).rows, ...controlTable(outcomes).rows].map(({ id }) => id);
    expect(ids.toSorted()).toEqual(outcomes.responses.map(({ id }) => id).toSorted());
  });

  test('have a cell under every column', () => {
    for (const { columns, rows: all } of [responseTable(outcomes), controlTable(outcomes)])
      expect(all.filter(({ cells }) => cells.length !== columns.length - 1)).toEqual([]);
  });

  test('tell the rate of the regulator with number, interval, assessor and licence', () => {
    expect(cellsOf('atezolizumab-response-fda')?.cells).toEqual([
      { text: '24\u00a0%' },
      { text: '12 of 49' },
      { text: '13–39' },
      { text: 'Independent review, RECIST 1.1' },
      {
        text: expect.stringMatching(/^Unresectable or metastatic ASPS/),
        more: expect.arrayContaining([expect.stringMatching(/^FDA .*2022-12-09/)]),
      },
    ]);
  });

  test('say that a percentage was calculated where a count alone was published', () => {
    expect(cellsOf('axitinib-pembrolizumab-response')?.cells[0]).toEqual({
      text: '55\u00a0%',
      more: ['calculated from the count'],
    });
  });

  test('never fill in an assessor, an interval or a number', () => {
    expect(cellsOf('sunitinib-response')?.cells.slice(1, 4)).toEqual([
      { text: expect.stringMatching(/^n not known\. 34 enrolled/) },
      { text: 'none published' },
      { text: 'not recorded' },
    ]);
  });

  test('mark what is not of ASPS', () => {
    expect(cellsOf('pembrolizumab-tmb-high-response')?.flags).toEqual([expect.stringMatching(/^not ASPS: Solid/)]);
  });
});
