import { expect, test } from '@jest/globals';
import { discovery } from '../../src/cds-hooks/discovery.ts';
import { clientProfile } from '../../src/cds-hooks/profile.ts';
import { discovery10Problems, discoveryProblems } from '../support/schemas/cds-hooks-discovery.ts';
import { services } from './examples.ts';

const version = '2.0.1';
const [signing, viewing] = [services['order-sign'], services['patient-view']];

test('every service is listed, in the order given (CH-02, CH-05 to CH-09)', () => {
  expect(discovery([signing, viewing])).toEqual({
    services: [
      { ...signing, version },
      { ...viewing, version },
    ],
  });
});

test('with nothing to offer there is still a list (CH-03, CH-04)', () => {
  expect(discovery([])).toEqual({ services: [] });
  expect(discoveryProblems(discovery([]))).toEqual([]);
});

test('nothing empty is listed (CH-09, CH-20)', () => {
  const bare = { ...viewing, prefetch: {}, usageRequirements: '' };
  const { prefetch: _prefetch, ...rest } = viewing;
  expect(discovery([bare])).toEqual({ services: [{ ...rest, version }] });
});

test('templates stay in their order (CH-60)', () => {
  const prefetch = { z: 'Patient/{{context.patientId}}', a: 'Condition?patient={{context.patientId}}' };
  const [listed] = discovery([{ ...viewing, prefetch }]).services;
  expect(Object.keys(listed?.prefetch ?? {})).toEqual(['z', 'a']);
});

test('what is listed is valid', () => {
  const service = { ...viewing, usageRequirements: 'FHIR R4' };
  expect(discoveryProblems(discovery([service, { ...service, prefetch: {} }]))).toEqual([]);
});

test('every service says which specification it implements, and which version of its hook (CH-11, CH-12)', () => {
  expect(discovery([{ ...signing, hookVersion: '1.1' }]).services).toMatchObject([
    { version: '2.0.1', hookVersion: '1.1' },
  ]);
});

const documented = { ...signing, usageRequirements: 'FHIR R4' };

test.each(['cds-hooks-1.0', 'oracle-health'] as const)('%s is told what 1.0 names (CH-05 to CH-09)', (id) => {
  const document = discovery([documented], clientProfile(id));
  const { hookVersion: _version, ...of1 } = signing;
  expect(document).toEqual({ services: [of1] });
  expect(discovery10Problems(document)).toEqual([]);
});

test.each(['default', 'epic', 'sandbox'] as const)('%s is told the rest too (CH-10 to CH-12)', (id) => {
  const document = discovery([documented], clientProfile(id));
  expect(document).toEqual({ services: [{ ...documented, version }] });
  expect(discoveryProblems(document)).toEqual([]);
});

test.each<[string, unknown]>([
  ['null', { services: null }],
  ['an empty prefetch', { services: [{ ...viewing, prefetch: {} }] }],
  ['an absolute template (CH-43)', { services: [{ ...viewing, prefetch: { a: 'https://x/Patient' } }] }],
  ['a leading slash (CH-43)', { services: [{ ...viewing, prefetch: { a: '/Patient' } }] }],
  ['an unknown member', { services: [{ ...viewing, name: 'x' }] }],
  ['a blank title', { services: [{ ...viewing, title: ' ' }] }],
  ['a version by name', { services: [{ ...viewing, version: 'STU2' }] }],
])('the schema refuses %s', (_what, document) => {
  expect(discoveryProblems(document)).not.toEqual([]);
});

test.each(['usageRequirements', 'version', 'hookVersion'])('the schema of 1.0 refuses %s', (member) => {
  const { hookVersion: _version, ...of1 } = viewing;
  expect(discovery10Problems({ services: [of1] })).toEqual([]);
  expect(discovery10Problems({ services: [{ ...of1, [member]: '2.0.1' }] })).not.toEqual([]);
});
