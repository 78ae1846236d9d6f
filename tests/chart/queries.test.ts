import { expect, test } from '@jest/globals';
import { chartQueries } from '../../src/chart/queries.ts';
import { RESOURCE_KEYS } from '../../src/chart/reading.ts';
import { terminology } from './builders.ts';

const queries = chartQueries(terminology);

test('there is one for each part of the chart', () => {
  expect(Object.keys(queries).toSorted()).toEqual([...RESOURCE_KEYS].toSorted());
});

// CH-42.
test('each is of the one patient', () => {
  expect(Object.values(queries).filter((query) => query.split('{{context.patientId}}').length !== 2)).toEqual([]);
});

test('no token of the prefetch template is used but the patient', () => {
  expect(Object.values(queries).flatMap((query) => query.match(/\{\{[^}]*\}\}/g) ?? [])).toEqual(
    RESOURCE_KEYS.map(() => '{{context.patientId}}'),
  );
});

test.each([
  ['observationsStaging', ['http://loinc.org|21908-9', 'http://loinc.org|21907-1', 'http://snomed.info/sct|399390009']],
  ['observationsDiseaseStatus', ['http://loinc.org|97509-4']],
  ['observationsBodyWeight', ['http://loinc.org|29463-7']],
] as const)('%s asks by code, since Observation is refused without one', (key, codes) => {
  const asked = /&code=(.+)$/.exec(queries[key])?.[1]?.split(',') ?? [];
  expect(asked).toEqual(expect.arrayContaining([...codes]));
});

// CH-38, CH-51 to CH-54.
test.each(RESOURCE_KEYS.filter((key) => !key.startsWith('observations')))(
  '%s has no parameter that a server may not know',
  (key) => {
    expect(queries[key]).toMatch(/^[A-Z]\w+(?:\/|\?patient=)\{\{context\.patientId\}\}$/);
  },
);
