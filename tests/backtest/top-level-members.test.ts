import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { topLevelMembers } from '../../src/backtest/top-level-members.ts';

const NAMES = ['period', 'status', 'a'] as const;

const name = fc.oneof(
  fc.constantFrom(...NAMES, 'periods', '{', '"', '\\', ','),
  fc.string({ maxLength: 3, unit: 'grapheme-ascii' }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      fc.string(),
      fc.constantFrom('"period":', '\\', '\\"', '}', ',"a":1'),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}));

test('the members of an object are those that JSON.parse finds, whatever is nested in it', () => {
  fc.assert(
    fc.property(fc.dictionary(name, value), fc.constantFrom(undefined, 1), (object, space) => {
      const json = JSON.stringify(object, undefined, space);
      fc.pre(!json.includes('\\u'));
      const found = [...topLevelMembers(json, NAMES)].map(([key, text]) => [key, JSON.parse(text)] as const);
      const parsed: unknown = JSON.parse(json);
      const wanted = Object.entries(parsed as object).filter(([key]) => NAMES.some((one) => one === key));
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
    }),
    { numRuns: 500 },
  );
});

test('of two members with the same name it is the last, as for JSON.parse', () => {
  expect(topLevelMembers('{"a":1,"b":{"a":2},"a":[3]}', ['a']).get('a')).toBe('[3]');
});

test('what is no JSON ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('{', '}', '"', '\\', ':', ',', 'a', ' ', '[') }), (text) => {
      expect(topLevelMembers(text, NAMES).size).toBeLessThanOrEqual(NAMES.length);
    }),
    { numRuns: 500 },
  );
});
