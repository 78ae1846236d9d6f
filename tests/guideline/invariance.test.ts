import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { loadPatient, loadScenarios } from '../../src/ehr-demo/scenarios.ts';
import { recommend } from '../../src/guideline/recommend.ts';
import { guideline } from '../support/service.ts';
import { chartOfResources } from './patient-chart.ts';

const HOOKS = [
  'patient-view',
  'encounter-start',
  'encounter-discharge',
  'appointment-book',
  'problem-list-item-create',
];
const ORDER_HOOKS = ['order-select', 'order-sign'];
const DRAFTS = ['doxorubicin', 'atezolizumab-1200', 'staging-ct-chest', 'ifosfamide-gemcitabine'];
const patients = [...new Set(loadScenarios().map(({ patient }) => patient))];
const FEW = { numRuns: 4 };
/** The last cannot be made a text, and is JSON all the same. */
const junks = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant({ toString: [], valueOf: [] }));

/** What is said on every hook: which cards, how urgent, in which words, with which suggestions. */
async function said(patientId: string, resources: readonly Resource[]): Promise<unknown> {
  const opened = await chartOfResources(patientId, resources);
  const ordering = await Promise.all(DRAFTS.map((draft) => chartOfResources(patientId, resources, { draft })));
  return [
    ...HOOKS.map((hook) => cards(opened, hook)),
    ...ordering.flatMap((chart) => ORDER_HOOKS.map((hook) => cards(chart, hook))),
  ];
}

function cards(chart: Parameters<typeof recommend>[1], hook: string): unknown {
  const occasion = { hook, today: '2026-11-22', maxCards: 0 };
  return recommend(guideline, chart, occasion).shown.map(({ id, indicator, summary, suggestions }) => [
    id,
    indicator,
    summary,
    suggestions.map(({ label }) => label),
  ]);
}

/** Lists of codings in another order, at any depth. */
function withCodings(value: unknown, order: <T>(list: readonly T[]) => readonly T[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withCodings(item, order));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const inner = withCodings(member, order);
      return [name, name === 'coding' && Array.isArray(inner) ? order(inner) : inner];
    }),
  );
}

function shuffled(keys: readonly number[]): <T>(list: readonly T[]) => readonly T[] {
  return (list) =>
    list
      .map((item, at) => ({ item, key: keys[at % keys.length] ?? 0 }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ item }) => item);
}

const unrelated = (patientId: string): readonly Resource[] => {
  const subject = { reference: `Patient/${patientId}` };
  return [
    { resourceType: 'Condition', id: 'unrelated-1', code: { text: 'Tension of the shoulder' }, subject },
    {
      resourceType: 'Procedure',
      id: 'unrelated-2',
      status: 'completed',
      code: { text: 'Removal of ear wax' },
      subject,
    },
    {
      resourceType: 'MedicationRequest',
      id: 'unrelated-3',
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { text: 'paracetamol 500 mg' },
      subject,
    },
    {
      resourceType: 'DiagnosticReport',
      id: 'unrelated-4',
      status: 'final',
      code: { text: 'Urinalysis' },
      effectiveDateTime: '2026-11-01',
      subject,
    },
  ];
};

describe.each(patients)('what is said of %s', (patientId) => {
  const { resources } = loadPatient(patientId);

  test('does not depend on the order of resources or codings', async () => {
    const before = await said(patientId, resources);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer(), { minLength: 40, maxLength: 40 }), async (keys) => {
        const order = shuffled(keys);
        const changed = order(resources).map((resource) => withCodings(resource, order) as Resource);
        expect(await said(patientId, changed)).toEqual(before);
      }),
      FEW,
    );
  });

  test('does not change when a record is there twice, nor with records that have nothing to do with it', async () => {
    const before = await said(patientId, resources);
    const records = resources.filter(({ resourceType }) => resourceType !== 'Patient');
    const twice = records.map((resource) => ({ ...resource, id: `${resource.id}-again` }));
    expect(await said(patientId, [...resources, ...twice])).toEqual(before);
    expect(await said(patientId, [...unrelated(patientId), ...resources])).toEqual(before);
  });

  test('never fails, whatever one member of one resource becomes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), junks, async (which, where, junk) => {
        const at = which % resources.length;
        const paths = pathsOf(resources[at]);
        const path = paths[where % paths.length] ?? [];
        const changed = resources.map((resource, index) =>
          index === at ? (put(resource, path, junk) as Resource) : resource,
        );
        expect(await said(patientId, changed)).toHaveLength(HOOKS.length + DRAFTS.length * ORDER_HOOKS.length);
      }),
      { numRuns: 8 },
    );
  });
});

/** Where every member of a value stands, at every depth. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, each]) => {
    const here = [...path, member];
    return [here, ...pathsOf(each, here)];
  });
}

function put(value: unknown, [member, ...rest]: readonly string[], replacement: unknown): unknown {
  if (member === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((each, at) => (String(at) === member ? put(each, rest, replacement) : each));
  return { ...(value as object), [member]: put((value as Record<string, unknown>)[member], rest, replacement) };
}
