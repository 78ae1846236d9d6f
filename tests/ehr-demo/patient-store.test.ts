import { expect, test } from '@jest/globals';
import { patientStore } from '../../src/ehr-demo/patient-store.ts';

const store = patientStore('p1', {
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient', id: 'p1' } },
    { resource: { resourceType: 'Condition', id: 'c1', subject: { reference: 'urn:uuid:1' } } },
  ],
});

test('references to a fullUrl become Type/id, as after a transaction', () => {
  expect(store.byReference('Condition/c1')).toMatchObject({ subject: { reference: 'Patient/p1' } });
});

test('resources are found by type and by reference', () => {
  expect(store.byType('Condition').map(({ id }) => id)).toEqual(['c1']);
  expect(store.byReference('Condition/none')).toBeUndefined();
});
