import { expect, test } from '@jest/globals';
import { oncePerText } from '../../src/chart/per-text.ts';

test('each distinct text is read once, whatever is read from it', () => {
  const seen: string[] = [];
  const read = oncePerText((text) => {
    seen.push(text);
    return text === 'nothing' ? undefined : text.length;
  });
  expect(['four', 'nothing', 'four', 'nothing', 'three'].map((text) => read(text))).toEqual([
    4,
    undefined,
    4,
    undefined,
    5,
  ]);
  expect(seen).toEqual(['four', 'nothing', 'three']);
});
