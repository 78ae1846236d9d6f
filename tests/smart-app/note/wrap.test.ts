import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { wrap } from '../../../src/smart-app/note/wrap.ts';

describe('A wrapped line', () => {
  test('keeps every word, in order, within a hundred columns', () => {
    const words = fc.array(
      fc.string({ minLength: 1, maxLength: 40 }).filter((word) => !/\s/.test(word)),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(words, (all) => {
        const lines = wrap(all.join(' '));
        expect(lines.map((line) => line.trim()).join(' ')).toBe(all.join(' '));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
      }),
    );
  });

  test('sets its continuation in, and leaves a word that is too long whole', () => {
    const [first, second] = wrap(`a ${'b'.repeat(120)}`);
    expect([first, second]).toEqual(['a', `  ${'b'.repeat(120)}`]);
  });
});
