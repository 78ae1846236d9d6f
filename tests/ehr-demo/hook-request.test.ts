import { describe, expect, test } from '@jest/globals';
import { parseHookRequest } from '../../src/cds-hooks/request.ts';
import { chartQueries } from '../../src/chart/queries.ts';
import { buildHookRequest, FIXTURE_DATE, type HookEvent, serviceForHook } from '../../src/ehr-demo/hook-request.ts';
import { type Bundle, patientStore } from '../../src/ehr-demo/patient-store.ts';
import { cdsServices } from '../../src/services.ts';
import { guideline } from '../support/service.ts';

const patient = patientStore('p1', {
  resourceType: 'Bundle',
  entry: [
    { resource: { resourceType: 'Patient', id: 'p1', birthDate: '1990-05-05' } },
    {
      resource: {
        resourceType: 'Condition',
        id: 'asps',
        subject: { reference: 'Patient/p1' },
        onsetDateTime: '2026-11-01',
        recordedDate: '2026',
      },
    },
    { resource: { resourceType: 'ServiceRequest', id: 'mri', status: 'active' } },
  ],
});
const draft: Bundle = {
  resourceType: 'Bundle',
  entry: [
    { resource: { resourceType: 'MedicationRequest', id: 'a', authoredOn: '2026-11-22' } },
    { resource: { resourceType: 'ServiceRequest', id: 'b' } },
  ],
};

function request(event: Partial<HookEvent> & { readonly hook: string }) {
  const service = {
    id: 'asps',
    hook: event.hook,
    prefetch: { patient: 'Patient/{{context.patientId}}', conditions: 'Condition?patient={{context.patientId}}' },
  };
  return buildHookRequest({ patient, ...event }, service);
}

test('a call carries the hook, a fresh UUID, the context and the prefetch, and no FHIR server', () => {
  const [call, another] = [request({ hook: 'patient-view' }), request({ hook: 'patient-view' })];
  expect(call).toMatchObject({
    hook: 'patient-view',
    context: { userId: 'Practitioner/demo-clinician', patientId: 'p1', encounterId: 'demo-encounter' },
    prefetch: { patient: { id: 'p1' }, conditions: { total: 1 } },
  });
  expect(call.hookInstance).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(another.hookInstance).not.toBe(call.hookInstance);
  expect(Object.keys(call).toSorted()).toEqual(['context', 'hook', 'hookInstance', 'prefetch']);
});

test('omitted keys are left out of the prefetch', () => {
  expect(Object.keys(request({ hook: 'patient-view', omit: ['conditions'] }).prefetch ?? {})).toEqual(['patient']);
});

test('a service without prefetch gets none', () => {
  const call = buildHookRequest({ patient, hook: 'patient-view' }, { id: 'asps', hook: 'patient-view' });
  expect(call).not.toHaveProperty('prefetch');
});

test('the chart and the drafts move to today, partial dates stay', () => {
  const call = request({ hook: 'order-sign', draft, asOf: new Date('2026-12-02T18:00:00Z') });
  expect(call.context).toMatchObject({ draftOrders: { entry: [{ resource: { authoredOn: '2026-12-02' } }, {}] } });
  expect(call.prefetch).toMatchObject({
    patient: { birthDate: '1990-05-15' },
    conditions: { entry: [{ resource: { onsetDateTime: '2026-11-11', recordedDate: '2026' } }] },
  });
});

test('unless a day is given, it is the day the stories are told', () => {
  const told = request({ hook: 'patient-view', asOf: new Date(FIXTURE_DATE) });
  expect(request({ hook: 'patient-view' }).prefetch).toEqual(told.prefetch);
});

describe('the context each hook requires', () => {
  test.each([
    ['order-select', { draft, selections: ['MedicationRequest/a'] }, { selections: ['MedicationRequest/a'] }],
    ['order-sign', { draft }, { draftOrders: { resourceType: 'Bundle', type: 'collection' } }],
    ['order-dispatch', {}, { dispatchedOrders: ['ServiceRequest/mri'], performer: 'Organization/demo-performer' }],
    ['problem-list-item-create', {}, { conditions: { entry: [{ resource: { id: 'asps' } }] } }],
    ['appointment-book', {}, { appointments: { entry: [{ resource: { status: 'proposed' } }] } }],
    [
      'appointment-book',
      { draft },
      { appointments: { entry: [{ resource: { id: 'a' } }, { resource: { id: 'b' } }] } },
    ],
    ['encounter-start', {}, { encounterId: 'demo-encounter' }],
    ['encounter-discharge', {}, { encounterId: 'demo-encounter' }],
  ])('%s with %j', (hook, event, context) => {
    expect(request({ hook, ...event }).context).toMatchObject(context);
  });

  test('order-select has selections only when told, order-sign never, and order-dispatch no user', () => {
    expect(request({ hook: 'order-select', draft }).context).not.toHaveProperty('selections');
    expect(request({ hook: 'order-sign', draft }).context).not.toHaveProperty('selections');
    expect(request({ hook: 'order-dispatch' }).context).not.toHaveProperty('userId');
  });
});

test('the problem just added is the one recorded last', () => {
  const problems = [
    { id: 'old', recordedDate: '2020-01-01' },
    { id: 'new', recordedDate: '2026-11-20T08:00:00Z' },
    { id: 'undated' },
    { id: 'onset', onsetDateTime: '2024' },
  ].map((problem) => ({ resource: { resourceType: 'Condition', ...problem } }));
  const chart = patientStore('p1', { resourceType: 'Bundle', entry: problems });
  const { context } = request({ hook: 'problem-list-item-create', patient: chart });
  expect(context['conditions']).toMatchObject({ entry: [{ resource: { id: 'new' } }] });
});

test.each(cdsServices(chartQueries(guideline.terminology)).map((service) => [service.hook, service] as const))(
  'what it sends on %s is a call that the service takes',
  (hook, service) => {
    for (const chart of [patient, patientStore('p2', { resourceType: 'Bundle' })]) {
      const call = buildHookRequest({ patient: chart, hook, draft }, service);
      expect(parseHookRequest(structuredClone(call), service)).toMatchObject({
        hook,
        context: { patientId: chart.patientId },
      });
    }
  },
);

test('an EHR says who is at work, on which encounter if any, what was just added, and where its records are', () => {
  const problems = [{ resourceType: 'Condition', id: 'just-added' }];
  const hook = 'problem-list-item-create';
  const work = { userId: 'PractitionerRole/dr' };
  const call = request({ hook, problems, work, fhirBaseUrl: 'https://ehr.example/fhir' });
  expect(call.context).toEqual({
    userId: 'PractitionerRole/dr',
    patientId: 'p1',
    conditions: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: problems[0] }] },
  });
  expect(call.prefetch).toMatchObject({
    conditions: {
      link: [{ url: 'https://ehr.example/fhir/Condition?patient=p1' }],
      entry: [{ fullUrl: 'https://ehr.example/fhir/Condition/asps' }],
    },
  });
  const visit = request({ hook, work: { ...work, encounterId: 'visit' } });
  expect(visit.context).toMatchObject({ encounterId: 'visit', conditions: { entry: [{ resource: { id: 'asps' } }] } });
});

test('a service is found by hook', () => {
  const services = [{ id: 'a', hook: 'patient-view' }];
  expect(serviceForHook(services, 'patient-view')).toBe(services[0]);
  expect(serviceForHook(services, 'order-sign')).toBeUndefined();
});
