import { expect, test } from '@jest/globals';
import { workOn } from '../../../src/ehr-demo/ehr/work.ts';
import { type Resource, storeOf } from '../../../src/ehr-demo/patient-store.ts';

const encounter = (id: string, status: unknown, start?: unknown): Resource => ({
  resourceType: 'Encounter',
  id,
  status,
  ...(start !== undefined && { period: { start } }),
});
const encounterOf = (...encounters: readonly Resource[]) =>
  workOn(storeOf('p1', encounters), { userType: 'Practitioner' }).encounterId;

test.each(['arrived', 'triaged', 'in-progress', 'onleave'])('an encounter that is %s is the one at work', (status) => {
  expect(encounterOf(encounter('a', status), encounter('b', 'finished', '2026-11-20'))).toBe('a');
});

test.each(['planned', 'finished', 'cancelled', 'entered-in-error', 'unknown', undefined, ['in-progress']])(
  'nobody is at work on one that is %s',
  (status) => {
    expect(encounterOf(encounter('a', status, '2026-11-20'))).toBeUndefined();
  },
);

test('of several that which began last is meant, and one that says not when only if it is alone', () => {
  const [old, late] = [
    encounter('old', 'in-progress', '2026-11-01T08:00:00Z'),
    encounter('late', 'in-progress', '2026-11-20'),
  ];
  expect(encounterOf(late, encounter('odd', 'in-progress', 7), old)).toBe('late');
  expect(encounterOf(encounter('odd', 'in-progress', 7))).toBe('odd');
});

test('the user is named by the type that the EHR names users by', () => {
  expect(workOn(storeOf('p1', []), { userType: 'PractitionerRole' }).userId).toBe('PractitionerRole/demo-clinician');
});
