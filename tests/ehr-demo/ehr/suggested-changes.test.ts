import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Action } from '../../../src/ehr-demo/card-text.ts';
import { plannedChanges } from '../../../src/ehr-demo/ehr/suggested-changes.ts';
import { type Resource, storeOf } from '../../../src/ehr-demo/patient-store.ts';

const subject = { reference: 'Patient/p1' };
const patient: Resource = { resourceType: 'Patient', id: 'p1' };
const doctor: Resource = { resourceType: 'Practitioner', id: 'dr' };
const draft: Resource = { resourceType: 'MedicationRequest', id: 'm1', status: 'draft', subject };
const allergy: Resource = { resourceType: 'AllergyIntolerance', id: 'al', patient: subject };
const chart = storeOf('p1', [patient, doctor, draft, allergy]);

const planned = (...actions: readonly Omit<Action, 'description'>[]) =>
  plannedChanges([{ label: 'one', actions: actions.map((action) => ({ description: 'does it', ...action })) }], chart);
const order = { resourceType: 'ServiceRequest', id: 'the-services-own', status: 'draft', subject };

test('an order is created without the id that the service gave it', () => {
  const { id: _id, ...resource } = order;
  expect(planned({ type: 'create', resource: order })).toEqual({ changes: [{ kind: 'create', resource }] });
});

test('an update and a removal know what stood there', () => {
  expect(planned({ type: 'update', resource: { ...draft, status: 'cancelled' } })).toEqual({
    changes: [{ kind: 'update', resource: { ...draft, status: 'cancelled' }, before: draft }],
  });
  expect(planned({ type: 'delete', resourceId: 'MedicationRequest/m1' })).toEqual({
    changes: [{ kind: 'delete', before: draft }],
  });
});

test('a removal is named in resource by CDS Hooks 1.0', () => {
  expect(planned({ type: 'delete', resource: 'MedicationRequest/m1' })).toEqual({
    changes: [{ kind: 'delete', before: draft }],
  });
});

test('what belongs to the patient by another name is theirs as well', () => {
  expect(planned({ type: 'delete', resourceId: 'AllergyIntolerance/al' })).toEqual({
    changes: [{ kind: 'delete', before: allergy }],
  });
});

test('two suggestions that remove the same order remove it once', () => {
  const removal = { type: 'delete', resourceId: 'MedicationRequest/m1' };
  expect(planned(removal, removal)).toEqual({ changes: [{ kind: 'delete', before: draft }] });
});

test('a suggestion without actions changes nothing', () => {
  expect(plannedChanges([{ label: 'understood' }], chart)).toEqual({ changes: [] });
});

describe('nothing at all is done if one action', () => {
  test.each<[string, Omit<Action, 'description'>]>([
    [
      'creates an order for another patient',
      { type: 'create', resource: { ...order, subject: { reference: 'Patient/p2' } } },
    ],
    ['creates an order for nobody', { type: 'create', resource: { resourceType: 'ServiceRequest' } }],
    [
      'creates what is of two patients',
      { type: 'create', resource: { ...order, patient: { reference: 'Patient/p2' } } },
    ],
    ['creates something of no type', { type: 'create', resource: { subject } }],
    ['creates a text', { type: 'create', resource: 'MedicationRequest/m1' }],
    ['creates nothing', { type: 'create' }],
    ['creates a list', { type: 'create', resource: [order] }],
    [
      'moves an order to another patient',
      { type: 'update', resource: { ...draft, subject: { reference: 'Patient/p2' } } },
    ],
    ['updates what is not on file', { type: 'update', resource: { ...draft, id: 'm2' } }],
    ['updates what has no id', { type: 'update', resource: { ...draft, id: undefined } }],
    ['updates the patient', { type: 'update', resource: { ...patient, subject } }],
    ['removes the patient', { type: 'delete', resourceId: 'Patient/p1' }],
    ['removes what the chart only refers to', { type: 'delete', resourceId: 'Practitioner/dr' }],
    ['removes what is not on file', { type: 'delete', resourceId: 'MedicationRequest/m2' }],
    ['removes nothing', { type: 'delete' }],
    ['removes what stands on Object', { type: 'delete', resourceId: '__proto__' }],
    ['does what nobody knows', { type: 'replace', resource: order }],
  ])('%s', (_what, action) => {
    expect(planned({ type: 'create', resource: order }, action)).toEqual({ problem: expect.any(String) });
  });

  test('updates what another removes', () => {
    expect(
      planned({ type: 'update', resource: draft }, { type: 'delete', resourceId: 'MedicationRequest/m1' }),
    ).toEqual({ problem: expect.any(String) });
  });
});

test('whatever an action holds, nothing but this chart is changed', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const resource = fc.oneof(
    json,
    fc.record(
      {
        resourceType: fc.constantFrom('Patient', 'MedicationRequest', 'Practitioner'),
        id: fc.constantFrom('p1', 'm1', 'dr', 'x'),
        subject: fc.oneof(json, fc.constantFrom(subject, { reference: 'Patient/p2' })),
      },
      { requiredKeys: [] },
    ),
  );
  const action = fc.record(
    {
      type: fc.constantFrom('create', 'update', 'delete', ''),
      description: fc.constant(''),
      resource,
      resourceId: fc.constantFrom('MedicationRequest/m1', 'Patient/p1', 'Practitioner/dr', ''),
    },
    { requiredKeys: ['type', 'description'] },
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 4 }), (actions) => {
      const plan = plannedChanges([{ label: 'any', actions }], chart);
      if ('problem' in plan) return;
      for (const change of plan.changes) {
        const touched = change.kind === 'delete' ? change.before : change.resource;
        expect(touched['subject']).toEqual(subject);
      }
    }),
  );
});
