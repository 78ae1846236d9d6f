import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Truth } from '../../src/chart/fact.ts';
import { allOf, anyOf, not, possibly } from '../../src/guideline/logic.ts';

const truth = fc.constantFrom<Truth>('yes', 'no', 'unknown');
const truths = fc.array(truth, { maxLength: 6 });
const shuffled = truths.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
);

describe('Kleene logic: a gap stays a gap unless the other operand settles the matter', () => {
  test.each<[Truth, Truth, Truth, Truth]>([
    // a, b, a and b, a or b
    ['yes', 'yes', 'yes', 'yes'],
    ['yes', 'no', 'no', 'yes'],
    ['yes', 'unknown', 'unknown', 'yes'],
    ['no', 'yes', 'no', 'yes'],
    ['no', 'no', 'no', 'no'],
    ['no', 'unknown', 'no', 'unknown'],
    ['unknown', 'yes', 'unknown', 'yes'],
    ['unknown', 'no', 'no', 'unknown'],
    ['unknown', 'unknown', 'unknown', 'unknown'],
  ])('%s with %s: all is %s, any is %s', (a, b, all, any) => {
    expect([allOf([a, b]), anyOf([a, b])]).toEqual([all, any]);
  });

  test.each<[Truth, Truth, Truth]>([
    ['yes', 'no', 'yes'],
    ['no', 'yes', 'no'],
    ['unknown', 'unknown', 'yes'],
  ])('%s: not is %s, possibly is %s', (a, negated, possible) => {
    expect([not(a), possibly(a)]).toEqual([negated, possible]);
  });

  test('of nothing, all is yes and any is no', () => {
    expect([allOf([]), anyOf([])]).toEqual(['yes', 'no']);
  });
});

describe('the laws', () => {
  test('De Morgan', () => {
    fc.assert(
      fc.property(truths, (list) => {
        expect(not(allOf(list))).toBe(anyOf(list.map(not)));
        expect(not(anyOf(list))).toBe(allOf(list.map(not)));
      }),
    );
  });

  test('the order of operands does not matter', () => {
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(allOf(other)).toBe(allOf(list));
        expect(anyOf(other)).toBe(anyOf(list));
      }),
    );
  });

  test('grouping and repeating do not matter', () => {
    fc.assert(
      fc.property(truths, truths, (left, right) => {
        expect(allOf([allOf(left), allOf(right), allOf(left)])).toBe(allOf([...left, ...right]));
        expect(anyOf([anyOf(left), anyOf(right), anyOf(left)])).toBe(anyOf([...left, ...right]));
      }),
    );
  });

  test('each distributes over the other', () => {
    fc.assert(
      fc.property(truth, truth, truth, (a, b, c) => {
        expect(allOf([a, anyOf([b, c])])).toBe(anyOf([allOf([a, b]), allOf([a, c])]));
        expect(anyOf([a, allOf([b, c])])).toBe(allOf([anyOf([a, b]), anyOf([a, c])]));
      }),
    );
  });

  test('a double negation changes nothing, and possibly is never unknown', () => {
    fc.assert(
      fc.property(truth, (a) => {
        expect(not(not(a))).toBe(a);
        expect(possibly(a)).not.toBe('unknown');
        expect(possibly(possibly(a))).toBe(possibly(a));
      }),
    );
  });

  test('what is settled stays settled whatever the gaps turn out to be', () => {
    fc.assert(
      fc.property(truths, fc.infiniteStream(fc.constantFrom<Truth>('yes', 'no')), (list, answers) => {
        const filled = list.map((one) => (one === 'unknown' ? answers.next().value : one));
        expect(['unknown', allOf(filled)]).toContain(allOf(list));
        expect(['unknown', anyOf(filled)]).toContain(anyOf(list));
      }),
    );
  });
});

describe('nothing is asked for once the matter is settled', () => {
  function* then(first: Truth): Generator<Truth> {
    yield first;
    throw new Error('asked for more');
  }

  test('one no settles all, one yes settles any', () => {
    expect(allOf(then('no'))).toBe('no');
    expect(anyOf(then('yes'))).toBe('yes');
  });

  test.each<Truth>(['yes', 'unknown'])('%s does not settle all', (first) => {
    expect(() => allOf(then(first))).toThrow('asked for more');
  });

  test.each<Truth>(['no', 'unknown'])('%s does not settle any', (first) => {
    expect(() => anyOf(then(first))).toThrow('asked for more');
  });
});
