import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { CdsServiceResponse } from '../src/cds-hooks/types.ts';
import { chartQueries } from '../src/chart/queries.ts';
import { buildHookRequest, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { loadDraft, loadPatient } from '../src/ehr-demo/scenarios.ts';
import { cdsServices } from '../src/services.ts';
import { fhirErrors } from './support/fhir-schema.ts';
import { post, type Reply, type Served } from './support/http.ts';
import { responseProblems } from './support/schemas/cds-hooks-response.ts';
import { guideline, serveService } from './support/service.ts';

type Json = Record<string, unknown>;

const services = cdsServices(chartQueries(guideline.terminology));
const hooks = services.map(({ hook }) => hook);
const lines: string[] = [];
let service: Served;

// Sixty calls a property, which a busy machine may keep waiting.
jest.setTimeout(30_000);

beforeAll(async () => {
  service = await serveService({ maxCards: 0, onLog: (line) => void lines.push(line) });
});
afterAll(() => service.close());

/** The body that an EHR with this chart sends; on order hooks with doxorubicin drafted. */
function requestFor(patient: string, hook: string, context: Json = {}, omit: readonly string[] = []) {
  const target = serviceForHook(services, hook);
  if (target === undefined) throw new Error(`no service for ${hook}`);
  const draft = ['order-select', 'order-sign'].includes(hook) ? loadDraft('doxorubicin', patient) : undefined;
  const request = buildHookRequest({ patient: loadPatient(patient), hook, draft, omit }, target);
  return {
    ...request,
    prefetch: structuredClone(request.prefetch ?? {}) as Json,
    context: { ...request.context, ...context },
  };
}

async function send(request: { readonly hook: string }, id = `asps-${request.hook}`): Promise<Reply> {
  return post(`${service.url}/cds-services/${id}`, request);
}

function cardsOf({ body }: Reply): readonly (string | undefined)[] {
  return (body as CdsServiceResponse).cards.map(({ source }) => source.topic?.code);
}

function withoutUuids(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === 'uuid' ? 'uuid' : member)));
}

function lastLine(): { readonly skipped?: number; readonly unread?: readonly string[]; readonly code?: string } {
  return JSON.parse(lines.at(-1) ?? '{}') as object;
}

const bundleOf = (...resources: readonly unknown[]): Json => ({
  resourceType: 'Bundle',
  entry: resources.map((resource) => ({ resource })),
});
const verified = (code: string): Json => ({
  verificationStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code }],
  },
});
/** ASPS, coded and confirmed, of this patient. */
const asps = (patient: string, more: Json = {}): Json => ({
  resourceType: 'Condition',
  id: 'new-problem',
  ...verified('confirmed'),
  code: { coding: [{ system: 'http://snomed.info/sct', code: '404056007', display: 'Alveolar soft part sarcoma' }] },
  subject: { reference: `Patient/${patient}` },
  onsetDateTime: '2026-11-20',
  ...more,
});
const FAILED = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] };

describe.each(hooks)('%s', (hook) => {
  test('of a patient with ASPS gets valid cards, all of them for this hook', async () => {
    const reply = await send(requestFor('metastatic-untreated', hook));
    expect([reply.status, responseProblems(reply.body)]).toEqual([200, []]);
    const meant = guideline.cards.filter((card) => card.hooks.has(hook)).map(({ file }) => file.id);
    expect(meant).toEqual(expect.arrayContaining([...cardsOf(reply)]));
  });

  test('of a patient without ASPS gets no card', async () => {
    const reply = await send(requestFor('primary-care', hook));
    expect([reply.status, reply.body]).toEqual([200, { cards: [] }]);
  });

  test.each(hooks.filter((other) => other !== hook))('is not taken by the service for %s', async (other) => {
    const reply = await send(requestFor('primary-care', hook), `asps-${other}`);
    expect([reply.status, fhirErrors(reply.body)]).toEqual([400, []]);
    expect(reply.text).toContain('hook-mismatch');
  });

  test('without the conditions: 412', async () => {
    const reply = await send(requestFor('primary-care', hook, {}, ['conditions']));
    expect([reply.status, lastLine().code]).toEqual([412, 'data-unobtainable']);
  });

  test('without its context: 400', async () => {
    const reply = await send({ ...requestFor('primary-care', hook), context: {} } as never);
    expect([reply.status, fhirErrors(reply.body)]).toEqual([400, []]);
    expect(reply.text).toContain('/context/patientId is missing');
  });
});

