import { expect, test } from '@jest/globals';
import { courseOf } from '../../src/chart/course.ts';

test('a period is a course, each end as far as it is given', () => {
  expect(courseOf({ performedPeriod: { start: '2026-09-21', end: '2026-11' } })).toMatchObject({
    begin: { text: '2026-09-21' },
    end: { text: '2026-11' },
  });
  expect(courseOf({ performedPeriod: { start: '2026-09-21' } })).toMatchObject({ end: undefined });
  expect(courseOf({ effectivePeriod: { end: '2026-09-21' } })).toMatchObject({ begin: undefined });
});

test.each([
  ['a day', { performedDateTime: '2026-09-21' }],
  ['a year, which is one day that is not known', { performedDateTime: '2026' }],
  ['a period within a day', { performedPeriod: { start: '2026-09-21T08:00:00Z', end: '2026-09-21T09:00:00Z' } }],
  ['no date', {}],
  ['a period without dates', { performedPeriod: { start: 'soon', end: 7 } }],
  ['no period', { performedPeriod: ['2026'] }],
])('is none: %s', (_claim, resource) => {
  expect(courseOf(resource)).toBeUndefined();
});
