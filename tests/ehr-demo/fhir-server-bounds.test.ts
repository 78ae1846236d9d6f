import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FhirAccess } from '../../src/ehr-demo/fhir-server/fhir-access.ts';
import { createRepository } from '../../src/ehr-demo/fhir-server/fhir-server.ts';
import { patientViews } from '../../src/ehr-demo/fhir-server/patient-views.ts';
import { createRecords } from '../../src/ehr-demo/fhir-server/records.ts';
import { type FhirBase, SPOKEN_TOKENS, serveFhir } from '../support/fhir-base.ts';
import { fhirErrors } from '../support/fhir-schema.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const TOKEN = 'a+patient/*.cruds';
const condition = (id: string, patient: string, more: object = {}) => ({
  resourceType: 'Condition',
  id,
  subject: { reference: `Patient/${patient}` },
  ...more,
});
const RESOURCES = [
  {
    resourceType: 'Patient',
    id: 'a',
    name: [{ family: 'Alpha' }],
    generalPractitioner: [{ reference: 'Practitioner/p' }],
  },
  { resourceType: 'Practitioner', id: 'p' },
  { resourceType: 'Patient', id: 'crowd' },
  condition('a1', 'a', { recordedDate: '2025-01-02', code: { text: 'same' } }),
  condition('a2', 'a', { recordedDate: '2025-01-01', code: { text: 'same' } }),
  ...Array.from({ length: 1001 }, (_, at) => condition(`c${at}`, 'crowd')),
  { resourceType: 'Questionnaire', id: 'q', url: 'https://forms.example/q', status: 'active' },
  { resourceType: 'QuestionnaireResponse', id: 'r', questionnaire: 'https://forms.example/q', status: 'completed' },
  ...['first', 'second'].map((id, at, ids) => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: 'size' },
    hasMember: [{ reference: `Observation/${ids[1 - at]}` }],
  })),
];

const servers: Partial<Record<FhirAccess['kind'], FhirBase>> = {};
beforeAll(async () => {
  const accesses: readonly FhirAccess[] = [{ kind: 'anybody' }, { kind: 'readers' }, SPOKEN_TOKENS];
  for (const access of accesses) {
    // oxlint-disable-next-line no-await-in-loop -- three, one after another
    servers[access.kind] = await serveFhir({ access, resources: RESOURCES });
  }
});
afterAll(() => Promise.all(Object.values(servers).map((started) => started.close())));

function server(kind: FhirAccess['kind']): FhirBase {
  const found = servers[kind];
  if (found === undefined) throw new Error(`no server for ${kind}`);
  return found;
}

async function find(path: string): Promise<readonly string[]> {
  const { status, body } = await server('readers').ask('GET', path);
  expect({ path, status, problems: fhirErrors(body) }).toEqual({ path, status: 200, problems: [] });
  const { entry = [] } = body as { entry?: readonly { resource: { resourceType: string; id: string } }[] };
  return entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`);
}

function times(count: number, one: (at: number) => string, between = '&'): string {
  return Array.from({ length: count }, (_, at) => one(at)).join(between);
}

const CODES = ['code', 'subject', '_id', 'recorded-date', 'onset-date', 'category'];
/** Each pair: the most that is answered, one more that is not, and the words of the refusal. */
const BOUNDS: readonly (readonly [claim: string, most: string, more: string, why: string])[] = [
  ['parameters', times(50, (at) => `code=${at}`), times(51, (at) => `code=${at}`), '50 parameters'],
  ['values', `_id=${times(500, String, ',')}`, `_id=${times(501, String, ',')}`, '500 values'],
  ['values together', '', `_id=${times(300, String, ',')}&code=${times(300, String, ',')}`, '500 values'],
  ['characters', `_id=${'x'.repeat(8000)}`, `_id=${'x'.repeat(8001)}`, '8000 characters'],
  ['sort keys', `_sort=${CODES.slice(1).join(',')}`, `_sort=${CODES.join(',')}`, '5 sort keys'],
  ['sort keys apart', '', times(6, (at) => `_sort=${CODES[at]}`), '5 sort keys'],
  [
    'includes',
    times(5, (at) => `_include=Condition:subject:T${at}&_revinclude=Observation:subject:T${at}`),
    times(11, (at) => `_include=Condition:subject:T${at}`),
    '10 includes',
  ],
  ['chains', times(5, (at) => `patient.name=${at}`), times(6, (at) => `patient.name=${at}`), '5 chained'],
  ['links of a chain', 'patient.name=Alpha', 'patient.general-practitioner.name=x', 'A chain may have one link'],
  [
    'steps back',
    '_revinclude=Condition:encounter',
    '_revinclude:iterate=Condition:encounter',
    '_revinclude:iterate is not supported',
  ],
];