describe('which cards come', () => {
  test.each([
    ['encounter-start', ['baseline-brain-mri', 'atezolizumab-first-line']],
    ['encounter-discharge', ['palliative-care-referral']],
    ['order-dispatch', ['sarcoma-centre-referral']],
    ['problem-list-item-create', ['baseline-brain-mri']],
    ['order-sign', ['avoid-anthracycline-first-line']],
  ])('%s: among others %j', async (hook, expected) => {
    expect(cardsOf(await send(requestFor('metastatic-untreated', hook)))).toEqual(expect.arrayContaining(expected));
  });

  test('orders that cards propose are for the patient, and in the encounter and by the user of the call', async () => {
    const { body } = await send(requestFor('metastatic-untreated', 'encounter-start'));
    const orders = (body as CdsServiceResponse).cards.flatMap(({ suggestions = [] }) =>
      suggestions.flatMap(({ actions = [] }) => actions.flatMap((action) => ('resource' in action ? [action] : []))),
    );
    expect(orders.length).toBeGreaterThan(0);
    for (const { resource } of orders) {
      expect(resource).toMatchObject({ subject: { reference: 'Patient/metastatic-untreated' } });
      expect(resource).toHaveProperty('encounter');
      expect(resource).toHaveProperty('requester');
    }
  });
});

