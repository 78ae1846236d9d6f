import { describe, expect, test } from '@jest/globals';
import { contextOf } from '../../src/chart/hook-context.ts';
import { cdsServices } from '../../src/services.ts';

const bundle = (id: string) => ({ resourceType: 'Bundle', id });
/** Every member that any hook has. */
const context = {
  userId: 'Practitioner/1',
  patientId: 'p1',
  draftOrders: bundle('drafts'),
  selections: ['MedicationRequest/a', 7, null],
  appointments: bundle('appointments'),
  conditions: bundle('conditions'),
  dispatchedOrders: ['ServiceRequest/b'],
};

const EXPECTED: Readonly<Record<string, unknown>> = {
  'order-select': { drafts: { draftOrders: bundle('drafts'), selections: ['MedicationRequest/a'] } },
  'order-sign': { drafts: { draftOrders: bundle('drafts') } },
  'appointment-book': { appointments: bundle('appointments') },
  'problem-list-item-create': { conditions: bundle('conditions') },
  'order-dispatch': {},
  'patient-view': {},
  'encounter-start': {},
  'encounter-discharge': {},
};

describe('of a hook’s context the chart takes what the hook defines', () => {
  test.each(Object.entries(EXPECTED))('%s', (hook, expected) => {
    expect(contextOf(hook, context)).toEqual(expected);
  });

  test('and every hook of a service has been thought of', () => {
    expect(cdsServices({}).filter(({ hook }) => !(hook in EXPECTED))).toEqual([]);
  });
});

test.each(Object.keys(EXPECTED))('%s without its members has nothing for the chart', (hook) => {
  expect(contextOf(hook, {})).toEqual({});
  expect(contextOf(hook, { draftOrders: 'x', appointments: [], conditions: null })).toEqual({});
});

test.each([undefined, null, 'MedicationRequest/a', {}])('selections that are %p are none', (selections) => {
  expect(contextOf('order-select', { ...context, selections })).toMatchObject({ drafts: { selections: [] } });
});
