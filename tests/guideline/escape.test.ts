import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { escapeMarkdown, plainText } from '../../src/guideline/escape.ts';
import { chartText, faultsOf, visible } from './markdown-check.ts';

// CH-94.
describe('chart text in markdown', () => {
  test.each([
    ['HTML', '<img src=x onerror=alert(1)>'],
    ['an entity that spells HTML', '&lt;script&gt;'],
    ['a numeric entity', '&#60;script&#x3e;'],
    ['a link', '[click](javascript:alert(1))'],
    ['a picture', '![x](https://attacker.example/p.png)'],
    ['a reference link', '[a][b] [b]: //x.example'],
    ['emphasis', '**bold** _it_ ~~gone~~'],
    ['code', '`rm -rf` ```\ncode'],
    ['a table', '| a | b |\n| --- | --- |'],
    ['a heading and a list on lines of their own', 'x\n\n# Heading\r\n- item\u2028- item\u20291. item\u0085> quote'],
    ['an escape that would undo the next', 'a\\*b\\\\*c'],
    ['template code', '{{ patient.name }} {% raw %} ${7*7}'],
    ['an address with its scheme', 'see https://attacker.example/x?y=z'],
    ['a script address', 'javascript:alert(1)'],
    ['the end of a comment', '--> <!-- x'],
    ['text that turns the reading direction', 'abc\u202Edef\u2066ghi\u200Fj'],
    ['characters of no width', 'as\u200Bps\u2060x\uFEFFy\u00ADz'],
    ['controls', 'a\u0000b\u001B[31mc\u007Fd\u009Be'],
  ])('%s is no more than text', (_claim, text) => {
    expect(faultsOf(escapeMarkdown(text))).toEqual([]);
  });

  test('any text at all is no more than text on one line', () => {
    fc.assert(
      fc.property(chartText, (text) => {
        expect(faultsOf(escapeMarkdown(text))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  test('what a reader sees is what was written but for spaces in addresses, cut at 80 characters', () => {
    const bare = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, '');
    fc.assert(
      fc.property(chartText, (text) => {
        const shown = visible(escapeMarkdown(text));
        const isCut = shown.endsWith('…') && !bare(text).endsWith('…');
        expect(shown.length).toBeLessThanOrEqual(80);
        expect(isCut ? bare(text).startsWith(bare(shown).slice(0, -1)) : bare(shown) === bare(text)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('eighty characters are left whole, and of eighty-one the last two give way to the sign of a cut', () => {
    expect(escapeMarkdown('x'.repeat(80))).toBe('x'.repeat(80));
    expect(escapeMarkdown('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
    expect(escapeMarkdown('<'.repeat(80))).toBe('&lt;'.repeat(80));
    expect(escapeMarkdown('<'.repeat(81))).toBe(`${'&lt;'.repeat(79)}…`);
  });

  test('ordinary words of a chart are shown as they are', () => {
    for (const words of [
      'Alveolar soft part sarcoma',
      'CT chest (with contrast), 2 mm',
      'Stage IV',
      'Métastase n° 3',
    ]) {
      expect(escapeMarkdown(words)).toBe(words);
    }
  });

  test('text without anything to see is nothing', () => {
    expect(escapeMarkdown(' \u200B\n\t\u202E')).toBe('');
  });
});

describe('plain text', () => {
  test('is on one line, without characters that cannot be seen, and otherwise untouched', () => {
    fc.assert(
      fc.property(chartText, (text) => {
        const line = plainText(text);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(line).toBe(line.trim());
        expect(line.replaceAll(' ', '')).toBe(text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]/gu, ''));
      }),
    );
  });
});