describe('problem-list-item-create', () => {
  const hook = 'problem-list-item-create';
  const created = (patient: string, conditions: Json, omit: readonly string[] = []) =>
    requestFor(patient, hook, { conditions }, omit);

  test('ASPS that was just added is ASPS', async () => {
    const reply = await send(created('primary-care', bundleOf(asps('primary-care'))));
    expect([reply.status, responseProblems(reply.body)]).toEqual([200, []]);
    expect(cardsOf(reply)).toContain('baseline-brain-mri');
    expect(reply.text).toContain('Condition/new-problem');
    expect(lastLine()).toMatchObject({ skipped: 0, unread: [] });
  });

  test.each<[string, Json, number]>([
    ["another patient's", { subject: { reference: 'Patient/somebody-else' } }, 1],
    ['refuted', verified('refuted'), 0],
    ['entered in error', verified('entered-in-error'), 0],
    ['of a relative', { code: { text: 'Family history of alveolar soft part sarcoma' } }, 0],
    ['no Condition', { resourceType: 'Observation' }, 1],
  ])('one that is %s is no ASPS', async (_claim, more, skipped) => {
    const reply = await send(created('primary-care', bundleOf(asps('primary-care', more))));
    expect([reply.status, reply.body]).toEqual([200, { cards: [] }]);
    expect(lastLine()).toMatchObject({ skipped });
  });

  test('suspected ASPS is to be confirmed', async () => {
    const suspected = bundleOf(asps('primary-care', verified('provisional')));
    expect(cardsOf(await send(created('primary-care', suspected)))).toContain('confirm-diagnosis');
  });

  test('what the server lists already is not counted twice', async () => {
    const chart = loadPatient('metastatic-untreated').byType('Condition');
    const [none, all] = [
      await send(created('metastatic-untreated', bundleOf())),
      await send(created('metastatic-untreated', bundleOf(...chart, ...chart))),
    ];
    expect(cardsOf(none).length).toBeGreaterThan(0);
    expect(withoutUuids(all.body)).toEqual(withoutUuids(none.body));
  });

  test('one that replaces the ASPS on file takes it back', async () => {
    const undone = loadPatient('metastatic-untreated')
      .byType('Condition')
      .map((condition) => ({ ...condition, ...verified('entered-in-error') }));
    const reply = await send(created('metastatic-untreated', bundleOf(...undone)));
    expect([reply.status, reply.body]).toEqual([200, { cards: [] }]);
  });

  describe('while the Conditions on file could not be read (decision 0010)', () => {
    const unreadable: readonly (readonly [string, (prefetch: Json) => void])[] = [
      ['not sent', (prefetch) => delete prefetch['conditions']],
      ['failed', (prefetch) => (prefetch['conditions'] = FAILED)],
      ['no FHIR', (prefetch) => (prefetch['conditions'] = 'none')],
      [
        'a first page',
        (prefetch) =>
          Object.assign(prefetch['conditions'] as Json, {
            link: [{ relation: 'next', url: 'https://ehr.example.org/fhir?page=2' }],
          }),
      ],
    ];

    test.each(unreadable)('%s: new ASPS goes on, and nothing is said of what was not read', async (_claim, change) => {
      const request = created('primary-care', bundleOf(asps('primary-care')));
      change(request.prefetch);
      const reply = await send(request);
      expect([reply.status, responseProblems(reply.body)]).toEqual([200, []]);
      expect(cardsOf(reply)).toContain('baseline-brain-mri');
      expect(lastLine().unread).toEqual(['conditions']);
      expect(reply.text).not.toMatch(/No record of [^;.]* in Condition/);
    });

    test.each(unreadable)(
      '%s: without ASPS among the new problems it is a 412 all the same',
      async (_claim, change) => {
        for (const conditions of [
          bundleOf(),
          bundleOf({ ...asps('primary-care'), code: { text: 'Cough' } }),
          bundleOf(7),
        ]) {
          const request = created('primary-care', conditions);
          change(request.prefetch);
          // oxlint-disable-next-line no-await-in-loop -- the log line belongs to the call before it
          const reply = await send(request);
          expect([reply.status, lastLine().code]).toEqual([412, 'data-unobtainable']);
        }
      },
    );
  });

  test('an entry that is no resource leaves an empty answer an answer', async () => {
    const reply = await send(created('primary-care', { resourceType: 'Bundle', entry: [null, { resource: 7 }] }));
    expect([reply.status, reply.body, lastLine().skipped]).toEqual([200, { cards: [] }, 2]);
  });

  test('Conditions that refer to each other in a circle are read all the same', async () => {
    const url = 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-related-primary-cancer-condition';
    const secondary = (id: string, primary: string) => ({
      ...asps('primary-care'),
      id,
      code: { text: 'Metastasis to lung' },
      extension: [{ url, valueReference: { reference: `Condition/${primary}` } }],
      evidence: [{ detail: [{ reference: `Condition/${primary}` }] }],
    });
    const circle = [secondary('a', 'b'), secondary('b', 'a'), secondary('c', 'c'), asps('primary-care')];
    const reply = await send(created('primary-care', bundleOf(...circle)));
    expect([reply.status, responseProblems(reply.body)]).toEqual([200, []]);
    expect(cardsOf(reply)).toContain('baseline-brain-mri');
  });
});

describe('order-dispatch', () => {
  test('knows no user: what is proposed has no requester', async () => {
    const { context } = requestFor('metastatic-untreated', 'order-dispatch');
    expect(Object.keys(context).toSorted()).toEqual(['dispatchedOrders', 'patientId', 'performer']);
    const reply = await send(requestFor('metastatic-untreated', 'order-dispatch'));
    expect([reply.status, reply.text.includes('"requester"')]).toEqual([200, false]);
    expect(reply.text).toContain('"type":"create"');
  });

  test('is taken as version 1.0 of the hook has it', async () => {
    const { context, ...request } = requestFor('metastatic-untreated', 'order-dispatch');
    const { dispatchedOrders: _dispatched, ...rest } = context;
    const former = { ...rest, order: 'ServiceRequest/1', task: { resourceType: 'Task' } };
    expect((await send({ ...request, context: former } as never)).status).toBe(200);
    expect((await send({ ...request, context: rest } as never)).status).toBe(400);
  });
});

