import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readAppointments } from '../../src/chart/appointments.ts';
import { buildChart, type Chart, diagnoseFrom } from '../../src/chart/chart.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { guideline, TODAY } from '../support/service.ts';
import { asps, coded, complete, LOINC, terminology } from './builders.ts';

const own = { participant: [{ actor: { reference: 'Patient/p1' } }, { actor: { reference: 'Practitioner/1' } }] };
const visit = (more: JsonObject): JsonObject => ({
  resourceType: 'Appointment',
  id: 'a1',
  status: 'proposed',
  ...own,
  ...more,
});
const bundleOf = (...resources: readonly unknown[]): JsonObject => ({
  resourceType: 'Bundle',
  entry: resources.map((resource) => ({ resource })),
});

function booking(...appointments: readonly unknown[]): Chart {
  const readings = complete({ conditions: [asps()] });
  const context = { appointments: bundleOf(...appointments) };
  return buildChart('p1', diagnoseFrom(readings, terminology), readings, context, guideline, TODAY);
}

const ordered = (...appointments: readonly unknown[]) => {
  const { brainMri, chestCt } = booking(...appointments);
  return [
    ...(brainMri.ordered.state === 'yes' ? ['brain'] : []),
    ...(chestCt.ordered.state === 'yes' ? ['chest'] : []),
  ];
};

describe('a visit that is being booked counts as ordered (rule 6)', () => {
  test.each<[string, JsonObject, readonly string[]]>([
    ['by its service type in words', { serviceType: [{ text: 'MRI brain' }] }, ['brain']],
    ['by its code', { serviceType: [coded(LOINC, '24590-2')] }, ['brain']],
    ['by its category', { serviceCategory: [{ text: 'CT of the chest' }] }, ['chest']],
    ['by its description', { description: 'CT chest without contrast' }, ['chest']],
    ['by its reason', { reasonCode: [{ text: 'Sarcoma' }, { text: 'Brain MRI' }] }, ['brain']],
    ['two scans', { serviceType: [{ text: 'MRI brain; CT chest' }] }, ['brain', 'chest']],
    ['a follow-up scan', { description: 'Follow-up CT chest' }, ['chest']],
    ['a visit, and nothing else', { serviceType: [{ text: 'Follow-up visit' }] }, []],
    ['the type and the reason apart', { serviceType: [{ text: 'MRI' }], reasonCode: [{ text: 'Head injury' }] }, []],
    ['a talk about a result', { description: 'Review of CT chest' }, []],
    ['a visit for a finding', { reasonCode: [{ text: 'Lesion seen on MRI brain' }] }, []],
    ['a visit to follow a scan up', { reasonCode: [{ text: 'Follow-up of recent CT chest' }] }, []],
    ['a scan that is not wanted', { description: 'MRI brain declined' }, []],
  ])('%s', (_claim, more, expected) => {
    expect(ordered(visit(more))).toEqual(expected);
  });

  test.each([
    ...['proposed', 'pending', 'booked', 'arrived', 'waitlist', undefined, 7].map((status) => [status, 1] as const),
    ...['cancelled', 'noshow', 'fulfilled', 'entered-in-error'].map((status) => [status, 0] as const),
  ])('with status %j: %j', (status, count) => {
    expect(ordered(visit({ status, description: 'MRI brain' }))).toHaveLength(count);
  });

  test('it is named as an appointment, with its day', () => {
    const [record] = booking(visit({ description: 'MRI brain', start: '2026-12-01T09:00:00Z' })).brainMri.ordered
      .evidence;
    expect(record).toMatchObject({ reference: 'Appointment/a1', kind: 'appointment', text: 'MRI brain' });
    expect(record?.date?.text).toBe('2026-12-01');
    const [wanted] = booking(visit({ description: 'MRI brain', requestedPeriod: [{ start: '2026-12' }] })).services;
    expect(wanted?.date?.text).toBe('2026-12');
  });

  test('nothing is being ordered: there are no drafts', () => {
    expect(booking(visit({ description: 'MRI brain' })).drafts).toBeUndefined();
  });

  test('what is done stays open', () => {
    expect(booking(visit({ description: 'MRI brain' })).brainMri.done.state).toBe('no');
  });
});

describe("another patient's visit", () => {
  const elsewhere = { actor: { reference: 'Patient/p2' } };

  test.each<[string, JsonObject, number]>([
    ['is left out and counted', { participant: [elsewhere] }, 1],
    [
      'named by an absolute reference',
      { participant: [{ actor: { reference: 'https://x.example/r4/Patient/p2' } }] },
      1,
    ],
    ['named by type', { participant: [{ actor: { type: 'Patient', reference: 'p2' } }] }, 1],
    ['with this patient beside the other', { participant: [elsewhere, ...own.participant] }, 0],
    ['without participants nobody is named', { participant: undefined }, 0],
    ['a practitioner is no patient', { participant: [{ actor: { reference: 'Practitioner/p2' } }] }, 0],
    ['a urn says nothing', { participant: [{ actor: { type: 'Patient', reference: 'urn:uuid:1' } }] }, 0],
  ])('%s', (_claim, more, skipped) => {
    const chart = booking(visit({ description: 'MRI brain', ...more }));
    expect([chart.skipped, chart.services.length]).toEqual([skipped, 1 - skipped]);
  });
});

test('whatever stands in a context, it is read without a throw', () => {
  const member = fc.constantFrom(
    'status',
    'participant',
    'serviceType',
    'reasonCode',
    'description',
    'requestedPeriod',
  );
  const odd = fc.dictionary(member, fc.jsonValue()).map((members) => ({ resourceType: 'Appointment', ...members }));
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.jsonValue(), odd)), fc.jsonValue(), (resources, entry) => {
      expect(booking(...resources)).toBeDefined();
      expect(readAppointments({ entry }, 'p1')).toBeDefined();
    }),
    { numRuns: 300 },
  );
});
