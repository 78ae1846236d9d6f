import { describe, expect, test } from '@jest/globals';
import {
  byMeasure,
  capitalised,
  countText,
  flagsOf,
  intervalText,
  percentText,
  populationText,
  shareText,
  sizeText,
  spanText,
} from '../../../src/smart-app/evidence/figure-words.ts';

describe('a share is told', () => {
  test.each([
    ['as its percentage', { percent: 37.8, count: 14 }, 37, '37.8\u00a0%'],
    ['as about its percentage where the source says so', { percent: 87, about: true }, undefined, 'about 87\u00a0%'],
    ['as a range', { percentRange: [20, 46] }, undefined, '20–46\u00a0%'],
    ['as a count where no percentage was published', { count: 6 }, 11, '6 of 11'],
    ['as patients where nobody knows of how many', { count: 7 }, undefined, '7 patients'],
    ['as missing where there is none', {}, 5, 'no figure given'],
  ] as const)('%s', (_how, share, n, words) => {
    expect(shareText(share, n)).toBe(words);
  });

  test('as 0 % and 0 of 5, not as nothing', () => {
    expect(shareText({ percent: 0 }, 5)).toBe('0\u00a0%');
    expect(shareText({ count: 0 }, 5)).toBe('0 of 5');
    expect(countText({ n: 5 }, 0)).toBe('0 of 5');
  });
});

test('a number that is not known is said not to be, with the reason', () => {
  expect(sizeText({ withoutN: 'Several series together' })).toBe('n not known. Several series together');
  expect(countText({ withoutN: 'Several series together' }, 3)).toBe('n not known. Several series together');
  expect(countText({ n: 68 }, undefined)).toBe('n = 68');
});

test('an interval is published or said not to be', () => {
  expect(intervalText([13, 39])).toBe('13–39');
  expect(intervalText(undefined)).toBe('none published');
});

test('a negative number has a true minus, and no dash beside it', () => {
  expect(percentText(-8.3)).toBe('−8.3\u00a0%');
  expect(spanText([-100, -36.6])).toBe('−100 to −36.6');
});

test('a population is told as far as it was recorded', () => {
  expect(populationText({ who: 'ASPS', country: 'China' })).toBe('ASPS; China');
});

test('what qualifies a figure is said, and what is verified in ASPS needs no word', () => {
  expect(flagsOf({ status: 'verified' })).toEqual([]);
  expect(flagsOf({ status: 'unverified', notAsps: 'Sarcoma' })).toEqual(['unverified', 'not ASPS: Sarcoma']);
});

test('figures of one measure stand together, none lost, in the order in which the measures first come', () => {
  const figures = ['b', 'a', 'b', 'c', 'a'].map((measure, at) => ({ measure, at }));
  expect(byMeasure(figures).map(({ measure, at }) => `${measure}${at}`)).toEqual(['b0', 'b2', 'a1', 'a4', 'c3']);
  expect(capitalised('progression-free')).toBe('Progression-free');
});
