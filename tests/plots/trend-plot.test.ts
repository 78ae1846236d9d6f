import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { TrendPlot } from '../../src/plots/plot.ts';
import { trendPlot } from '../../src/plots/trend-plot.ts';
import { violationsOf } from '../support/accessibility.ts';
import { drawn, numbersIn, pageOf, textsIn } from './drawn.ts';

const PLOT: TrendPlot = {
  title: 'Chest CT: week by week',
  description: 'Percent overridden.',
  unit: '%',
  from: '2026-10-05',
  to: '2026-11-02',
  max: 100,
  series: [
    {
      name: 'overridden',
      points: [
        { day: '2026-10-05', value: 10 },
        { day: '2026-10-12', value: 20 },
        { day: '2026-10-19', value: undefined },
        { day: '2026-10-26', value: 40 },
      ],
    },
    { name: 'no response', points: [{ day: '2026-10-05', value: 50 }] },
  ],
  marks: [{ day: '2026-10-12', label: '1.1.0' }],
};

function dots(plot: TrendPlot): readonly (readonly [x: number, y: number])[] {
  const placed = [...drawn(trendPlot(plot)).querySelectorAll('[transform]')].map((dot) =>
    (dot.getAttribute('transform') ?? '')
      .replaceAll(/[^\d. -]/g, '')
      .trim()
      .split(' ')
      .map(Number),
  );
  return placed.map(([x = Number.NaN, y = Number.NaN]) => [x, y]);
}

/** The lines of the series: the only paths that are not filled. */
function lines(plot: TrendPlot): readonly string[] {
  return [...drawn(trendPlot(plot)).querySelectorAll('path[fill="none"]')].map((path) => path.getAttribute('d') ?? '');
}

test('a trend is one image, named by its title and told by its description', async () => {
  const svg = drawn(trendPlot(PLOT));
  expect(svg.getAttribute('role')).toBe('img');
  expect(svg.querySelector('title')?.textContent).toBe('Chest CT: week by week');
  expect(svg.querySelector('desc')?.textContent).toBe('Percent overridden.');
  expect(await violationsOf(pageOf(trendPlot(PLOT) + trendPlot(PLOT)))).toEqual([]);
});

test('a week without a value is a gap and not a zero, and a week by itself is still seen', () => {
  const [line = ''] = lines(PLOT);
  // Two pieces, of which the second is one point.
  expect(line.match(/M/g)).toHaveLength(2);
  // Three points and one, and one of each in the legend.
  expect(dots(PLOT)).toHaveLength(4 + 2);
});

test('days stand in their order and values at their height', () => {
  const [[x1, y1] = [0, 0], [x2, y2] = [0, 0], [x3, y3] = [0, 0]] = dots(PLOT);
  expect(x2 - x1).toBeCloseTo((x3 - x1) / 3, 0);
  expect(y1 - y2).toBeCloseTo((y1 - y3) / 3, 0);
});

test('series differ by dash and shape', () => {
  const svg = drawn(trendPlot(PLOT));
  const dashes = [...svg.querySelectorAll('path[fill="none"]')].map((path) => path.getAttribute('stroke-dasharray'));
  expect(new Set(dashes).size).toBe(2);
  const shapes = [...svg.querySelectorAll('[transform]')].map((dot) => dot.getAttribute('d'));
  expect(new Set(shapes).size).toBe(2);
});

test('the axis, the names of the series and the marks are in words, whatever the time zone', () => {
  expect(textsIn(trendPlot(PLOT))).toEqual(
    expect.arrayContaining(['%', '0', '100', 'overridden', 'no response', '1.1.0', '1 Nov']),
  );
});

test('labels of marks close to each other stand on lines of their own', () => {
  const marks = ['2026-10-12', '2026-10-13', '2026-11-02'].map((day, at) => ({ day, label: `1.${at}.0` }));
  const svg = drawn(trendPlot({ ...PLOT, marks }));
  const heights = [...svg.querySelectorAll('text')]
    .filter(({ textContent }) => /^1\.\d\.0$/.test(textContent))
    .map((text) => text.getAttribute('y'));
  expect(heights).toHaveLength(3);
  expect(heights[0]).not.toBe(heights[1]);
  expect(heights[0]).toBe(heights[2]);
});

test('a mark outside the window is left out', () => {
  expect(textsIn(trendPlot({ ...PLOT, marks: [{ day: '2026-11-03', label: '9.9.9' }] }))).not.toContain('9.9.9');
});

test('without a largest value the axis ends above all values', () => {
  const { max: _, ...open } = PLOT;
  expect(textsIn(trendPlot({ ...open, series: [{ name: 'n', points: [{ day: '2026-10-05', value: 7 }] }] }))).toContain(
    '8',
  );
});

test.each([
  ['nothing at all', { ...PLOT, series: [], marks: [] }],
  ['series without points', { ...PLOT, series: [{ name: 'x', points: [] }] }],
  ['a window of one day', { ...PLOT, from: '2026-10-05', to: '2026-10-05' }],
  ['a window of years', { ...PLOT, from: '2021-11-02' }],
])('%s can be drawn', (_name, plot) => {
  const svg = drawn(trendPlot(plot));
  expect(numbersIn(svg).filter((number) => !Number.isFinite(number))).toEqual([]);
  expect(svg.outerHTML).not.toContain('NaN');
});

test('hostile words are shown as they are, and nothing becomes markup', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constant('</svg><script>')), (word) => {
      const svg = drawn(
        trendPlot({ ...PLOT, title: word, description: word, unit: word, marks: [{ day: PLOT.to, label: word }] }),
      );
      const names = new Set([...svg.querySelectorAll('*')].map(({ tagName }) => tagName));
      expect([...names].filter((name) => !['title', 'desc', 'g', 'path', 'text'].includes(name))).toEqual([]);
    }),
    { numRuns: 30 },
  );
  expect(drawn(trendPlot({ ...PLOT, title: '<b>&"' })).querySelector('title')?.textContent).toBe('<b>&"');
});
