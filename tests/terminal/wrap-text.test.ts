import { expect, test } from '@jest/globals';
import { plainMarkdown, wrap } from '../../src/terminal/wrap-text.ts';

test('list items hang under their bullet', () => {
  expect(wrap('1. one two three', 10, ' ')).toEqual([' 1. one', '    two', '    three']);
});

test('a word longer than the width is not cut', () => {
  expect(wrap('a https://example.org/long b', 8, '')).toEqual(['a', 'https://example.org/long', 'b']);
});

test.each([
  ['**bold** text', 'bold text'],
  ['*For professionals.*', 'For professionals.'],
  ['\\*soft\\* part and 2 * 3 * 4', '*soft* part and 2 * 3 * 4'],
  ['5 \\* 3 &amp;lt; x', '5 * 3 &lt; x'],
  ['see [the study](https://example.org/a)', 'see the study (https://example.org/a)'],
  ['snake_case_stays', 'snake_case_stays'],
])('%s reads as %s', (markdown, text) => {
  expect(plainMarkdown(markdown)).toBe(text);
});
