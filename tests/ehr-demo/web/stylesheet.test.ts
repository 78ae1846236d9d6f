import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const CSS = readFileSync(new URL('../../../src/ehr-demo/web/demo.css', import.meta.url), 'utf8');
const [light = '', rest = ''] = CSS.split('@media (prefers-color-scheme: dark)');
const [dark = ''] = rest.split('\n}\n');

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const digits = colour.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3').slice(1);
  const [red = 0, green = 0, blue = 0] = (digits.match(/../g) ?? []).map((pair) => {
    const share = Number.parseInt(pair, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s palette', (_name, part) => {
  const colours = new Map(
    [...part.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const contrast = (a: string, b: string) => {
    const [low = 0, high = 0] = [a, b].map((name) => luminance(colours.get(name) ?? 'none')).toSorted((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  test.each([
    ...['ink', 'quiet', 'link'].flatMap((name) => ['paper', 'panel'].map((ground) => [name, ground] as const)),
    ...(['info', 'warning', 'critical'] as const).map((level) => [level, `${level}-ground`] as const),
    ...(['info', 'warning'] as const).flatMap((level) => [['ink', `${level}-ground`] as const]),
    ['critical', 'panel'],
    ['done', 'panel'],
    ['bar-ink', 'bar'],
    ['sign', 'link'],
    ['sign', 'info'],
    ['sign', 'warning'],
    ['sign', 'critical'],
    ['sign', 'quiet'],
  ])('%s is read easily on %s', (ink, ground) => {
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test('the edges of fields are seen', () => {
    expect(contrast('line', 'panel')).toBeGreaterThanOrEqual(3);
  });
});

test('the focus is seen everywhere but on the page as a whole', () => {
  expect(CSS).toMatch(/:focus-visible \{\s*outline: 3px solid/);
  expect([...CSS.matchAll(/([^{}]*)\{[^{}]*outline: (?:0|none)/g)].map(([, selector = '']) => selector.trim())).toEqual(
    ['main:focus'],
  );
});
