import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import nock from 'nock';
import type { CdsServiceResponse } from '../src/cds-hooks/types.ts';
import { chartQueries } from '../src/chart/queries.ts';
import { RESOURCE_KEYS } from '../src/chart/reading.ts';
import { buildHookRequest, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { resolvePrefetch } from '../src/ehr-demo/prefetch.ts';
import { loadDraft, loadPatient, loadScenarios, type ScenarioCall } from '../src/ehr-demo/scenarios.ts';
import { cdsServices } from '../src/services.ts';
import { withoutAids } from './fhir/chart-fixtures.ts';
import { type LocalServer, startLocalServer } from './fhir/local-server.ts';
import { fhirErrors } from './support/fhir-schema.ts';
import { post, type Reply, type Served } from './support/http.ts';
import { responseProblems } from './support/schemas/cds-hooks-response.ts';
import { guideline, type ServiceOptions, serveService } from './support/service.ts';

/** What a patient with untreated metastatic ASPS gets when the chart is opened: the first four. */
const UNTREATED = ['baseline-brain-mri', 'atezolizumab-first-line', 'sarcoma-centre-referral', 'tfe3-confirmation'];
const WITHOUT_OBSERVATIONS = [...UNTREATED.slice(0, 3), 'palliative-care-referral'];

type Json = Record<string, unknown>;
type Outcome = {
  readonly issue: readonly { readonly details: { readonly text: string }; readonly diagnostics: string }[];
};
type LogLine = {
  readonly service?: string;
  readonly skipped?: number;
  readonly unread?: readonly string[];
  readonly fhir?: unknown;
  readonly code?: string;
};

const queries = chartQueries(guideline.terminology);
const services = cdsServices(queries);
const lines: string[] = [];
let service: Served;

beforeAll(async () => {
  service = await serveService({ onLog: (line) => void lines.push(line) });
});
afterAll(() => service.close());

/** The body that an EHR with this chart sends. */
function requestFor(patient: string, call: Partial<ScenarioCall> = {}) {
  const { hook = 'patient-view', draft, selections, omit } = call;
  const target = serviceForHook(services, hook);
  if (target === undefined) throw new Error(`no service for ${hook}`);
  const { prefetch = {}, ...request } = buildHookRequest(
    {
      patient: loadPatient(patient),
      hook,
      draft: draft === undefined ? undefined : loadDraft(draft, patient),
      selections,
      omit,
    },
    target,
  );
  // A copy of its own: tests change it.
  return { ...request, prefetch: structuredClone(prefetch) as Json };
}

type HookCall = ReturnType<typeof requestFor> & { readonly fhirServer?: string };

async function send(request: HookCall, url = service.url): Promise<Reply> {
  return post(`${url}/cds-services/asps-${request.hook}`, request);
}

function cardsOf({ body }: Reply) {
  return (body as CdsServiceResponse).cards.map(({ source }) => source.topic?.code);
}

function details({ body }: Reply): string {
  return (body as CdsServiceResponse).cards.map(({ detail }) => detail).join('\n');
}

/** The FHIR resources that suggestions would create or change. */
function ordersOf({ body }: Reply) {
  return (body as CdsServiceResponse).cards.flatMap(({ suggestions = [] }) =>
    suggestions.flatMap(({ actions = [] }) =>
      actions.flatMap((action) => (action.type === 'delete' ? [] : [action.resource])),
    ),
  );
}

function refusal({ body }: Reply): string {
  return (body as Outcome).issue.map(({ details: { text }, diagnostics }) => `${diagnostics}: ${text}`).join('\n');
}

/** The log line of the last call. */
function lastLine(): LogLine {
  return JSON.parse(lines.at(-1) ?? '{}') as LogLine;
}

/** The resources of a prefetched search, to be changed. */
function entriesOf(request: HookCall, key: string): { resource: Json }[] {
  const bundle = request.prefetch[key] as { entry?: { resource: Json }[] };
  bundle.entry ??= [];
  return bundle.entry;
}

function aspsConditions(request: HookCall): readonly Json[] {
  return entriesOf(request, 'conditions')
    .map(({ resource }) => resource)
    .filter((resource) => JSON.stringify(resource).match(/alveolar|404056007|9581\/3/i) !== null);
}

const FAILED = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] };
const NEXT = { relation: 'next', url: 'https://ehr.example.org/fhir?page=2' };

