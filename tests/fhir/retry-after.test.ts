import { expect, test } from '@jest/globals';
import { retryAfterMs } from '../../src/fhir/retry-after.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

test.each([
  ['0', 0],
  ['5', 5000],
  [' 120 ', 120_000],
  ['Sun, 22 Nov 2026 12:01:00 GMT', 60_000],
  ['Sunday, 22-Nov-26 12:01:00 GMT', 60_000],
  ['a moment that has passed', 0, 'Sun, 22 Nov 2026 11:59:00 GMT'],
])('%s asks for %i ms', (claim, ms, value = claim) => {
  expect(retryAfterMs(value, NOW)).toBe(ms);
});

test.each([null, '', 'soon', '-5', '1.5', '1e3', '5s', '9'.repeat(400), '2026-11-22', 'Nonsense, GMT', 'Sun, GMT'])(
  'nonsense asks for nothing: %j',
  (value) => {
    expect(retryAfterMs(value, NOW)).toBeUndefined();
  },
);
