import { expect, test } from '@jest/globals';
import { fhirTable } from '../../bench/fhir-table.ts';

function same(value: number) {
  return { median: value, min: value, max: value };
}

test('a row has the medians, the range of the requests if they differ, and round trips of the given length', () => {
  const kind = { title: 'ASPS, no prefetch', chart: 'asps', sent: 'none', contact: 'known' } as const;
  const cost = {
    kind,
    requests: { median: 17, min: 16, max: 17 },
    fhirBytes: same(50_900),
    bodyBytes: 420,
    milliseconds: same(129.4),
    addedMilliseconds: same(110),
  };
  const [head, , row] = fhirTable([cost], 50).split('\n');
  const cells = (line = '') => line.split('|').map((cell) => cell.trim());
  expect(cells(head)).toEqual([
    '',
    'call',
    'FHIR requests',
    'FHIR KB',
    'body KB',
    'p50 ms',
    'added ms',
    'round trips',
    '',
  ]);
  expect(cells(row)).toEqual(['', 'ASPS, no prefetch', '16–17', '50.9', '0.4', '129', '110', '2.2', '']);
});

test('a difference that rounds to nothing has no sign, and one that does not keeps it', () => {
  const kind = { title: 'full', chart: 'asps', sent: 'full', contact: 'known' } as const;
  const base = { kind, requests: same(0), fhirBytes: same(0), bodyBytes: 0, milliseconds: same(5) };
  const [, , none = '', less = ''] = fhirTable(
    [
      { ...base, addedMilliseconds: same(-0.4) },
      { ...base, addedMilliseconds: same(-5) },
    ],
    50,
  ).split('\n');
  expect(none).toMatch(/ 0 \| +0\.0 \|$/);
  expect(less).toMatch(/ -5 \| +-0\.1 \|$/);
});