// CH-64, CH-195.
describe('without the conditions nothing can be said', () => {
  test('null means that there is none: no card', async () => {
    const request = requestFor('metastatic-untreated');
    request.prefetch['conditions'] = null;
    const reply = await send(request);
    expect([reply.status, reply.body]).toEqual([200, { cards: [] }]);
  });

  test.each<[string, (request: HookCall) => void]>([
    ['not sent', ({ prefetch }) => delete prefetch['conditions']],
    ['whose query failed at the client', ({ prefetch }) => (prefetch['conditions'] = FAILED)],
    ['that are no FHIR', ({ prefetch }) => (prefetch['conditions'] = 'none')],
    [
      'that are a resource of another type',
      ({ prefetch }) => (prefetch['conditions'] = { resourceType: 'Patient', id: 'x' }),
    ],
    [
      'that are all of another type',
      ({ prefetch }) =>
        (prefetch['conditions'] = { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Procedure' } }] }),
    ],
  ])('conditions %s: 412 that names the key', async (_claim, change) => {
    for (const patient of ['metastatic-untreated', 'primary-care']) {
      const request = requestFor(patient);
      change(request);
      // oxlint-disable-next-line no-await-in-loop -- the log line belongs to the call before it
      const reply = await send(request);
      expect(reply.status).toBe(412);
      expect(reply.body).toMatchObject({ resourceType: 'OperationOutcome' });
      expect(fhirErrors(reply.body)).toEqual([]);
      expect(refusal(reply)).toMatch(/^data-unobtainable: .*"conditions"/);
      expect(lastLine()).toMatchObject({ code: 'data-unobtainable', status: 412 });
    }
  });

  test('no prefetch and no server: 412', async () => {
    const { prefetch: _prefetch, ...request } = requestFor('metastatic-untreated');
    const reply = await post(`${service.url}/cds-services/asps-patient-view`, request);
    expect([reply.status, refusal(reply)]).toEqual([412, expect.stringContaining('"conditions"')]);
  });

  test('a next page that cannot be followed: 412 while no ASPS is seen, since it may be on it', async () => {
    const request = requestFor('primary-care');
    Object.assign(request.prefetch['conditions'] as Json, { link: [NEXT] });
    const reply = await send(request);
    expect([reply.status, refusal(reply)]).toEqual([412, expect.stringContaining('"conditions": more-pages')]);
  });

  test('a next page that cannot be followed: cards once ASPS is seen, and the facts that it may concern stay open', async () => {
    const request = requestFor('metastatic-untreated');
    Object.assign(request.prefetch['conditions'] as Json, { link: [NEXT] });
    const reply = await send(request);
    expect([reply.status, cardsOf(reply)]).toEqual([200, UNTREATED]);
    expect(lastLine().unread).toEqual(['conditions']);
  });
});

describe('the patient', () => {
  test('missing is nothing to a call without ASPS', async () => {
    const reply = await send(requestFor('primary-care', { omit: ['patient'] }));
    expect([reply.status, reply.body]).toEqual([200, { cards: [] }]);
  });

  test.each<[string, (request: HookCall) => void]>([
    ['missing', ({ prefetch }) => delete prefetch['patient']],
    ['null', ({ prefetch }) => (prefetch['patient'] = null)],
    ['of another id', ({ prefetch }) => Object.assign(prefetch['patient'] as Json, { id: 'somebody-else' })],
    ['of another type', ({ prefetch }) => Object.assign(prefetch['patient'] as Json, { resourceType: 'Person' })],
    ['a failed query', ({ prefetch }) => (prefetch['patient'] = FAILED)],
  ])('%s, with ASPS: 412 that names the key', async (_claim, change) => {
    const request = requestFor('metastatic-untreated');
    change(request);
    const reply = await send(request);
    expect([reply.status, refusal(reply)]).toEqual([412, expect.stringMatching(/^data-unobtainable: .*"patient"/)]);
  });
});

describe("another patient's resources", () => {
  const elsewhere = { reference: 'Patient/somebody-else' };

  test('are left out, counted in the log, and never shown', async () => {
    const plain = requestFor('metastatic-untreated');
    const mixed = requestFor('metastatic-untreated');
    entriesOf(mixed, 'medicationRequests').push({
      resource: {
        resourceType: 'MedicationRequest',
        id: 'foreign',
        status: 'active',
        intent: 'order',
        medicationCodeableConcept: { text: 'Atezolizumab foreign' },
        subject: elsewhere,
      },
    });
    entriesOf(mixed, 'conditions').push({
      resource: {
        resourceType: 'Condition',
        id: 'foreign',
        code: { text: 'Breast carcinoma foreign' },
        subject: elsewhere,
      },
    });
    const expected = cardsOf(await send(plain));
    const before = lastLine().skipped ?? 0;
    const reply = await send(mixed);
    expect(cardsOf(reply)).toEqual(expected);
    expect(reply.text).not.toMatch(/foreign|somebody-else|Breast/);
    expect(lastLine().skipped).toBe(before + 2);
    expect(lines.at(-1)).not.toMatch(/foreign|somebody-else|Breast/);
  });

  test('do not give a patient without ASPS one', async () => {
    const request = requestFor('primary-care');
    const [asps] = aspsConditions(requestFor('metastatic-untreated'));
    entriesOf(request, 'conditions').push({ resource: { ...asps } });
    const reply = await send(request);
    expect([reply.status, reply.body]).toEqual([200, { cards: [] }]);
    expect(lastLine().skipped).toBe(1);
  });

  test('among the drafts are not judged', async () => {
    const request = requestFor('metastatic-untreated', { hook: 'order-sign', draft: 'doxorubicin' });
    const { draftOrders } = request.context as { draftOrders: { entry: { resource: Json }[] } };
    for (const { resource } of draftOrders.entry) resource['subject'] = elsewhere;
    const reply = await send(request);
    expect([reply.status, cardsOf(reply)]).toEqual([200, []]);
    expect(lastLine().skipped).toBe(draftOrders.entry.length);
  });
});

describe('odd charts', () => {
  test('a Condition without a code takes nothing away', async () => {
    const request = requestFor('metastatic-untreated');
    entriesOf(request, 'conditions').unshift({
      resource: { resourceType: 'Condition', id: 'uncoded', subject: { reference: 'Patient/metastatic-untreated' } },
    });
    expect(cardsOf(await send(request))).toEqual(UNTREATED);
  });

  test('contained resources that refer to each other in a circle are read all the same', async () => {
    const request = requestFor('metastatic-untreated');
    const medication = (id: string, next: string) => ({
      resourceType: 'Medication',
      id,
      ingredient: [{ itemReference: { reference: `#${next}` } }],
    });
    entriesOf(request, 'medicationRequests').push({
      resource: {
        resourceType: 'MedicationRequest',
        id: 'circle',
        status: 'active',
        intent: 'order',
        contained: [medication('a', 'b'), medication('b', 'a')],
        medicationReference: { reference: '#a', display: 'atezolizumab' },
        subject: { reference: 'Patient/metastatic-untreated' },
      },
    });
    const reply = await send(request);
    expect([reply.status, cardsOf(reply)]).toEqual([
      200,
      ['baseline-brain-mri', 'sarcoma-centre-referral', 'tfe3-confirmation', 'palliative-care-referral'],
    ]);
  });

  test('the ASPS Condition without an id: orders without a reason that nobody could follow', async () => {
    const request = requestFor('metastatic-untreated');
    const conditions = aspsConditions(request);
    expect(conditions.length).toBeGreaterThan(0);
    for (const condition of conditions) delete condition['id'];
    const reply = await send(request);
    expect(cardsOf(reply)).toEqual(UNTREATED);
    expect(ordersOf(reply).length).toBeGreaterThan(0);
    expect(ordersOf(reply).filter((order) => 'reasonReference' in order)).toEqual([]);
    expect(responseProblems(reply.body)).toEqual([]);
  });

  test('every order of an ordinary chart has a reason', async () => {
    const orders = ordersOf(await send(requestFor('metastatic-untreated')));
    expect(orders.length).toBeGreaterThan(0);
    expect(orders.filter((order) => !('reasonReference' in order))).toEqual([]);
  });

  test('values wrapped in {resource}, as before CDS Hooks 1.0, are read as the values themselves', async () => {
    const request = requestFor('metastatic-untreated');
    const wrapped = {
      ...request,
      prefetch: Object.fromEntries(
        Object.entries(request.prefetch).map(([key, resource]) => [key, { response: { status: '200 OK' }, resource }]),
      ),
    };
    expect(withoutUuids((await send(wrapped)).body)).toEqual(withoutUuids((await send(request)).body));
  });

  test('the same request twice gets the same answer, but for the uuids', async () => {
    for (const call of [{}, { hook: 'order-sign', draft: 'doxorubicin-and-ct' }]) {
      const request = requestFor('metastatic-untreated', call);
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      const [first, second] = [await send(request), await send(request)];
      expect(withoutUuids(second.body)).toEqual(withoutUuids(first.body));
      expect(uuidsOf(second.body)).not.toEqual(uuidsOf(first.body));
    }
  });
});

function withoutUuids(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === 'uuid' ? 'uuid' : member)));
}

