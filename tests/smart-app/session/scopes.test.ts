import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readAccess } from '../../../src/cds-hooks/smart-scopes.ts';
import { chartQueries } from '../../../src/chart/queries.ts';
import { RESOURCE_KEYS } from '../../../src/chart/reading.ts';
import { READ_TYPES, scopeFor, scopeVersion } from '../../../src/smart-app/session/scopes.ts';
import { guideline } from '../../support/service.ts';

const queries = chartQueries(guideline.terminology);
/** `Condition?patient=…` and `Patient/…`: what the chart is read by. */
const TYPES = RESOURCE_KEYS.map((key) => queries[key].split(/[?/]/)[0] ?? '');

describe.each([1, 2] as const)('the scopes of version %i', (version) => {
  test.each(TYPES)('let the app read and search %s', (type) => {
    const scope = scopeFor({ isEhrLaunch: true, version });
    expect(readAccess(scope, type, 'read')).toBe('granted');
    expect(readAccess(scope, type, 'search')).toBe('granted');
  });

  test('are for one patient, ask for no writing, and name no type that the chart is not read by', () => {
    const scopes = scopeFor({ isEhrLaunch: false, version }).split(' ');
    const resources = scopes.filter((scope) => /\..+$/.test(scope));
    expect(
      resources.every((scope) => (version === 2 ? /^patient\/\w+\.rs$/ : /^patient\/\w+\.read$/).test(scope)),
    ).toBe(true);
    // Medications are read where orders refer to them.
    expect([...READ_TYPES]).toEqual([...new Set([...TYPES, 'Medication'])].toSorted());
  });
});

test.each([
  [true, 'launch'],
  [false, 'launch/patient'],
])('launched from a chart: %p, the patient comes by the scope %s', (isEhrLaunch, context) => {
  const scopes = scopeFor({ isEhrLaunch, version: 2 }).split(' ');
  expect(scopes.slice(0, 3)).toEqual([context, 'openid', 'fhirUser']);
  expect(scopes.filter((scope) => scope.startsWith('launch'))).toEqual([context]);
});

test.each([
  [{ capabilities: ['launch-ehr', 'permission-v2'] }, 2],
  [{ capabilities: ['launch-ehr', 'permission-v1'] }, 1],
  [{ capabilities: 'permission-v2' }, 1],
  [{}, 1],
  [undefined, 1],
])('a server that says %j is asked in version %i', (configuration, version) => {
  expect(scopeVersion(configuration)).toBe(version);
});

test('whatever a server says, it is asked in one of both', () => {
  const capabilities = fc.record({ capabilities: fc.anything() });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), capabilities), (configuration) => {
      expect([1, 2]).toContain(scopeVersion(configuration));
    }),
  );
});
