import { describe, expect, test } from '@jest/globals';
import { dayOf } from '../../../src/chart/calendar.ts';
import type { JsonObject } from '../../../src/chart/reading.ts';
import { newestRecord } from '../../../src/smart-app/header/newest-record.ts';
import { TODAY } from '../../support/service.ts';

const ORDER = {
  resourceType: 'MedicationRequest',
  id: 'o',
  authoredOn: '2026-11-03',
  medicationCodeableConcept: { text: 'Drug' },
};

describe('The newest record', () => {
  test('is the one of the latest day, by what its type is dated with', () => {
    const visit = { resourceType: 'Encounter', id: 'e', period: { start: '2026-11-02', end: '2027-01-01' } };
    const problem = { resourceType: 'Condition', id: 'c', onsetDateTime: '2025', recordedDate: '2026-11-01' };
    expect(newest(problem, ORDER, visit)).toMatchObject({
      reference: 'MedicationRequest/o',
      kind: 'order',
      text: 'Drug',
      date: { text: '2026-11-03' },
    });
  });

  test('is none that lies ahead, was entered in error or has no date', () => {
    expect(
      newest(
        ORDER,
        { ...ORDER, id: 'later', authoredOn: '2026-11-23' },
        { ...ORDER, id: 'error', authoredOn: '2026-11-10', status: 'entered-in-error' },
        { ...ORDER, id: 'undated', authoredOn: null },
        { resourceType: 'Patient', id: 'p', birthDate: '2026-11-20' },
      )?.reference,
    ).toBe('MedicationRequest/o');
    expect(newest({ ...ORDER, authoredOn: 'soon' })).toBeUndefined();
  });

  test('is no refuted problem', () => {
    const verificationStatus = { coding: [{ code: 'refuted' }] };
    expect(
      newest({ resourceType: 'Condition', id: 'c', recordedDate: '2026-11-01', verificationStatus }),
    ).toBeUndefined();
  });
});

function newest(...resources: readonly JsonObject[]) {
  return newestRecord(new Map([['conditions', { state: 'complete', resources }]]), dayOf(TODAY));
}
