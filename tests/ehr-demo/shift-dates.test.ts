import { expect, test } from '@jest/globals';
import { daysBetween, shiftDates } from '../../src/ehr-demo/shift-dates.ts';

test.each([
  ['2026-11-20', '2027-01-02'],
  ['2024-02-28', '2024-04-11'],
  ['2026-11-20T08:30:00Z', '2027-01-02T08:30:00Z'],
  ['2026-11-20T23:30:00.123+13:00', '2027-01-02T23:30:00.123+13:00'],
])('%s becomes %s, 43 days on', (before, after) => {
  expect(shiftDates({ nested: [{ date: before }] }, 43)).toEqual({ nested: [{ date: after }] });
});

test.each(['2026', '2026-11', 'order-2026-11-20', 'since 2026-11-20', '2026-99-99', 7, true])(
  '%j is no full date and stays',
  (value) => {
    expect(shiftDates(value, 43)).toBe(value);
  },
);

test('days are calendar days in UTC, in every time zone', () => {
  expect(daysBetween(new Date('2026-11-22'), new Date('2026-11-22T23:59:59Z'))).toBe(0);
  expect(daysBetween(new Date('2026-11-22'), new Date('2026-11-21T23:59:59Z'))).toBe(-1);
});
