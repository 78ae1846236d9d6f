import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { type Asked, type FhirBase, SPOKEN_TOKENS, serveFhir } from '../support/fhir-base.ts';
import { fhirErrors } from '../support/fhir-schema.ts';
import type { Reply } from '../support/http.ts';

/** Everything of the patient a. */
const ALL = 'a+patient/*.cruds';
/** Conditions of the patient a, and nothing else. */
const NARROW = 'a+patient/Condition.rs';
const EVERYBODY = '-+user/*.cruds';

const of = (patient: string) => ({ subject: { reference: `Patient/${patient}` } });
const condition = (id: string, patient: string, more: object = {}): Resource => ({
  resourceType: 'Condition',
  id,
  ...of(patient),
  ...more,
});
const observation = (id: string, patient: string, more: object) => ({
  ...condition(id, patient, more),
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'size' },
});
/** Each refers to the other patient in some way. */
const RESOURCES: readonly Resource[] = [
  {
    resourceType: 'Patient',
    id: 'a',
    name: [{ family: 'Alpha' }],
    generalPractitioner: [{ reference: 'Practitioner/dr' }],
  },
  {
    resourceType: 'Patient',
    id: 'b',
    name: [{ family: 'Beta' }],
    link: [{ other: { reference: 'Patient/a' }, type: 'seealso' }],
  },
  condition('a1', 'a', { encounter: { reference: 'Encounter/b-visit' } }),
  condition('b1', 'b', { extension: [{ url: 'https://x.example', valueReference: { reference: 'Patient/a' } }] }),
  { ...condition('b-visit', 'b'), resourceType: 'Encounter', status: 'finished', class: { code: 'AMB' } },
  observation('oa', 'a', {
    derivedFrom: [{ reference: 'Observation/ob' }],
    performer: [{ reference: 'Practitioner/dr' }],
  }),
  observation('ob', 'b', { hasMember: [{ reference: 'Observation/oa' }] }),
  {
    resourceType: 'Group',
    id: 'both',
    type: 'person',
    actual: true,
    member: ['a', 'b'].map((id) => ({ entity: { reference: `Patient/${id}` } })),
  },
  {
    resourceType: 'Provenance',
    id: 'of-b1',
    target: [{ reference: 'Condition/b1' }],
    recorded: '2026-01-01T00:00:00Z',
    agent: [{ who: { reference: 'Practitioner/dr' } }],
  },
  { resourceType: 'Device', id: 'port-a', patient: { reference: 'Patient/a' } },
  { resourceType: 'Device', id: 'port-b', patient: { reference: 'Patient/b' } },
  { resourceType: 'Practitioner', id: 'dr' },
  { resourceType: 'Medication', id: 'm', code: { text: 'pazopanib' } },
  { resourceType: 'Binary', id: 'letter', contentType: 'text/plain', data: 'eA==' },
];

let server: FhirBase;
beforeAll(async () => {
  server = await serveFhir({ access: SPOKEN_TOKENS, resources: RESOURCES });
});
afterAll(() => server.close());

async function ask(method: string, path: string, asked: Asked = {}): Promise<Reply> {
  const reply = await server.ask(method, path, { token: ALL, ...asked });
  expect({ path, problems: fhirErrors(reply.body) }).toEqual({ path, problems: [] });
  return reply;
}

interface Found {
  readonly total: number;
  readonly entry?: readonly { readonly resource: { readonly resourceType: string; readonly id: string } }[];
}

function namesIn(body: unknown): readonly string[] {
  return ((body as Found).entry ?? []).map(({ resource }) => `${resource.resourceType}/${resource.id}`);
}

/** `Type/id` of what a search brings, sorted. */
async function find(path: string, token = ALL): Promise<readonly string[]> {
  const { status, body } = await ask('GET', path, { token });
  expect({ path, status }).toEqual({ path, status: 200 });
  return namesIn(body).toSorted();
}

interface Answered {
  readonly response: { readonly status: string };
  readonly resource?: Partial<Resource & Found>;
}