describe('a search asks no more than so many', () => {
  test.each(BOUNDS)('%s', async (_claim, most, more, why) => {
    const post = (body: string) => server('readers').ask('POST', 'Condition/_search', { body, headers: FORM });
    expect((await post(most)).status).toBe(200);
    const { status, body, text } = await post(more);
    expect([status, fhirErrors(body)]).toEqual([400, []]);
    expect(text).toContain(why);
  });

  // More values than these are too many for a Bundle, too.
  test.each(BOUNDS.filter(([, , , why]) => why !== '500 values'))(
    '%s, in a batch',
    async (_claim, _most, more, why) => {
      const entry = [{ request: { method: 'GET', url: `Condition?${more}` } }];
      for (const kind of ['anybody', 'smart'] as const) {
        const body = { resourceType: 'Bundle', type: 'batch', entry };
        // oxlint-disable-next-line no-await-in-loop -- two, one after another
        const answer = await server(kind).ask('POST', '', { token: TOKEN, body });
        expect(answer).toMatchObject({ status: 200, body: { entry: [{ response: { status: '400' } }] } });
        expect(answer.text).toContain(why);
      }
    },
  );

  // Sorting makes no difference to a condition, and is left out.
  test.each(BOUNDS.filter(([, , , why]) => why !== '5 sort keys'))(
    '%s, as a condition',
    async (_claim, _most, more, why) => {
      for (const kind of ['anybody', 'smart'] as const) {
        // oxlint-disable-next-line no-await-in-loop -- two, one after another
        const { status, text } = await server(kind).ask('POST', 'Condition', {
          token: TOKEN,
          body: condition('x', 'a'),
          headers: { 'if-none-exist': more },
        });
        expect([status, text]).toEqual([400, expect.stringContaining(why)]);
      }
    },
  );

  test('characters at all, whatever they are', async () => {
    const post = (body: string) => server('readers').ask('POST', 'Condition/_search?_count=1', { body, headers: FORM });
    expect((await post('a&'.repeat(14_000))).status).toBe(200);
    const { status, text } = await post('a&'.repeat(15_000));
    expect([status, text]).toEqual([400, expect.stringContaining('30000 characters')]);
  });

  test('included resources', async () => {
    const { status, text } = await server('readers').ask('GET', 'Patient?_revinclude=Condition:subject');
    expect([status, text]).toEqual([400, expect.stringContaining('A search may include 1000 resources')]);
  });
});

describe('what is asked twice counts once', () => {
  test('of includes', async () => {
    const twice = times(40, () => '_include=Condition:subject&_revinclude=Condition:encounter');
    expect(await find(`Condition?_id=a1&${twice}`)).toEqual(['Condition/a1', 'Patient/a']);
  });

  test('of sort keys: the first rules', async () => {
    const keys = times(10, () => 'recorded-date,-recorded-date', ',');
    expect(await find(`Condition?patient=a&_sort=${keys}`)).toEqual(['Condition/a2', 'Condition/a1']);
  });
});

