import { describe, expect, test } from '@jest/globals';
import { STYLESHEET } from '../../src/pages/render.ts';

/** The colours of a palette: the custom properties of `:root` in this part of the stylesheet. */
function palette(part: string): ReadonlyMap<string, string> {
  return new Map([...part.matchAll(/--(\w+): (#[0-9a-f]{3,6});/g)].map(([, name = '', colour = '']) => [name, colour]));
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const digits = colour.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3').slice(1);
  const [red = 0, green = 0, blue = 0] = (digits.match(/../g) ?? []).map((pair) => {
    const share = Number.parseInt(pair, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

const [light = '', rest = ''] = STYLESHEET.split('@media (prefers-color-scheme: dark)');
const [dark = ''] = rest.split('\n}\n');
const [, print = ''] = STYLESHEET.split('@media print');

describe.each([
  ['light', light],
  ['dark', dark],
  ['print', print],
])('the %s palette', (_name, part) => {
  const colours = palette(part);

  test.each(['ink', 'quiet', 'link', 'warn', 'info'])('%s is read easily on paper and on panels', (name) => {
    for (const ground of ['paper', 'panel'])
      expect(contrast(colours.get(name) ?? '', colours.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5);
  });
});

test.each([
  ['light', light],
  ['dark', dark],
])('lines that carry meaning are seen on the %s paper', (_name, part) => {
  const colours = palette(part);
  expect(contrast(colours.get('line') ?? '', colours.get('paper') ?? '')).toBeGreaterThanOrEqual(3);
});

test('it keeps the focus visible, and goes to paper without navigation and with the addresses of sources', () => {
  expect(STYLESHEET).toMatch(/a:focus-visible,\s*summary:focus-visible \{\s*outline: 3px solid/);
  expect(STYLESHEET).not.toMatch(/outline: (?:0|none)(?!;\s*\}\s*header)/);
  expect(print).toMatch(/header,\s*\.contents,\s*\.skip \{\s*display: none;/);
  expect(print).toMatch(/a\.out::after \{\s*content: " \(" attr\(href\) "\)";/);
});
