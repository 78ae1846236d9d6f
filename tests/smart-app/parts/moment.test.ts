import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { momentInWords } from '../../../src/smart-app/parts/moment.ts';

const NOON = new Date('2026-11-22T12:05:59Z');

describe('A moment in words', () => {
  test('is that of the clock beside its distance from UTC, across midnight too', () => {
    expect(momentInWords(NOON, 0)).toBe('2026-11-22 12:05 (UTC)');
    expect(momentInWords(NOON, 60)).toBe('2026-11-22 13:05 (UTC+01:00)');
    expect(momentInWords(NOON, -210)).toBe('2026-11-22 08:35 (UTC-03:30)');
    expect(momentInWords(NOON, 13 * 60)).toBe('2026-11-23 01:05 (UTC+13:00)');
  });

  test('names the same minute, wherever it is read', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-02'), max: new Date('2100-01-01'), noInvalidDate: true }),
        fc.integer({ min: -12 * 60, max: 14 * 60 }),
        (moment, ahead) => {
          const [, day, time, zone] = /^(\S+) (\S+) \(UTC(\S*)\)$/.exec(momentInWords(moment, ahead)) ?? [];
          const back = new Date(`${day}T${time}:00${zone === '' ? 'Z' : zone}`);
          expect(back.getTime()).toBe(Math.floor(moment.getTime() / 60_000) * 60_000);
        },
      ),
    );
  });
});
