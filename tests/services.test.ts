import { describe, expect, test } from '@jest/globals';
import { discovery } from '../src/cds-hooks/discovery.ts';
import { CLIENT_FEATURES } from '../src/cds-hooks/profile.ts';
import { chartQueries, DRAFT_MEDICATIONS } from '../src/chart/queries.ts';
import { cdsServices } from '../src/services.ts';
import { discoveryProblems } from './support/schemas/cds-hooks-discovery.ts';
import { guideline } from './support/service.ts';

const queries = chartQueries(guideline.terminology);
const services = cdsServices(queries);

test('there is one service a hook, under an id of its own (M-07)', () => {
  expect(services.map(({ id }) => id).toSorted()).toEqual(
    [
      'appointment-book',
      'encounter-discharge',
      'encounter-start',
      'order-dispatch',
      'order-select',
      'order-sign',
      'patient-view',
      'problem-list-item-create',
    ].map((hook) => `asps-${hook}`),
  );
  for (const { id, hook } of services) expect(id).toBe(`asps-${hook}`);
});

test('every hook that a card names is served', () => {
  const served: ReadonlySet<string> = new Set(services.map(({ hook }) => hook));
  const named = new Set(guideline.cards.flatMap(({ hooks }) => [...hooks.keys()]));
  expect([...named].filter((hook) => !served.has(hook))).toEqual([]);
});

test('what is listed is valid, its templates are relative (CH-43), and no two services say the same of themselves', () => {
  expect(discoveryProblems(discovery(services))).toEqual([]);
  for (const member of ['title', 'description'] as const)
    expect(new Set(services.map((service) => service[member])).size).toBe(services.length);
});

// As in the metadata table of each hook's page in HL7/cds-hooks-library (5d04c4d, input/pagecontent).
test.each([
  ['patient-view', '1.0'],
  ['order-select', '1.0'],
  ['order-sign', '1.0'],
  ['order-dispatch', '1.1'],
  ['encounter-start', '1.0'],
  ['encounter-discharge', '1.0'],
  ['appointment-book', '1.0'],
  ['problem-list-item-create', '0.1.0'],
])('%s is implemented in its published version %s (CH-12)', (hook, version) => {
  expect(services.find((service) => service.hook === hook)?.hookVersion).toBe(version);
});

test('a client is offered the services it may call, in their order, and others are not mentioned', () => {
  const offered = cdsServices(queries, { services: ['asps-order-sign', 'asps-patient-view', 'asps-nothing'] });
  expect(offered.map(({ id }) => id)).toEqual(['asps-patient-view', 'asps-order-sign']);
  expect(cdsServices(queries, { services: [] })).toEqual([]);
});

test('a lean client is asked for the patient and the conditions alone, whatever else it knows (CH-42)', () => {
  const lean = cdsServices(queries, { prefetch: 'lean', supports: new Set(['prefetch-fhirpath']) });
  for (const { prefetch } of lean)
    expect(prefetch).toEqual({ patient: queries.patient, conditions: queries.conditions });
});

describe('a client that knows FHIRPath tokens (CH-47, CH-57, CH-58)', () => {
  const offered = cdsServices(queries, { supports: new Set(['prefetch-fhirpath']) });

  test.each(['order-select', 'order-sign'])('%s asks for the Medications of the drafts besides', (hook) => {
    expect(offered.find((service) => service.hook === hook)?.prefetch).toEqual({
      ...queries,
      [DRAFT_MEDICATIONS]:
        'Medication?_id={{context.draftOrders.entry.resource.ofType(MedicationRequest).medication.resolve().id}}',
    });
  });

  test('the other hooks have no drafts, and ask for the same as ever', () => {
    const others = offered.filter(({ hook }) => !['order-select', 'order-sign'].includes(hook));
    expect(others).toHaveLength(6);
    for (const { prefetch } of others) expect(prefetch).toEqual(queries);
  });

  test('what is listed is valid', () => {
    expect(discoveryProblems(discovery(offered))).toEqual([]);
  });

  test('nobody else is asked: before 3.0 such a token is invalid (CH-48)', () => {
    const others = cdsServices(queries, {
      supports: new Set(CLIENT_FEATURES.filter((feature) => feature !== 'prefetch-fhirpath')),
    });
    expect(others).toEqual(services);
    expect(JSON.stringify(others)).not.toContain('resolve()');
  });
});

test('the templates need nothing but the patient, which every hook has (CH-44, CH-45, CH-48, CH-49, CH-51)', () => {
  const tokens = services.flatMap(({ prefetch }) => JSON.stringify(prefetch).match(/\{\{[^}]*\}\}/g) ?? []);
  expect(new Set(tokens)).toEqual(new Set(['{{context.patientId}}']));
});
