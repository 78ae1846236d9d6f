import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { dayOf, readDate, readPeriod, UNDATED, yearsSince } from '../../src/chart/calendar.ts';

const day = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
const days = (start: string, end = start) => ({ start: day(start), end: day(end) });
const birth = (date: string) => readDate(date) ?? UNDATED;

describe('a date is the days it may mean', () => {
  test.each([
    ['a year is 1 January to 31 December', '2024', days('2024-01-01', '2024-12-31')],
    ['a month is its first to its last day', '2026-04', days('2026-04-01', '2026-04-30')],
    ['February of a leap year has 29 days', '2024-02', days('2024-02-01', '2024-02-29')],
    ['February of another year has 28', '2026-02', days('2026-02-01', '2026-02-28')],
    ['1900 was no leap year', '1900-02', days('1900-02-01', '1900-02-28')],
    ['2000 was one', '2000-02', days('2000-02-01', '2000-02-29')],
    ['December ends with the year', '2025-12', days('2025-12-01', '2025-12-31')],
    ['a day is itself', '2026-11-22', days('2026-11-22')],
    ['an instant counts by its day', '2026-11-22T10:00:00Z', days('2026-11-22')],
    ['a local time counts by the day as written', '2026-11-22T23:30:00-08:00', days('2026-11-22')],
    ['so it does to the east', '2026-11-22T00:30:00+13:00', days('2026-11-22')],
    ['a dateTime without a zone, as some EHRs send it', '2026-11-22T10:00:00', days('2026-11-22')],
    ['a day before 1970', '1969-12-31', days('1969-12-31')],
  ])('%s', (_claim, text, expected) => {
    expect(readDate(text)).toMatchObject(expected);
  });

  test('it keeps the words of the chart, without the time', () => {
    expect(readDate('2024')?.text).toBe('2024');
    expect(readDate('2026-11-22T10:00:00Z')?.text).toBe('2026-11-22');
  });

  test.each([
    '2026-13',
    '2026-00',
    '2026-02-29',
    '2026-04-31',
    '2026-01-00',
    '26-01-01',
    '2026-1-1',
    '2026/01/01',
    '22.11.2026',
    ' 2026',
    '2026-11-22 10:00',
    'last spring',
    '',
    undefined,
    null,
    2026,
    ['2026'],
    { start: '2026' },
  ])('%p is no date', (value) => {
    expect(readDate(value)).toBeUndefined();
  });

  test('every day is where the calendar has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: day('1600-01-01'), max: day('2400-01-01') }), (number) => {
        const iso = new Date(number * 86_400_000).toISOString().slice(0, 10);
        expect(readDate(iso)).toEqual({ start: number, end: number, text: iso });
      }),
    );
  });

  test('a partial date holds every day that begins with it', () => {
    fc.assert(
      fc.property(fc.integer({ min: day('1900-01-01'), max: day('2100-01-01') }), (number) => {
        const iso = new Date(number * 86_400_000).toISOString();
        for (const partial of [readDate(iso.slice(0, 4)), readDate(iso.slice(0, 7))]) {
          expect(partial?.start).toBeLessThanOrEqual(number);
          expect(partial?.end).toBeGreaterThanOrEqual(number);
        }
      }),
    );
  });

  test('whatever stands there, it is a date or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue()), (value) => {
        const read = readDate(value);
        expect(read === undefined || read.start <= read.end).toBe(true);
      }),
    );
  });
});

describe('a period', () => {
  test.each([
    ['from its first to its last day', { start: '2025', end: '2026-03' }, days('2025-01-01', '2026-03-31')],
    ['is open if it has no end', { start: '2025-03-01' }, { start: day('2025-03-01'), end: Infinity }],
    ['is open if it has no start', { end: '2025-03-01' }, { start: -Infinity, end: day('2025-03-01') }],
    [
      'an end that is no date is none',
      { start: '2025-03-01', end: 'now' },
      { start: day('2025-03-01'), end: Infinity },
    ],
  ])('%s', (_claim, period, expected) => {
    expect(readPeriod(period)).toMatchObject(expected);
  });

  test.each([{}, { start: 'x' }, null, undefined, [], '2025', 7])('%p is none', (value) => {
    expect(readPeriod(value)).toBeUndefined();
  });
});

describe('years since a birth date', () => {
  test.each([
    ['the birthday counts', '2008-11-22', '2026-11-22', 18, 18],
    ['the day before it does not', '2008-11-23', '2026-11-22', 17, 17],
    ['born on 29 February, 18 is not yet reached on 28 February', '2008-02-29', '2026-02-28', 17, 17],
    ['it is on 1 March', '2008-02-29', '2026-03-01', 18, 18],
    ['and on the day itself in a leap year', '2004-02-29', '2024-02-29', 20, 20],
    ['a year leaves two ages', '2008', '2026-11-22', 17, 18],
    ['except on the last day of the year', '2008', '2026-12-31', 18, 18],
    ['a month leaves two within that month', '2008-11', '2026-11-22', 17, 18],
    ['and one outside of it', '2008-10', '2026-11-22', 18, 18],
  ])('%s', (_claim, born, today, least, most) => {
    expect(yearsSince(birth(born), day(today))).toEqual({ least, most });
  });
});

test.each([
  ['the last millisecond of a UTC day', '2026-11-22T23:59:59.999Z', '2026-11-22'],
  ['the first of the next', '2026-11-23T00:00:00.000Z', '2026-11-23'],
  ['an evening in New York is the next day in UTC', '2026-11-22T20:00:00-05:00', '2026-11-23'],
  ['a morning in Auckland is the day before', '2026-11-22T08:00:00+13:00', '2026-11-21'],
  ['before 1970', '1969-12-31T23:00:00Z', '1969-12-31'],
])('today is the date in UTC: %s', (_claim, instant, expected) => {
  expect(dayOf(new Date(instant))).toBe(day(expected));
});