describe('appointment-book', () => {
  const booking = (appointment: Json) =>
    requestFor('localised-resected', 'appointment-book', {
      appointments: bundleOf({ resourceType: 'Appointment', id: 'visit', status: 'proposed', ...appointment }),
    });

  test.each<[string, Json, readonly string[]]>([
    ['a visit that says nothing', {}, ['surveillance-due']],
    ['a follow-up visit', { serviceType: [{ text: 'Follow-up visit' }] }, ['surveillance-due']],
    ['a visit about a scan', { description: 'Review of CT chest' }, ['surveillance-due']],
    ['a scan that is cancelled', { description: 'CT chest', status: 'cancelled' }, ['surveillance-due']],
    ['the scan itself', { serviceType: [{ text: 'CT chest' }] }, []],
    ['the scan as the reason of the visit', { reasonCode: [{ text: 'CT of the chest' }] }, []],
  ])('%s: what is being booked is not asked for again (rule 6)', async (_claim, appointment, expected) => {
    const reply = await send(booking(appointment));
    expect([reply.status, responseProblems(reply.body)]).toEqual([200, []]);
    expect(cardsOf(reply).filter((card) => card === 'surveillance-due')).toEqual(expected);
  });

  test("another patient's visit is left out and counted", async () => {
    const elsewhere = { participant: [{ actor: { reference: 'Patient/somebody-else', display: 'Somebody' } }] };
    const appointments = bundleOf({ resourceType: 'Appointment', id: 'x', description: 'MRI brain', ...elsewhere });
    const reply = await send(requestFor('metastatic-untreated', 'appointment-book', { appointments }));
    expect([reply.status, lastLine().skipped]).toEqual([200, 1]);
    expect(reply.text).not.toContain('omebody');
  });
});

describe('whatever stands in a context, the answer is cards or a refusal', () => {
  const odd = fc.oneof(
    fc.constantFrom<unknown>(null, '', 0, [], {}, [null], [[]], [{}], { reference: 7 }, '2024-13-45', '__proto__', '#'),
    fc.jsonValue({ maxDepth: 3 }),
  );
  const resourceOf = (resourceType: string, members: readonly string[]) =>
    fc
      .tuple(fc.dictionary(fc.constantFrom(...members), odd), fc.boolean())
      .map(([more, isAsps]) =>
        isAsps ? { ...asps('metastatic-untreated'), resourceType, ...more } : { resourceType, id: 'x', ...more },
      );

  test.each([
    [
      'problem-list-item-create',
      'conditions',
      resourceOf('Condition', ['id', 'code', 'subject', 'verificationStatus', 'extension', 'stage', 'onsetPeriod']),
    ],
    [
      'appointment-book',
      'appointments',
      resourceOf('Appointment', ['id', 'status', 'participant', 'serviceType', 'reasonCode', 'description', 'start']),
    ],
  ])('%s', async (hook, member, resource) => {
    const request = requestFor('metastatic-untreated', hook);
    const entry = fc.oneof(
      odd,
      resource.map((one) => ({ resource: one })),
    );
    const bundle = fc.oneof(
      odd,
      fc.array(entry).map((list) => ({ resourceType: 'Bundle', entry: list })),
    );
    await fc.assert(
      fc.asyncProperty(bundle, async (value) => {
        const reply = await send({ ...request, context: { ...request.context, [member]: value } } as never);
        expect([200, 400]).toContain(reply.status);
        expect(reply.status === 200 ? responseProblems(reply.body) : fhirErrors(reply.body)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('order-dispatch', async () => {
    const request = requestFor('metastatic-untreated', 'order-dispatch');
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('dispatchedOrders', 'performer', 'fulfillmentTasks', 'order', 'userId'), odd),
        async (more) => {
          const reply = await send({ ...request, context: { ...request.context, ...more } } as never);
          expect([200, 400]).toContain(reply.status);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('ninety levels deep', async () => {
    const deep = `${'['.repeat(90)}${']'.repeat(90)}`;
    for (const [hook, type] of [
      ['problem-list-item-create', 'Condition'],
      ['appointment-book', 'Appointment'],
    ] as const) {
      const member = type === 'Condition' ? 'conditions' : 'appointments';
      const request = requestFor('primary-care', hook, { [member]: bundleOf({ resourceType: type, code: 'DEEP' }) });
      const body = JSON.stringify(request).replace('"DEEP"', deep);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await post(`${service.url}/cds-services/asps-${hook}`, body)).status).toBe(200);
    }
  });
});
