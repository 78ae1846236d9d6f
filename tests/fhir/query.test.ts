import { expect, test } from '@jest/globals';
import { queryFor } from '../../src/fhir/query.ts';

test('a template without parameters is a read', () => {
  expect(queryFor('Patient/{{context.patientId}}', 'p1')).toEqual({
    path: 'Patient/p1',
    resourceType: 'Patient',
    isSearch: false,
  });
});

test('a template with parameters is a search', () => {
  expect(queryFor('Condition?patient={{context.patientId}}', 'p1')).toEqual({
    path: 'Condition?patient=p1',
    resourceType: 'Condition',
    isSearch: true,
  });
});

test('the patient id is encoded wherever it stands', () => {
  expect(
    queryFor('Observation?patient={{context.patientId}}&subject=Patient/{{context.patientId}}', 'a&b/c').path,
  ).toBe('Observation?patient=a%26b%2Fc&subject=Patient/a%26b%2Fc');
});

test('a dollar sign in the patient id is no replacement pattern', () => {
  expect(queryFor('Patient/{{context.patientId}}', '$&').path).toBe('Patient/%24%26');
});

test('another token is a mistake in the configuration', () => {
  expect(() => queryFor('Practitioner/{{userPractitionerId}}', 'p1')).toThrow('Unsupported token');
});
