import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Change, type Records, RecordsError } from '../../src/ehr-demo/ehr/records.ts';
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

/** What was created or updated. */
async function changed(...changes: readonly Change[]): Promise<readonly Resource[]> {
  const outcome = await records.change(changes);
  if (outcome.kind === 'refused') throw new Error(outcome.because);
  return outcome.resources;
}

async function created(resource: Omit<Resource, 'id'>): Promise<Resource> {
  const [kept] = await changed({ kind: 'create', resource });
  if (kept === undefined) throw new Error('nothing was created');
  return kept;
}

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
    const { id } = await created(condition('', 'p', { id: undefined }));
    expect(names(await records.chartOf('p'))).toContain(`Condition/${id}`);
    await changed({ kind: 'update', resource: condition(id, 'other') });
    expect(names(await records.chartOf('p'))).not.toContain(`Condition/${id}`);
    expect(names(await records.chartOf('other'))).toContain(`Condition/${id}`);
    await changed({ kind: 'delete', reference: `Condition/${id}` });
    expect(names(await records.chartOf('other'))).not.toContain(`Condition/${id}`);
  });
});

describe('one resource', () => {
  test('is created under a new id, updated under its own, and deleted', async () => {
    const kept = await created(condition('ignored', 'p'));
    const reference = `Condition/${kept.id}`;
    expect(kept.id).not.toBe('ignored');
    const [updated] = await changed({ kind: 'update', resource: { ...kept, note: [{ text: 'seen' }] } });
    expect(await records.read(reference)).toEqual(updated);
    expect(updated).toMatchObject({ id: kept.id, note: [{ text: 'seen' }] });
    expect(await changed({ kind: 'delete', reference })).toEqual([]);
    expect(await records.read(reference)).toBeUndefined();
    expect(await changed({ kind: 'delete', reference })).toEqual([]);
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
    const refused = await records.change([{ kind: 'update', resource }]);
    expect(refused).toEqual({ kind: 'refused', because: expect.stringContaining(reason) });
    expect(names(await records.chartOf('p'))).toEqual(before);
  });

  test('that is no valid R4 is not created either', async () => {
    expect(await records.change([{ kind: 'create', resource: { resourceType: 'Condition' } }])).toEqual({
      kind: 'refused',
      because: 'Missing required property (Condition.subject)',
    });
  });
});

describe('changes that belong together', () => {
  const changes: readonly Change[] = [
    { kind: 'create', resource: { resourceType: 'Condition', subject: { reference: 'Patient/p' } } },
    { kind: 'update', resource: condition('first', 'p', { note: [{ text: 'seen' }] }) },
    { kind: 'delete', reference: 'Condition/second' },
  ];
  const bad = condition('bad', 'p', { mood: 'good' });
  afterEach(() => records.reset());

  test('are all made, and what was created and updated comes back in order', async () => {
    const [first, ...others] = await changed(...changes);
    expect(first?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(others).toMatchObject([{ id: 'first', note: [{ text: 'seen' }] }]);
    expect(names(await records.chartOf('p'))).toEqual(expect.arrayContaining([`Condition/${first?.id}`]));
    expect(names(await records.chartOf('p'))).not.toContain('Condition/second');
  });

  test.each<[string, Change]>([
    ['created', { kind: 'create', resource: bad }],
    ['updated', { kind: 'update', resource: bad }],
  ])('are not made, none of them, if the last is %s and refused', async (_what, refused) => {
    const before = (await records.chartOf('p'))?.resources;
    expect(await records.change([...changes, refused])).toMatchObject({ kind: 'refused' });
    const after = (await records.chartOf('p'))?.resources ?? [];
    expect(new Set(after)).toEqual(new Set(before));
    expect(await repository.matches({ resourceType: 'Condition' })).toMatchObject({ total: 3 });
  });

  test('are not made, none of them, if the store itself fails, and that is not swallowed', async () => {
    const failing = createRepository();
    const own = await createRecords(failing, RESOURCES);
    const before = (await own.chartOf('p'))?.resources ?? [];
    failing.deleteResource = async () => {
      throw new TypeError('a fault');
    };
    await expect(own.change(changes)).rejects.toThrow('a fault');
    expect(new Set((await own.chartOf('p'))?.resources)).toEqual(new Set(before));
  });
});

test('a reset puts everything back, with its versions', async () => {
  const before = await records.chartOf('p');
  await changed(
    { kind: 'create', resource: condition('', 'p') },
    { kind: 'update', resource: condition('first', 'other') },
    { kind: 'delete', reference: 'Condition/second' },
    { kind: 'update', resource: { resourceType: 'Patient', id: 'new' } },
  );
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