async function batch(entry: readonly object[], { token = ALL, type = 'batch' } = {}): Promise<readonly Answered[]> {
  const { status, body } = await server.ask('POST', '', { token, body: { resourceType: 'Bundle', type, entry } });
  expect(status).toBe(200);
  return (body as { entry: readonly Answered[] }).entry;
}

/** Everything on file but its versions, as somebody sees it whom nothing is hidden from. */
async function onFile(): Promise<readonly unknown[]> {
  const replies = await Promise.all(
    [...new Set(RESOURCES.map(({ resourceType }) => resourceType))].map((type) =>
      ask('GET', `${type}?_count=1000`, { token: EVERYBODY }),
    ),
  );
  return replies.flatMap(({ body }) =>
    ((body as Found).entry ?? []).map(({ resource }) => ({ ...resource, meta: undefined })),
  );
}

describe('with patient/ scopes', () => {
  test('the patient, their records, and what is of no patient are read', async () => {
    for (const name of [
      'Patient/a',
      'Condition/a1',
      'Observation/oa',
      'Practitioner/dr',
      'Medication/m',
      'Device/port-a',
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- six, one after another
      expect([name, (await ask('GET', name)).status]).toEqual([name, 200]);
    }
  });

  test.each([
    'Patient/b',
    'Condition/b1',
    'Encounter/b-visit',
    'Observation/ob',
    'Group/both',
    'Provenance/of-b1',
    'Device/port-b',
    'Binary/letter',
  ])('a read, an update and a deletion of %s are answered as if it did not exist', async (name) => {
    const [type = '', id] = name.split('/');
    const before = await onFile();
    const body = { ...RESOURCES.find((resource) => resource.resourceType === type && resource.id === id) };
    for (const [method, asked] of [
      ['GET', {}],
      ['PUT', { body }],
      ['DELETE', {}],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- three, one after another
      const [there, not] = [
        await ask(method, name, asked),
        await ask(method, `${type}/nowhere`, {
          ...asked,
          ...('body' in asked && { body: { ...body, id: 'nowhere' } }),
        }),
      ];
      expect([method, there.status, there.text]).toEqual([method, 404, not.text]);
      expect(not.status).toBe(404);
    }
    expect(await onFile()).toEqual(before);
  });

  test.each([
    ['Patient', ['Patient/a']],
    ['Condition', ['Condition/a1']],
    ['Condition?patient=a', ['Condition/a1']],
    ['Condition?patient=b', []],
    ['Condition?subject=Patient/a,Patient/b', ['Condition/a1']],
    ['Condition?_id=a1,b1', ['Condition/a1']],
    ['Condition?patient:missing=false', ['Condition/a1']],
    ['Condition?patient:not=Patient/a', []],
    ['Condition?patient.name=Alpha', ['Condition/a1']],
    ['Condition?patient.name=Beta', []],
    ['Patient?_has:Condition:patient:_id=b1', ['Patient/a']],
    ['Patient?link=Patient/a', []],
    ['Group', []],
    ['Provenance', []],
    ['Binary', []],
    ['Device', ['Device/port-a']],
    ['Practitioner', ['Practitioner/dr']],
    ['Condition?_include=Condition:encounter', ['Condition/a1']],
    ['Condition?_include=Condition:subject', ['Condition/a1', 'Patient/a']],
    ['Patient?_revinclude=Condition:patient&_revinclude=Group:member', ['Condition/a1', 'Patient/a']],
    [
      'Observation?_include:iterate=Observation:derived-from&_include=Observation:performer',
      ['Observation/oa', 'Practitioner/dr'],
    ],
    [
      'Practitioner?_revinclude=Provenance:agent&_revinclude=Observation:performer',
      ['Observation/oa', 'Practitioner/dr'],
    ],
  ])('the search %s finds %j', async (path, names) => {
    expect(await find(path)).toEqual(names);
    const [type] = path.split(/[?]/, 1);
    const { body } = await ask('GET', `${path}${path.includes('?') ? '&' : '?'}_summary=count`);
    expect([(body as Found).total, (body as { link: readonly object[] }).link]).toEqual([
      names.filter((name) => name.startsWith(`${type}/`)).length,
      [expect.objectContaining({ relation: 'self' })],
    ]);
  });

  test.each([
    'Condition?_include=*',
    'Condition?_revinclude=*',
    'Condition?_include=*:*',
    'Observation?subject.name=Beta',
    'Condition?subject:Patient.name=Beta',
  ])('the search %s is refused', async (path) => {
    expect((await ask('GET', path)).status).toBe(400);
  });
});

describe('with a scope for one type', () => {
  test('no include and no chain leads beyond it', async () => {
    expect(await find('Condition?_include=Condition:subject&_revinclude=Provenance:target', NARROW)).toEqual([
      'Condition/a1',
    ]);
    expect(await find('Condition?_revinclude=Observation:focus&_include:iterate=Condition:encounter', NARROW)).toEqual([
      'Condition/a1',
    ]);
    expect((await ask('GET', 'Condition?patient.name=Alpha', { token: NARROW })).status).toBe(403);
    expect(
      (await batch([{ request: { method: 'GET', url: 'Condition?subject:Patient.name=Alpha' } }], { token: NARROW }))[0]
        ?.response.status,
    ).toBe('403');
  });

  test.each([
    ['GET', 'Patient/a', undefined],
    ['GET', 'Patient?_id=a', undefined],
    ['POST', 'Condition', condition('x', 'a')],
    ['PUT', 'Condition/a1', condition('a1', 'a')],
    ['DELETE', 'Condition/a1', undefined],
  ])('%s %s is a 403, whether it is there or not', async (method, path, body) => {
    expect((await ask(method, path, { token: NARROW, body })).status).toBe(403);
    expect((await ask(method, path, { token: 'nobody+patient/Condition.rs', body })).status).toBe(403);
  });

  test('reading is not searching, and searching is not reading', async () => {
    const token = 'a+patient/Condition.r+patient/Observation.s';
    const statuses = ['Condition/a1', 'Condition?_id=a1', 'Observation/oa', 'Observation?_id=oa'].map(
      async (path) => (await ask('GET', path, { token })).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 403, 403, 200]);
  });

  test('a scope with a query part opens nothing', async () => {
    const token =
      'a+patient/Condition.rs?category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item';
    expect((await ask('GET', 'Condition', { token })).status).toBe(403);
  });
});

describe('of what may be written with patient/ scopes,', () => {
  test.each<[claim: string, method: string, path: string, body: object | undefined]>([
    ['a record of another patient', 'POST', 'Condition', condition('x', 'b')],
    [
      'one that names another patient beside',
      'POST',
      'Condition',
      condition('x', 'a', { recorder: { reference: 'Patient/b' } }),
    ],
    [
      'one that names a version of another',
      'POST',
      'Condition',
      condition('x', 'a', { recorder: { reference: 'Patient/b/_history/2' } }),
    ],
    [
      'one that only mentions the patient',
      'POST',
      'Condition',
      condition('x', 'nobody', { note: [{ authorReference: { reference: 'Patient/a' }, text: 'x' }] }),
    ],
    ['a move to another patient', 'PUT', 'Condition/a1', condition('a1', 'b')],
    ['a move away', 'PUT', 'Condition/a1', { ...condition('a1', 'a'), subject: { display: 'nobody' } }],
    ['another patient', 'POST', 'Patient', { resourceType: 'Patient' }],
    ['another patient who passes for this one', 'POST', 'Patient', { resourceType: 'Patient', id: 'a' }],
    ['what is of no patient, created', 'POST', 'Medication', { resourceType: 'Medication' }],
    ['what is of no patient, deleted', 'DELETE', 'Medication/m', undefined],
    ['what is of no patient, changed', 'PUT', 'Medication/m', { resourceType: 'Medication', id: 'm' }],
    [
      'a group',
      'POST',
      'Group',
      { resourceType: 'Group', type: 'person', actual: true, member: [{ entity: { reference: 'Patient/a' } }] },
    ],
  ])('%s is forbidden', async (_claim, method, path, body) => {
    const before = await onFile();
    expect((await ask(method, path, { body })).status).toBe(403);
    expect(await onFile()).toEqual(before);
  });

  test('records of the patient are created, changed, found at once, and deleted', async () => {
    expect(await find('Condition')).toEqual(['Condition/a1']);
    const created = await ask('POST', 'Condition', { body: condition('ignored', 'a') });
    const { id } = created.body as Resource;
    expect(created.status).toBe(201);
    expect(await find('Condition')).toEqual([`Condition/${id}`, 'Condition/a1'].toSorted());
    expect(
      (await ask('PUT', `Condition/${id}`, { body: condition(id, 'a/_history/1', { recordedDate: '2020-01-01' }) }))
        .status,
    ).toBe(200);
    expect(await find('Condition?recorded-date=2020-01-01')).toEqual([`Condition/${id}`]);
    expect((await ask('DELETE', `Condition/${id}`)).status).toBe(200);
    expect(await find('Condition')).toEqual(['Condition/a1']);
    expect((await ask('DELETE', `Condition/${id}`)).status).toBe(404);
  });

  test('what others write is seen, and not seen any more once it is moved away', async () => {
    expect(await find('Condition')).toEqual(['Condition/a1']);
    await ask('PUT', 'Condition/moving', { token: EVERYBODY, body: condition('moving', 'a') });
    expect(await find('Condition?_id=moving')).toEqual(['Condition/moving']);
    await ask('PUT', 'Condition/moving', { token: EVERYBODY, body: condition('moving', 'b') });
    expect(await find('Condition?_id=moving')).toEqual([]);
    expect((await ask('GET', 'Condition/moving')).status).toBe(404);
    await ask('DELETE', 'Condition/moving', { token: EVERYBODY });
  });
});

describe('a batch', () => {
  let before: readonly unknown[];
  beforeEach(async () => {
    before = await onFile();
  });

  test('reaches no further than its entries would alone', async () => {
    const get = (url: string) => ({ request: { method: 'GET', url } });
    const urls = [
      'Patient/b',
      'Patient/a',
      'Condition?patient=b',
      'Condition',
      'Condition?subject:Patient.name=Beta',
      'Condition?_filter=subject eq Patient/b',
      'Patient?_has:Condition:patient:_id=b1',
      'Condition?_compartment=Patient/b',
      'Patient?_type=Condition&_id=b',
    ];
    const answers = await batch(urls.map(get));
    expect(answers.map(({ response }) => response.status).slice(0, 2)).toEqual(['404', '200']);
    for (const { resource } of answers.slice(2)) {
      for (const name of namesIn(resource ?? {})) expect(['Condition/a1', 'Patient/a']).toContain(name);
      expect(resource?.total ?? 0).toBeLessThanOrEqual(1);
    }
    expect(JSON.stringify(answers)).not.toContain('Beta');
  });

  test.each<[claim: string, entry: object]>([
    ['history', { request: { method: 'GET', url: 'Patient/a/_history' } }],
    ['a version', { request: { method: 'GET', url: 'Patient/a/_history/1' } }],
    ['a patch', { request: { method: 'PATCH', url: 'Condition/a1' }, resource: { resourceType: 'Parameters' } }],
    [
      'a conditional patch',
      { request: { method: 'PATCH', url: 'Condition?_id=a1' }, resource: { resourceType: 'Parameters' } },
    ],
    ['GraphQL', { request: { method: 'POST', url: '$graphql' }, resource: { query: '{ PatientList { id } }' } }],
    ['an operation', { request: { method: 'GET', url: 'Patient/a/$everything' } }],
    ['a search across types', { request: { method: 'GET', url: '?_type=Patient' } }],
    [
      'a batch inside',
      {
        request: { method: 'POST', url: '/' },
        resource: { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Patient/b' } }] },
      },
    ],
    ['a type that there is not', { request: { method: 'GET', url: '__proto__/x' } }],
  ])('offers nothing that the server does not: %s', async (_claim, entry) => {
    for (const token of [ALL, EVERYBODY]) {
      // oxlint-disable-next-line no-await-in-loop -- two, one after another
      const [answer] = await batch([entry], { token });
      expect([answer?.response.status, answer?.resource]).toEqual(['404', undefined]);
    }
    expect(await onFile()).toEqual(before);
  });

  test('changes nothing of another patient, by name or by condition', async () => {
    const answers = await batch([
      { request: { method: 'DELETE', url: 'Condition/b1' } },
      { request: { method: 'DELETE', url: 'Condition?patient=b' } },
      { request: { method: 'PUT', url: 'Condition/b1' }, resource: condition('b1', 'a') },
      { request: { method: 'PUT', url: 'Condition?_id=a1' }, resource: { ...condition('', 'b'), id: undefined } },
      { request: { method: 'POST', url: 'Condition' }, resource: condition('x', 'b') },
      { request: { method: 'POST', url: 'Condition?_account=Patient/b' }, resource: condition('x', 'a') },
    ]);
    expect(answers.map(({ response }) => response.status)).toEqual(['404', '200', '404', '403', '403', '403']);
    expect(await onFile()).toEqual(before);
  });

  test('finds what a condition asks for within reach alone', async () => {
    const once = (ifNoneExist: string) => ({
      request: { method: 'POST', url: 'Condition', ifNoneExist },
      resource: condition('x', 'a'),
    });
    const [own, others] = await batch([once('_id=a1'), once('_id=b1')]);
    // As it would be if there were no b1 at all.
    expect([own?.response.status, others?.response.status]).toEqual(['200', '201']);
    await ask('DELETE', `Condition/${others?.resource?.id}`);
    const [unsearched] = await batch([once('_id=a1')], { token: 'a+patient/Condition.c' });
    const [uncreated] = await batch([once('_id=a1')], { token: NARROW });
    expect([unsearched?.response.status, uncreated?.response.status]).toEqual(['403', '403']);
    expect(await onFile()).toEqual(before);
  });

  test('that is a transaction leaves nothing if one entry is forbidden', async () => {
    const entry = [
      { request: { method: 'POST', url: 'Condition' }, resource: condition('x', 'a') },
      { request: { method: 'PUT', url: 'Condition?_id=nowhere' }, resource: { ...condition('', 'a'), id: undefined } },
      { request: { method: 'PUT', url: 'Condition/b1' }, resource: condition('b1', 'a') },
    ];
    expect((await ask('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry } })).status).toBe(404);
    expect(await onFile()).toEqual(before);
    expect(await find('Condition')).toEqual(['Condition/a1']);
  });

  test('of a thousand entries is answered, and of more is not taken up', async () => {
    const entry = Array.from({ length: 1000 }, () => ({ request: { method: 'GET', url: 'Condition/a1' } }));
    const answers = await batch(entry);
    expect(answers).toHaveLength(1000);
    for (const { resource } of answers) expect(resource).toMatchObject({ id: 'a1' });
    const post = (more: readonly object[]) =>
      ask('POST', '', { body: { resourceType: 'Bundle', type: 'batch', entry: more } });
    expect((await post([...entry, ...entry])).status).toBe(413);
    const conditional = {
      request: { method: 'POST', url: 'Condition', ifNoneExist: '_id=a1' },
      resource: condition('x', 'a'),
    };
    expect((await post(Array.from({ length: 101 }, () => conditional))).status).toBe(413);
  });

  test.each([[[null]], [[5]], [[{}, 'x']], ['x']])('of %j is a 400 that says where', async (entry) => {
    const { status, text } = await ask('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry } });
    expect([status, text]).toEqual([400, expect.stringContaining('Bundle.entry')]);
  });
});

describe('a condition outside of a batch', () => {
  test('is looked for within reach alone', async () => {
    const before = await onFile();
    const once = (search: string) =>
      ask('POST', 'Condition', { body: condition('x', 'a'), headers: { 'if-none-exist': search } });
    expect((await once('_id=a1')).status).toBe(200);
    const created = await once('_id=b1');
    expect(created.status).toBe(201);
    await ask('DELETE', `Condition/${(created.body as Resource).id}`);
    expect((await ask('PUT', 'Condition?_id=b1', { body: condition('x', 'a') })).status).toBe(404);
    expect((await ask('DELETE', 'Condition?_id=b1')).status).toBe(404);
    expect(await onFile()).toEqual(before);
  });
});

describe('whatever it is sent with a narrow token', () => {
  const deep = `${'{"resourceType":"Condition","contained":['.repeat(20_000)}${']}'.repeat(20_000)}`;
  test.each<[claim: string, method: string, path: string, body: string | undefined, status: number]>([
    [
      'a prototype',
      'POST',
      'Condition',
      '{"resourceType":"Condition","subject":{"reference":"Patient/a"},"__proto__":{"x":1}}',
      400,
    ],
    ['an id that none can be', 'GET', 'Condition/__proto__', undefined, 404],
    ['a type that there is not', 'GET', '__proto__/a', undefined, 404],
    [
      'a subject that is a list',
      'POST',
      'Condition',
      '{"resourceType":"Condition","subject":[{"reference":"Patient/a"}]}',
      400,
    ],
    [
      'a reference that is no text',
      'POST',
      'Condition',
      '{"resourceType":"Condition","subject":{"reference":{"a":1}}}',
      400,
    ],
    ['nesting without end', 'POST', 'Condition', deep, 400],
    [
      'more than 10 MiB',
      'POST',
      'Condition',
      `{"resourceType":"Condition","x":"${'x'.repeat(10 * 1024 * 1024)}"}`,
      413,
    ],
    ['history', 'GET', 'Condition/a1/_history', undefined, 404],
    ['a patch', 'PATCH', 'Condition/a1', '[]', 404],
    ['GraphQL', 'POST', '$graphql', '{"query":"{ PatientList { id } }"}', 404],
    ['an operation', 'GET', 'Patient/a/$everything', undefined, 404],
    [
      'records that refer in a circle',
      'GET',
      'Observation?_include:iterate=Observation:derived-from&_include:iterate=Observation:has-member',
      undefined,
      200,
    ],
  ])('%s, it answers, and goes on', async (_claim, method, path, body, status) => {
    expect((await ask(method, path, { body })).status).toBe(status);
    expect((await ask('GET', 'Condition/a1')).status).toBe(200);
  });
});

test('user/ scopes reach everybody, and no more than they say', async () => {
  const token = 'a+user/Condition.rs';
  expect(await find('Condition', token)).toEqual(['Condition/a1', 'Condition/b1']);
  expect((await ask('GET', 'Condition/b1', { token })).status).toBe(200);
  expect((await ask('GET', 'Patient/b', { token })).status).toBe(403);
  expect((await ask('DELETE', 'Condition/b1', { token })).status).toBe(403);
});

test('a chain from everybody’s records into those of the patient stays with the patient', async () => {
  const token = 'a+user/Condition.rs+patient/Patient.rs';
  expect(await find('Condition?patient.name=Alpha', token)).toEqual(['Condition/a1']);
  expect(await find('Condition?patient.name=Beta', token)).toEqual([]);
  expect(await find('Condition?_include=Condition:subject', token)).toEqual([
    'Condition/a1',
    'Condition/b1',
    'Patient/a',
  ]);
});

test('patient/ scopes without a patient, or of one who is not there, reach nobody', async () => {
  expect((await ask('GET', 'Condition', { token: '-+patient/*.rs' })).status).toBe(403);
  expect((await ask('GET', 'Condition/a1', { token: '-+patient/*.rs' })).status).toBe(403);
  for (const patient of ['nobody', '__proto__', 'a,b', 'a/b', '../a', '']) {
    // oxlint-disable-next-line no-await-in-loop -- six, one after another
    expect(await find('Condition', `${patient}+patient/*.rs`)).toEqual([]);
  }
});
