import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Plain, settingsDigest } from '../../../src/feedback/store/settings-digest.ts';

const plain = fc.jsonValue().map((value) => value as Plain);

/** The same with the members of every object in the opposite order. */
function turned(value: Plain): Plain {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(turned);
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]): [string, Plain] => [name, turned(member)])
      .toReversed(),
  );
}

test('equal settings have one digest, in whatever order they are written', () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(settingsDigest(turned(value))).toBe(settingsDigest(value));
    }),
  );
});

test('other settings have another one', () => {
  const different: Plain[] = [null, 'null', 0, '0', '', [], {}, [[]], [{}], { a: [] }, ['a', []], ['object'], ['list']];
  different.push({ a: 1, b: 2 }, { a: 2, b: 1 }, [1, 2], [2, 1], { a: { b: 1 } }, { a: 1 }, { b: 1 });
  expect(new Set(different.map(settingsDigest)).size).toBe(different.length);
});

test('it says nothing of them', () => {
  expect(settingsDigest({ card: 'baseline-brain-mri', state: 'shadow' })).toMatch(/^[\w-]{43}$/);
});
