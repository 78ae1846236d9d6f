import { expect, test } from '@jest/globals';
import { discovery } from '../../src/cds-hooks/discovery.ts';
import { discoveryProblems } from '../support/schemas/cds-hooks-discovery.ts';
import { services } from './examples.ts';

test('every service is listed, in the order given (CH-02, CH-05 to CH-09)', () => {
  const [first, second] = [services['order-sign'], services['patient-view']];
  expect(discovery([first, second])).toEqual({ services: [first, second] });
});

test('with nothing to offer there is still a list (CH-04)', () => {
  expect(discovery([])).toEqual({ services: [] });
  expect(discoveryProblems(discovery([]))).toEqual([]);
});

test('nothing empty is listed (CH-09, CH-20)', () => {
  const bare = { ...services['patient-view'], prefetch: {}, usageRequirements: '' };
  const { prefetch: _prefetch, ...rest } = services['patient-view'];
  expect(discovery([bare])).toEqual({ services: [rest] });
});

test('what is listed is valid', () => {
  const service = { ...services['patient-view'], usageRequirements: 'FHIR R4' };
  expect(discoveryProblems(discovery([service, { ...service, prefetch: {} }]))).toEqual([]);
});

test.each<[string, unknown]>([
  ['null', { services: null }],
  ['an empty prefetch', { services: [{ ...services['patient-view'], prefetch: {} }] }],
  ['an absolute template', { services: [{ ...services['patient-view'], prefetch: { a: 'https://x/Patient' } }] }],
  ['a leading slash', { services: [{ ...services['patient-view'], prefetch: { a: '/Patient' } }] }],
  ['an unknown member', { services: [{ ...services['patient-view'], name: 'x' }] }],
  ['a blank title', { services: [{ ...services['patient-view'], title: ' ' }] }],
])('the schema refuses %s', (_what, document) => {
  expect(discoveryProblems(document)).not.toEqual([]);
});
