import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { barPlot } from '../../src/plots/bar-plot.ts';
import type { BarPlot } from '../../src/plots/plot.ts';
import { violationsOf } from '../support/accessibility.ts';
import { drawn, numbersIn, pageOf, textsIn } from './drawn.ts';

const PLOT: BarPlot = {
  title: 'Overridden, by card',
  description: 'Percent of the answered showings.',
  unit: '% of answered showings',
  bars: [
    { label: 'Baseline brain MRI', value: 40, interval: [26, 55], note: '16 of 40' },
    { label: 'Chest CT', value: 80 },
  ],
};

function widths(plot: BarPlot): readonly number[] {
  return [...drawn(barPlot(plot)).querySelectorAll('rect')].map((bar) => Number(bar.getAttribute('width')));
}

test('a bar plot is one image, named by its title and told by its description', async () => {
  const svg = drawn(barPlot(PLOT));
  expect(svg.getAttribute('role')).toBe('img');
  expect(svg.children[0]?.outerHTML).toContain('Overridden, by card');
  expect(svg.children[1]?.outerHTML).toContain('Percent of the answered showings.');
  expect(await violationsOf(pageOf(barPlot(PLOT) + barPlot(PLOT)))).toEqual([]);
});

test('each bar has its name, its note or else its value, and the axis its unit', () => {
  expect(textsIn(barPlot(PLOT))).toEqual(
    expect.arrayContaining(['Baseline brain MRI', '16 of 40', 'Chest CT', '80', '% of answered showings', '0']),
  );
});

test('bars are as long as their values are large', () => {
  const [forty = 0, eighty = 0] = widths(PLOT);
  expect(eighty / forty).toBeCloseTo(2, 2);
});

test('the whisker goes from one end of the interval to the other, in the measure of the bars', () => {
  const svg = drawn(barPlot({ ...PLOT, bars: [{ label: 'x', value: 50, interval: [25, 100] }] }));
  const bar = svg.querySelector('rect');
  const length = Number(bar?.getAttribute('width'));
  const start = Number(bar?.getAttribute('x'));
  const [, from = '', to = ''] = /^M([\d.]+) [\d.]+H([\d.]+)/.exec(
    svg.querySelector('path[stroke-width="2"]')?.getAttribute('d') ?? '',
  ) ?? ['', ''];
  expect(Number(from) - start).toBeCloseTo(length / 2, 0);
  expect(Number(to) - start).toBeCloseTo(2 * length, 0);
});

test('whatever it is told, nothing becomes markup, and nothing leaves the picture', () => {
  const bar = fc.record({
    label: fc.oneof(fc.string(), fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=1>', '&lt;')),
    value: fc.double({ min: 0, max: 1e9, noNaN: true }),
    note: fc.string(),
  });
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.array(bar, { maxLength: 6 }), (title, unit, bars) => {
      const svg = drawn(barPlot({ title, description: title, unit, bars }));
      const names = new Set([...svg.querySelectorAll('*')].map(({ tagName }) => tagName));
      expect([...names].filter((name) => !['title', 'desc', 'g', 'path', 'rect', 'text'].includes(name))).toEqual([]);
      expect(numbersIn(svg).filter((number) => !Number.isFinite(number) || number < -1)).toEqual([]);
      const lengths = [...svg.querySelectorAll('rect')].map((one) => Number(one.getAttribute('width')));
      expect(lengths.filter((length) => length > 360)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('hostile words are shown as they are', () => {
  const label = '<b>&"\'';
  expect(textsIn(barPlot({ ...PLOT, bars: [{ label, value: 1 }] }))).toContain(label);
});

test('without bars it says so', () => {
  expect(textsIn(barPlot({ ...PLOT, bars: [] }))).toEqual(['Nothing to show.']);
});

test('bars of nothing have no length, and the axis has one all the same', () => {
  expect(widths({ ...PLOT, bars: [{ label: 'x', value: 0 }] })).toEqual([0]);
  expect(textsIn(barPlot({ ...PLOT, bars: [{ label: 'x', value: 0 }] }))).toContain('1.0');
});

test('no text is smaller than 12 pixels where the picture is as wide as it is made for, and no style is needed', () => {
  const svg = drawn(barPlot(PLOT));
  expect(Number(svg.getAttribute('font-size'))).toBeGreaterThanOrEqual(12);
  expect(svg.querySelectorAll('[font-size], [style], [id]')).toHaveLength(0);
  expect(svg.getAttribute('viewBox')).toMatch(/^0 0 360 /);
  expect(svg.outerHTML).not.toMatch(/href|url\(|<style|<script/);
});
