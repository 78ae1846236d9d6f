import { expect, test } from '@jest/globals';
import { discovery } from '../src/cds-hooks/discovery.ts';
import { chartQueries } from '../src/chart/queries.ts';
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

test('what is listed is valid, and no two services say the same of themselves', () => {
  expect(discoveryProblems(discovery(services))).toEqual([]);
  for (const member of ['title', 'description'] as const)
    expect(new Set(services.map((service) => service[member])).size).toBe(services.length);
});

test('the templates need nothing but the patient, which every hook has', () => {
  const tokens = services.flatMap(({ prefetch }) => JSON.stringify(prefetch).match(/\{\{[^}]*\}\}/g) ?? []);
  expect(new Set(tokens)).toEqual(new Set(['{{context.patientId}}']));
});
