import { expect, test } from '@jest/globals';
import { noiseResource } from '../../bench/noise.ts';

test('noise is the same each time, about the patient, and every id is fresh', () => {
  const noise = Array.from({ length: 20 }, (_, index) => noiseResource('p1', index));
  expect(noise).toEqual(Array.from({ length: 20 }, (_, index) => noiseResource('p1', index)));
  expect(new Set(noise.map(({ id }) => id)).size).toBe(20);
  expect(noise.every(({ subject }) => (subject as { reference: string }).reference === 'Patient/p1')).toBe(true);
});
