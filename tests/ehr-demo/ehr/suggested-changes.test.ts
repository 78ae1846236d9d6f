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
const signed: Resource = { resourceType: 'MedicationRequest', id: 'signed', status: 'active', subject };
const stopped: Resource = { ...signed, id: 'stopped', status: 'stopped' };
const chart = storeOf('p1', [patient, doctor, draft, allergy, signed, stopped]);
const removal = { kind: 'delete', reference: 'MedicationRequest/m1' };

const planned = (...actions: readonly Omit<Action, 'description'>[]) =>
  plannedChanges([{ label: 'one', actions: actions.map((action) => ({ description: 'does it', ...action })) }], chart);
const order = { resourceType: 'ServiceRequest', id: 'the-services-own', status: 'draft', subject };

test('an order is created without the id that the service gave it', () => {
  const { id: _id, ...resource } = order;
  expect(planned({ type: 'create', resource: order })).toEqual({ changes: [{ kind: 'create', resource }] });
});

test('an unsigned order is changed and removed', () => {
  const resource = { ...draft, note: [{ text: 'changed' }] };
  expect(planned({ type: 'update', resource })).toEqual({ changes: [{ kind: 'update', resource }] });
  expect(planned({ type: 'delete', resourceId: 'MedicationRequest/m1' })).toEqual({ changes: [removal] });
});

test('a removal is named in resource by CDS Hooks 1.0', () => {
  expect(planned({ type: 'delete', resource: 'MedicationRequest/m1' })).toEqual({ changes: [removal] });
});

test('two suggestions may remove the same order', () => {
  const twice = { type: 'delete', resourceId: 'MedicationRequest/m1' };
  expect(planned(twice, twice)).toEqual({ changes: [removal, removal] });
});

test('a suggestion without actions changes nothing', () => {
  expect(plannedChanges([{ label: 'understood' }], chart)).toEqual({ changes: [] });
});

describe('nothing at all is done if one action', () => {
  test.each<[string, Omit<Action, 'description'>, reason?: string]>([
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
    ['changes a signed order', { type: 'update', resource: { ...signed, status: 'draft' } }, 'is signed by now'],
    ['removes a signed order', { type: 'delete', resourceId: 'MedicationRequest/signed' }, 'is signed by now'],
    ['removes one that was stopped', { type: 'delete', resourceId: 'MedicationRequest/stopped' }, 'no unsigned order'],
    ['removes what is no order', { type: 'delete', resourceId: 'AllergyIntolerance/al' }, 'no unsigned order'],
    ['does what nobody knows', { type: 'replace', resource: order }],
  ])('%s', (_what, action, reason = '') => {
    expect(planned({ type: 'create', resource: order }, action)).toEqual({ problem: expect.stringContaining(reason) });
  });

  test('updates what another removes', () => {
    expect(
      planned({ type: 'update', resource: draft }, { type: 'delete', resourceId: 'MedicationRequest/m1' }),
    ).toEqual({ problem: expect.any(String) });
  });
});

test('whatever an action holds, nothing but this chart is changed, and nothing that is signed', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const resource = fc.oneof(
    json,
    fc.record(
      {
        resourceType: fc.constantFrom('Patient', 'MedicationRequest', 'Practitioner'),
        id: fc.constantFrom('p1', 'm1', 'signed', 'dr', 'x'),
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
      resourceId: fc.constantFrom(
        'MedicationRequest/m1',
        'MedicationRequest/signed',
        'Patient/p1',
        'Practitioner/dr',
        '',
      ),
    },
    { requiredKeys: ['type', 'description'] },
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 4 }), (actions) => {
      const plan = plannedChanges([{ label: 'any', actions }], chart);
      if ('problem' in plan) return;
      const touched = plan.changes.map((change) =>
        change.kind === 'delete'
          ? change.reference
          : [change.resource['subject'], change.kind === 'update' && change.resource.id],
      );
      const allowed = [removal.reference, [subject, false], [subject, 'm1']];
      for (const one of touched) expect(allowed).toContainEqual(one);
    }),
  );
});
