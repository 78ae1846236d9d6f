import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Records, RecordsError } from '../../src/ehr-demo/ehr/records.ts';
import { createRepository } from '../../src/ehr-demo/fhir-server/fhir-server.ts';
import { createRecords } from '../../src/ehr-demo/fhir-server/records.ts';
import type { ResourceRepository } from '../../src/ehr-demo/fhir-server/repository.ts';
import type { PatientStore, Resource } from '../../src/ehr-demo/patient-store.ts';
import { loadPatient, loadScenarios } from '../../src/ehr-demo/scenarios.ts';
import { fixtureResources } from '../support/fhir-server-process.ts';

const condition = (id: string, patient: string, more: object = {}): Resource => ({
  resourceType: 'Condition',
  id,
  subject: { reference: `Patient/${patient}` },
  ...more,
});
const RESOURCES: readonly Resource[] = [
  { resourceType: 'Patient', id: 'p', generalPractitioner: [{ reference: 'PractitionerRole/role' }] },
  { resourceType: 'PractitionerRole', id: 'role', practitioner: { reference: 'Practitioner/dr' } },
  { resourceType: 'Practitioner', id: 'dr', qualification: [{ code: {}, issuer: { reference: 'Organization/far' } }] },
  { resourceType: 'Organization', id: 'far' },
  condition('first', 'p'),
  {
    resourceType: 'MedicationRequest',
    id: 'order',
    status: 'active',
    intent: 'order',
    medicationReference: { reference: 'Medication/m' },
    subject: { reference: 'Patient/p' },
  },
  { resourceType: 'Medication', id: 'm' },
  condition('second', 'p', {
    encounter: { reference: 'Encounter/nowhere' },
    evidence: [{ detail: ['Condition/of-other', 'Patient/other'].map((reference) => ({ reference })) }],
  }),
  { resourceType: 'Patient', id: 'other' },
  condition('of-other', 'other'),
];

let repository: ResourceRepository;
let records: Records;
beforeAll(async () => {
  repository = createRepository();
  records = await createRecords(repository, RESOURCES);
});

function names(chart: PatientStore | undefined): readonly string[] | undefined {
  return chart?.resources.map(({ resourceType, id }) => `${resourceType}/${id}`);
}

describe('all synthetic patients', () => {
  const scenarios = loadScenarios();
  let all: Records;
  beforeAll(async () => {
    all = await createRecords(createRepository(), fixtureResources());
  });

  test.each([...new Set(scenarios.map(({ patient }) => patient))])(
    '%s is loaded, whole and in order',
    async (patient) => {
      const told = loadPatient(patient).resources;
      const kept = await Promise.all(told.map(({ resourceType, id }) => all.read(`${resourceType}/${id}`)));
      expect(kept.map(withoutVersion)).toEqual(told.map(withoutVersion));
      // Nobody can tell whose a record is whose subject is masked.
      const own = told.filter(({ subject }) => !JSON.stringify(subject ?? '').includes('"masked"'));
      const chart = await all.chartOf(patient);
      for (const type of new Set(own.map(({ resourceType }) => resourceType))) {
        const ids = own.filter(({ resourceType }) => resourceType === type).map(({ id }) => id);
        expect(chart?.byType(type).map(({ id }) => id)).toEqual(ids);
      }
    },
  );
});

describe('the chart', () => {
  test('is the patient, what refers to them, and what that refers to, as far as whose role it is', async () => {
    expect(names(await records.chartOf('p'))).toEqual([
      'Patient/p',
      'Condition/first',
      'MedicationRequest/order',
      'Condition/second',
      'PractitionerRole/role',
      'Medication/m',
      'Practitioner/dr',
    ]);
  });

  test('of nobody is none', async () => {
    for (const id of ['nobody', '', '__proto__', 'p/x', 'p,other', '../p', 'p/_history/1']) {
      // oxlint-disable-next-line no-await-in-loop -- seven, one after another
      expect([id, await records.chartOf(id)]).toEqual([id, undefined]);
    }
  });

  test('is read anew each time', async () => {
    const { id } = await records.create(condition('', 'p', { id: undefined }));
    expect(names(await records.chartOf('p'))).toContain(`Condition/${id}`);
    await records.update(condition(id, 'other'));
    expect(names(await records.chartOf('p'))).not.toContain(`Condition/${id}`);
    expect(names(await records.chartOf('other'))).toContain(`Condition/${id}`);
    await records.delete(`Condition/${id}`);
    expect(names(await records.chartOf('other'))).not.toContain(`Condition/${id}`);
  });
});