function uuidsOf(value: unknown): readonly string[] {
  return JSON.stringify(value).match(/"uuid":"[^"]+"/g) ?? [];
}

describe('whatever stands in a chart, the answer is cards or a refusal', () => {
  type Path = readonly (string | number)[];

  /** The places of a JSON value, at any depth. */
  function placesIn(value: unknown, path: Path = []): readonly Path[] {
    if (typeof value !== 'object' || value === null) return [path];
    return [path, ...Object.entries(value).flatMap(([name, member]) => placesIn(member, [...path, name]))];
  }

  function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
    if (first === undefined) return by;
    if (Array.isArray(value)) return value.map((item, at) => (String(at) === first ? replaced(item, rest, by) : item));
    return { ...(value as Json), [first]: replaced((value as Json)[first], rest, by) };
  }

  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      ' ',
      0,
      -1,
      1e308,
      true,
      [],
      {},
      [null],
      [[]],
      [{}],
      { reference: 7 },
      '2024-13-45',
      '0000',
    ),
    fc.constantFrom<unknown>(
      '__proto__',
      'urn:uuid:',
      '#',
      '/',
      '\uD800',
      '9'.repeat(400),
      { resourceType: {} },
      { value: 'NaN' },
    ),
    fc.jsonValue({ maxDepth: 3 }),
  );

  test.each<[string, Partial<ScenarioCall>, number]>([
    ['metastatic-untreated', {}, 150],
    ['metastatic-untreated', { hook: 'order-sign', draft: 'doxorubicin-and-ct' }, 60],
    ['progressed-on-atezolizumab', {}, 80],
    ['second-cancer-linked', { hook: 'order-sign', draft: 'doxorubicin-for-breast-cancer' }, 60],
    ['child-12y-pounds', {}, 60],
    ['oracle-atezolizumab-given', {}, 80],
  ])('%s %j, with members of the prefetch replaced', async (patient, call, numRuns) => {
    const request = requestFor(patient, call);
    const changes = fc.array(fc.tuple(fc.constantFrom(...placesIn(request.prefetch).slice(1)), odd), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        let prefetch: unknown = request.prefetch;
        // A later change may be at a place that an earlier one took away.
        for (const [path, by] of list)
          prefetch = placesIn(prefetch).some((one) => one.join('\n') === path.join('\n'))
            ? replaced(prefetch, path, by)
            : prefetch;
        const reply = await post(`${service.url}/cds-services/asps-${request.hook}`, { ...request, prefetch });
        expect([200, 412]).toContain(reply.status);
        expect(reply.status === 200 ? responseProblems(reply.body) : fhirErrors(reply.body)).toEqual([]);
      }),
      { numRuns },
    );
  });

  test('with members of the draft orders replaced', async () => {
    const request = requestFor('metastatic-untreated', { hook: 'order-sign', draft: 'contained-cyclic' });
    const { draftOrders } = request.context as { draftOrders: { entry: unknown } };
    const change = fc.tuple(fc.constantFrom(...placesIn(draftOrders.entry).slice(1)), odd);
    await fc.assert(
      fc.asyncProperty(change, async ([path, by]) => {
        const entry = replaced(draftOrders.entry, path, by);
        const context = { ...request.context, draftOrders: { ...draftOrders, entry } };
        const reply = await post(`${service.url}/cds-services/asps-order-sign`, { ...request, context });
        expect(reply.status).toBe(200);
        expect(responseProblems(reply.body)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

/** A FHIR server with one patient's chart; `hold` answers when it resolves. */
async function fhirServerOf(patient: string, hold?: (url: string) => Promise<void> | undefined) {
  const asked: string[] = [];
  const { resources } = loadPatient(patient);
  const listener: RequestListener = async (request, response) => {
    const url = decodeURIComponent((request.url ?? '').replace(/^\/fhir\//, ''));
    asked.push(url);
    await hold?.(url);
    const { answer } = resolvePrefetch({ answer: url }, {}, resources);
    response.statusCode = answer === undefined ? 404 : 200;
    response.setHeader('Content-Type', 'application/fhir+json').end(JSON.stringify(answer ?? FAILED));
  };
  const server: LocalServer = await startLocalServer(listener);
  return { ...server, asked, types: () => asked.map((url) => url.split(/[/?]/)[0]) };
}

describe('a FHIR server on loopback', () => {
  // CH-71, CH-73.
  test('serves what was not sent: the same answer as with everything in the prefetch', async () => {
    const server = await fhirServerOf('metastatic-untreated');
    const full = requestFor('metastatic-untreated');
    const reply = await send({ ...full, prefetch: {}, fhirServer: server.base });
    expect([reply.status, withoutUuids(reply.body)]).toEqual([200, withoutUuids((await send(full)).body)]);
    expect(server.asked.map(withoutAids).toSorted()).toEqual(
      Object.values(queries)
        .map((query) => query.replaceAll('{{context.patientId}}', 'metastatic-untreated'))
        .toSorted(),
    );
    await server.close();
  });

  // CH-194.
  test('is asked for nothing that was sent', async () => {
    const server = await fhirServerOf('metastatic-untreated');
    const request = requestFor('metastatic-untreated', { omit: ['procedures', 'patient'] });
    const reply = await send({ ...request, fhirServer: server.base });
    expect([reply.status, cardsOf(reply)]).toEqual([200, UNTREATED]);
    expect(new Set(server.types())).toEqual(new Set(['Patient', 'Procedure']));
    expect(server.asked).toHaveLength(2);
    await server.close();
  });

  test('is asked for Condition alone when there is no ASPS', async () => {
    const server = await fhirServerOf('primary-care');
    const reply = await send({ ...requestFor('primary-care'), prefetch: {}, fhirServer: server.base });
    expect([reply.status, reply.body]).toEqual([200, { cards: [] }]);
    expect(server.types()).toEqual(['Condition']);
    await server.close();
  });

  // CH-193.
  test('is asked for nothing when the prefetched Conditions show no ASPS', async () => {
    const server = await fhirServerOf('primary-care');
    const request = requestFor('primary-care', { omit: RESOURCE_KEYS.filter((key) => key !== 'conditions') });
    expect((await send({ ...request, fhirServer: server.base })).body).toEqual({ cards: [] });
    expect(server.asked).toEqual([]);
    await server.close();
  });

  test('that does not have the Conditions: 412', async () => {
    const server = await startLocalServer((_request, response) => response.writeHead(500).end());
    const reply = await send({ ...requestFor('primary-care'), prefetch: {}, fhirServer: server.base });
    expect([reply.status, refusal(reply)]).toEqual([412, expect.stringContaining('"conditions": failed')]);
    await server.close();
  });
});

test('a Medication that was looked for in vain is counted in the detail, and named in the log', async () => {
  const request = requestFor('epic-on-atezolizumab');
  const whole = await send(request);
  const entries = entriesOf(request, 'medicationRequests');
  const orders = entries.filter(({ resource }) => resource['resourceType'] !== 'Medication');
  expect(orders.length).toBeLessThan(entries.length);
  (request.prefetch['medicationRequests'] as Json)['entry'] = orders;

  // Epic names the drug in the reference: without a server that is all there is to know.
  const named = await send(request);
  expect([cardsOf(named), details(named)]).toEqual([cardsOf(whole), details(whole)]);
  expect(lastLine()).toMatchObject({ unread: [] });

  const server = await startLocalServer((_request, response) => response.writeHead(403).end());
  const reply = await send({ ...request, fhirServer: server.base });
  expect(cardsOf(reply)).toEqual(cardsOf(whole));
  expect(details(reply)).toContain(
    '**Not looked at in this call:** Medication (1 known by what orders call them alone).',
  );
  expect(lastLine()).toMatchObject({ unread: ['medications'] });
  await server.close();
});

describe('a draft order whose drug stands on the FHIR server alone', () => {
  const DOXORUBICIN = { resourceType: 'Medication', id: 'med-dox', code: { text: 'doxorubicin 2 mg/mL' } };

  function signing(reference: string) {
    const request = requestFor('metastatic-untreated', { hook: 'order-sign', draft: 'doxorubicin' });
    const { draftOrders } = request.context as { draftOrders: { entry: { resource: Json }[] } };
    for (const { resource } of draftOrders.entry) {
      delete resource['medicationCodeableConcept'];
      resource['medicationReference'] = { reference };
    }
    return request;
  }

  async function serverWith(medication: unknown) {
    const asked: string[] = [];
    const server = await startLocalServer((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('Content-Type', 'application/fhir+json').end(JSON.stringify(medication));
    });
    return { ...server, asked };
  }

  test('is read from there, and judged', async () => {
    const server = await serverWith(DOXORUBICIN);
    const reply = await send({ ...signing('Medication/med-dox'), fhirServer: server.base });
    expect([reply.status, cardsOf(reply)]).toEqual([200, expect.arrayContaining(['avoid-anthracycline-first-line'])]);
    expect(server.asked).toEqual(['/fhir/Medication/med-dox']);
    expect(lastLine()).toMatchObject({ unread: [], fhir: { requests: 1, spared: 0, ms: expect.any(Number) } });
    await server.close();
  });

  test('and cannot be read is not judged, and the log says so', async () => {
    const server = await serverWith(FAILED);
    const reply = await send({ ...signing('Medication/med-dox'), fhirServer: server.base });
    expect([reply.status, cardsOf(reply)]).toEqual([
      200,
      expect.not.arrayContaining(['avoid-anthracycline-first-line']),
    ]);
    expect(lastLine()).toMatchObject({ unread: ['draftMedications'] });
    await server.close();
  });

  test('is not looked for when there is no ASPS', async () => {
    const server = await serverWith(DOXORUBICIN);
    const { context } = signing('Medication/med-dox');
    const request = requestFor('primary-care', { hook: 'order-sign', draft: 'doxorubicin' });
    const drafts = { ...request.context, draftOrders: (context as Json)['draftOrders'] };
    const reply = await send({ ...request, context: drafts, fhirServer: server.base });
    expect([reply.status, reply.body]).toEqual([200, { cards: [] }]);
    expect(server.asked).toEqual([]);
    await server.close();
  });
});

describe('a slow FHIR server', () => {
  const never = () => new Promise<void>(() => {});

  async function impatient(options: ServiceOptions = {}): Promise<Served> {
    return serveService({ budgetMs: 300, ...options });
  }

  test('costs the budget and no more; what it did not answer is named as such and never taken as absent', async () => {
    const slow = await impatient();
    const server = await fhirServerOf('metastatic-untreated', (url) =>
      url.startsWith('Medication') || url.startsWith('Procedure') ? never() : undefined,
    );
    const omit = ['procedures', 'medicationRequests', 'medicationAdministrations', 'medicationStatements'];
    const started = performance.now();
    const reply = await send({ ...requestFor('metastatic-untreated', { omit }), fhirServer: server.base }, slow.url);
    expect(performance.now() - started).toBeLessThan(5000);
    expect([reply.status, cardsOf(reply)]).toEqual([200, WITHOUT_OBSERVATIONS]);
    expect(details(reply)).toContain('Procedure (no answer in time)');
    expect(details(reply)).toContain('MedicationRequest (no answer in time)');
    expect(details(reply)).not.toMatch(/No record of (a PD-1|brain MRI)/);
    expect(responseProblems(reply.body)).toEqual([]);
    await Promise.all([server.close(), slow.close()]);
  });

  test('that keeps the Conditions to itself: 412', async () => {
    const slow = await impatient();
    const server = await fhirServerOf('metastatic-untreated', never);
    const reply = await send(
      { ...requestFor('metastatic-untreated'), prefetch: {}, fhirServer: server.base },
      slow.url,
    );
    expect([reply.status, refusal(reply)]).toEqual([412, expect.stringContaining('"conditions": timed-out')]);
    await Promise.all([server.close(), slow.close()]);
  });

  test('has the time that the Conditions left: the budget is for the whole call', async () => {
    const slow = await impatient({ budgetMs: 1000 });
    const server = await fhirServerOf('metastatic-untreated', async (url) => {
      const waitMs = url.startsWith('Condition') ? 600 : 700;
      if (!url.startsWith('Patient')) await new Promise((resolve) => setTimeout(resolve, waitMs));
    });
    const reply = await send(
      { ...requestFor('metastatic-untreated'), prefetch: {}, fhirServer: server.base },
      slow.url,
    );
    expect(reply.status).toBe(200);
    expect(details(reply)).toContain('(no answer in time)');
    await Promise.all([server.close(), slow.close()]);
  });
});

describe('a FHIR server elsewhere', () => {
  test.each([
    'https://fhir.example.org/r4',
    'http://127.0.0.1.attacker.example/fhir',
    'http://localhost.attacker.example/fhir',
    'http://169.254.169.254/latest',
    'http://10.0.0.1/fhir',
    'http://0.0.0.0/fhir',
  ])('%s is never contacted: it counts as not given', async (fhirServer) => {
    let contacts = 0;
    const trap = nock(new URL(fhirServer).origin)
      .persist()
      .get(/.*/)
      .reply(() => {
        contacts += 1;
        return [200, {}];
      });
    const missing = await send({ ...requestFor('metastatic-untreated'), prefetch: {}, fhirServer });
    expect([missing.status, refusal(missing)]).toEqual([412, expect.stringContaining('"conditions": not-sent')]);
    const some = await send({ ...requestFor('metastatic-untreated', { omit: ['procedures'] }), fhirServer });
    expect([some.status, details(some)]).toEqual([200, expect.stringContaining('Procedure (not sent)')]);
    expect(contacts).toBe(0);

    await fetch(`${new URL(fhirServer).origin}/x`);
    expect(contacts).toBe(1);
    trap.persist(false);
    nock.cleanAll();
  });
});

describe('the log', () => {
  /** Strings of the chart that a person can be known by, or that somebody typed; shorter ones stand in any text. */
  function privateIn(patient: string, draft: string | undefined): readonly string[] {
    const drafts = draft === undefined ? [] : (loadDraft(draft, patient).entry ?? []).map(({ resource }) => resource);
    const found = [...loadPatient(patient).resources, ...drafts].flatMap((resource) => [
      resource.id,
      ...(resource.resourceType === 'Patient' ? stringsIn(resource) : wordsIn(resource)),
    ]);
    return [...new Set(found)].filter((text) => text !== undefined && text.length >= 5);
  }

  function stringsIn(value: unknown): readonly string[] {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
  }

  /** `text`, `display` and identifiers at any depth. */
  function wordsIn(value: unknown): readonly string[] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, member]) =>
      ['text', 'display', 'identifier', 'note', 'conclusion'].includes(name) ? stringsIn(member) : wordsIn(member),
    );
  }

  /** What a line of any call may say, whoever it is about. */
  const WORDS = [
    ...services.map(({ id }) => id),
    ...guideline.cards.map(({ file }) => file.id),
    ...RESOURCE_KEYS,
    '/cds-services/:id',
    'data-unobtainable',
    'request completed',
    'POST',
  ];

  const calls = loadScenarios().flatMap((scenario) =>
    scenario.calls.map(
      (one) =>
        [
          `${scenario.patient}, ${one.hook} ${one.draft ?? ''} ${one.omit?.join() ?? ''}`,
          scenario.patient,
          one,
        ] as const,
    ),
  );

  test.each(calls)('of %s holds nothing of the chart', async (_name, patient, one) => {
    const before = lines.length;
    const request = requestFor(patient, one);
    await send(request);
    await send({ ...request, prefetch: {} });
    const written = lines.slice(before).join('').toLowerCase();
    expect(written).toContain('"service"');
    expect(privateIn(patient, one.draft).length).toBeGreaterThan(3);
    // Numbers and uuids of the call are no words of the chart.
    const said = WORDS.reduce((text, word) => text.replaceAll(`"${word.toLowerCase()}"`, ''), written).replaceAll(
      /"(?:requestid|hookinstance)":"[0-9a-f-]{36}"|"(?:time|ms)":[\d.]+/g,
      '',
    );
    expect(privateIn(patient, one.draft).filter((text) => said.includes(text.toLowerCase()))).toEqual([]);
  });

  test('is one line a call, with known members alone', async () => {
    const before = lines.length;
    await send(requestFor('metastatic-untreated'));
    expect(lines).toHaveLength(before + 1);
    expect(lastLine()).toEqual({
      level: 30,
      time: expect.any(Number),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      method: 'POST',
      route: '/cds-services/:id',
      status: 200,
      ms: expect.any(Number),
      hookInstance: expect.stringMatching(/^[0-9a-f-]{36}$/),
      service: 'asps-patient-view',
      cards: UNTREATED,
      issued: UNTREATED.map(() => ({ card: expect.any(String), suggestions: expect.any(Array) })),
      skipped: 0,
      unread: [],
      msg: 'request completed',
    });
  });
});