describe('what comes along', () => {
  test.each([
    ['is there once, whoever refers to it', 'Condition?patient=a&_include=Condition:subject', 'a1 a2 Patient/a'],
    [
      'brings along what it refers to, if asked again',
      'Condition?_id=a1&_include=Condition:subject&_include:iterate=Patient:general-practitioner',
      'a1 Patient/a Practitioner/p',
    ],
    [
      'does not, if not',
      'Condition?_id=a1&_include=Condition:subject&_include=Patient:general-practitioner',
      'a1 Patient/a',
    ],
    ['is of the type that is asked for', 'Condition?_id=a1&_include=Condition:subject:Group', 'a1'],
    ['refers back, of that type', 'Patient?_id=a&_revinclude=Condition:subject:Patient', 'Patient/a a1 a2'],
    ['does not refer back to another type', 'Patient?_id=a&_revinclude=Condition:subject:Group', 'Patient/a'],
    [
      'may be referred to by its URL',
      'QuestionnaireResponse?_include=QuestionnaireResponse:questionnaire',
      'QuestionnaireResponse/r Questionnaire/q',
    ],
    [
      'may refer by URL',
      'Questionnaire?_revinclude=QuestionnaireResponse:questionnaire',
      'Questionnaire/q QuestionnaireResponse/r',
    ],
    [
      'ends where records refer in a circle',
      'Observation?_id=first&_include:iterate=Observation:has-member',
      'Observation/first Observation/second',
    ],
  ])('%s', async (_claim, path, names) => {
    expect((await find(path)).join(' ').replaceAll('Condition/', '')).toBe(names);
  });

  test.each(['Condition:mood', 'Condition:code', '__proto__:subject', 'Condition:__proto__'])(
    'by %s is a 400',
    async (target) => {
      const { status, text } = await server('readers').ask('GET', `Condition?_id=a1&_include=${target}`);
      expect([status, text]).toEqual([400, expect.stringContaining(`Invalid include parameter: ${target}`)]);
    },
  );
});

describe('the entries of a Bundle', () => {
  const batch = (entry: readonly object[]) =>
    server('smart').ask('POST', '', { token: TOKEN, body: { resourceType: 'Bundle', type: 'batch', entry } });
  const get = (url: string) => ({ request: { method: 'GET', url } });
  const once = { request: { method: 'POST', url: 'Condition', ifNoneExist: '_id=a1' }, resource: condition('x', 'a') };

  test.each([
    ['by a query', 'Condition?_id=x'],
    ['for all of a type', 'Condition'],
    ['for all of a type, with a slash', '/Condition/'],
  ])('that search %s are a hundred, with those that are conditional', async (_claim, url) => {
    const entries = Array.from({ length: 100 }, (_, at) => (at === 0 ? once : get(url)));
    expect((await batch(entries)).status).toBe(200);
    const { status, body, text } = await batch([...entries, get(url)]);
    expect([status, fhirErrors(body)]).toEqual([413, []]);
    expect(text).toContain('100 entries that search');
  });

  test('that read are a thousand', async () => {
    expect((await batch(Array.from({ length: 1000 }, () => get('Patient/a')))).status).toBe(200);
  });

  test('search by so many values together, and no more', async () => {
    const entries = Array.from({ length: 30 }, () => get(`Condition?_id=${times(10, String, ',')}`));
    expect((await batch(entries)).status).toBe(200);
    const { status, text } = await batch([...entries, get('Condition?_id=x')]);
    expect([status, text]).toEqual([413, expect.stringContaining('300 values')]);
  });

  test('search with so many characters together, and no more', async () => {
    const { status, text } = await batch(Array.from({ length: 10 }, () => get(`Condition?_id=${'x'.repeat(3001)}`)));
    expect([status, text]).toEqual([413, expect.stringContaining('30000 characters')]);
  });

  test('find so many resources together, and then no more', async () => {
    const { body } = await server('smart').ask('POST', '', {
      token: 'crowd+patient/*.rs',
      body: {
        resourceType: 'Bundle',
        type: 'batch',
        entry: Array.from({ length: 4 }, () => get('Condition?_count=999')),
      },
    });
    const { entry } = body as { entry: readonly { response: { status: string; outcome?: unknown } }[] };
    expect(entry.map(({ response }) => response.status)).toEqual(['200', '200', '200', '400']);
    expect(JSON.stringify(entry[3])).toContain('2000 resources together');
  });
});

test('a view of a patient’s records that could not be made once is made the next time', async () => {
  const repository = createRepository();
  await createRecords(repository, [{ resourceType: 'Patient', id: 'a' }]);
  const viewOf = patientViews(repository);
  Object.assign(repository, { matches: async () => Promise.reject(new Error('a bad moment')) });
  await expect(viewOf('a')).rejects.toThrow('a bad moment');
  Reflect.deleteProperty(repository, 'matches');
  const view = await viewOf('a');
  expect(await view.readResource('Patient', 'a')).toMatchObject({ id: 'a' });
});