describe('one resource', () => {
  test('is created under a new id, updated under its own, and deleted', async () => {
    const created = await records.create(condition('ignored', 'p'));
    expect(created.id).not.toBe('ignored');
    const updated = await records.update({ ...created, note: [{ text: 'seen' }] });
    expect(await records.read(`Condition/${created.id}`)).toEqual(updated);
    expect(updated).toMatchObject({ id: created.id, note: [{ text: 'seen' }] });
    await records.delete(`Condition/${created.id}`);
    expect(await records.read(`Condition/${created.id}`)).toBeUndefined();
    await records.delete(`Condition/${created.id}`);
  });

  test('that nobody has is read as nothing', async () => {
    const asked = ['Patient/nobody', 'Patient', '', '/', 'Patient/p/x', '__proto__/x', 'constructor/constructor', '#p'];
    expect(await Promise.all(asked.map((reference) => records.read(reference)))).toEqual(asked.map(() => undefined));
  });

  test.each<[claim: string, resource: Resource, reason: string]>([
    ['without what it must have', { resourceType: 'Condition', id: 'bad' }, 'Condition.subject'],
    ['of no type', { resourceType: 'Sarcoma', id: 'bad' }, 'Unknown resource type'],
    ['with a member that is none', condition('bad', 'p', { mood: 'good' }), 'mood'],
    ['with an id that none can be', condition('no id', 'p'), 'Invalid id'],
    ['without an id', condition('', 'p'), 'Missing id'],
  ])('%s is refused with the reason, and nothing changes', async (_claim, resource, reason) => {
    const before = names(await records.chartOf('p'));
    const refused = await records.update(resource).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(RecordsError);
    expect(String(refused)).toContain(reason);
    expect(names(await records.chartOf('p'))).toEqual(before);
  });

  test('that is no valid R4 is not created either', async () => {
    const refused = await records.create({ resourceType: 'Condition' }).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(RecordsError);
    expect(refused).toHaveProperty('message', 'Missing required property (Condition.subject)');
  });
});

test('a reset puts everything back, with its versions', async () => {
  const before = await records.chartOf('p');
  await records.create({ ...condition('', 'p'), id: undefined });
  await records.update(condition('first', 'other'));
  await records.delete('Condition/second');
  await records.update({ resourceType: 'Patient', id: 'new' });
  await records.reset();
  expect((await records.chartOf('p'))?.resources).toEqual(before?.resources);
  expect(names(await records.chartOf('other'))).toEqual(['Patient/other', 'Condition/second', 'Condition/of-other']);
  expect(await records.read('Patient/new')).toBeUndefined();
  // The FHIR server looks into the same records.
  expect(await repository.matches({ resourceType: 'Condition' })).toMatchObject({ total: 3 });
});

test('what could never be asked for is not loaded, and all of it is named', async () => {
  const resources = [condition('fine', 'p'), condition('no id', 'p'), { resourceType: 'Sarcoma', id: 'x' }];
  await expect(createRecords(createRepository(), resources)).rejects.toThrow(
    new RecordsError('FHIR R4 knows no such type, or allows no such id: Condition/no id, Sarcoma/x'),
  );
});

/** As a server keeps it, but for what it adds: references are to no version, and `meta` has one. */
function withoutVersion(resource: Resource | undefined): unknown {
  const { meta, ...rest }: Partial<Resource> = resource ?? {};
  const { tag } = (meta ?? {}) as { readonly tag?: unknown };
  return { ...(JSON.parse(JSON.stringify(rest).replaceAll(/\/_history\/\w+/g, '')) as object), tag };
}
