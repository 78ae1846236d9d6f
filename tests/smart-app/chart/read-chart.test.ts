import { afterEach, describe, expect, test } from '@jest/globals';
import { RESOURCE_KEYS, type Readings, type ResourceKey } from '../../../src/chart/reading.ts';
import {
  type ChartProgress,
  type Ending,
  type ReadChartOptions,
  readChart,
} from '../../../src/smart-app/chart/read-chart.ts';
import { queries } from '../../fhir/chart-fixtures.ts';
import {
  type Answering,
  bundle,
  type FhirServer,
  outcome,
  PATIENT,
  send,
  serveAnswers,
  sparse,
  typeOf,
} from './fhir-answers.ts';
import { clientOf } from './fhir-client.ts';

const servers: FhirServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Told {
  readonly server: FhirServer;
  readonly end: ChartProgress | Ending;
  readonly progress: readonly ChartProgress[];
  readonly expired: number;
}

async function read(answering: Answering, options: Partial<ReadChartOptions> = {}): Promise<Told> {
  const server = await serveAnswers(answering);
  servers.push(server);
  const progress: ChartProgress[] = [];
  let expired = 0;
  const reader = readChart({
    client: clientOf(server.base),
    base: server.base,
    patientId: 'p1',
    queries,
    scope: undefined,
    onProgress: (one) => progress.push(one),
    onExpired: () => (expired += 1),
    ...options,
  });
  return { server, end: await reader.done, progress, expired };
}

function finished(end: ChartProgress | Ending): ChartProgress {
  if (typeof end === 'string') throw new Error(end);
  return end;
}

const state = (readings: Readings, key: ResourceKey) => {
  const reading = readings.get(key);
  return reading?.state === 'complete' || reading === undefined
    ? reading?.state
    : `${reading.state}: ${reading.reason}`;
};

const condition = (id: string, patient = 'p1') => ({
  resourceType: 'Condition',
  id,
  subject: { reference: `Patient/${patient}` },
});

test('a chart is read whole, each part once, patient and problems first', async () => {
  const { server, end, progress } = await read(sparse());
  const { readings, pending, answers } = finished(end);
  expect([...readings.keys()]).toEqual(RESOURCE_KEYS);
  expect([...readings.values()].map(({ state: one }) => one)).toEqual(RESOURCE_KEYS.map(() => 'complete'));
  expect(pending.size).toBe(0);
  expect(answers.size).toBe(0);
  expect(server.asked).toHaveLength(RESOURCE_KEYS.length);
  expect(server.asked[0]).toBe('Patient/p1');
  expect(server.asked[1]).toMatch(/^Condition\?/);
  expect(progress.at(-1)).toEqual(end);
});

test('the token goes along', async () => {
  const tokens = new Set<string | undefined>();
  await read((path, response, request) => {
    tokens.add(request.headers.authorization);
    sparse()(path, response, request);
  });
  expect([...tokens]).toEqual(['Bearer secret']);
});

test('nothing is told before the patient is known, and then at once', async () => {
  const { progress } = await read(
    sparse({
      Patient: (_path, response) => setTimeout(() => send(response, 200, PATIENT), 800),
      Encounter: (_path, response) => setTimeout(() => send(response, 200, bundle([])), 2000),
    }),
  );
  expect(progress[0]?.readings.get('patient')?.state).toBe('complete');
  expect(progress[0]?.pending.has('encounters')).toBe(true);
});

test('answers that come together are told together, the patient before them', async () => {
  const response = { status: 200, headers: new Headers(), text: async () => '' };
  const { progress } = await read(sparse(), {
    client: {
      fhirRequest: async (url) => ({ body: url.includes('/Patient/') ? PATIENT : bundle([]), response }),
    },
  });
  expect(progress.map(({ readings }) => readings.has('patient'))).toEqual([true, true]);
});

test.each<[string, Answering]>([
  ['answers with another patient', (_path, response) => send(response, 200, { ...PATIENT, id: 'p2' })],
  [
    'does so late',
    (_path, response) => setTimeout(() => send(response, 200, { resourceType: 'Patient', id: 'p2' }), 150),
  ],
])('nothing is shown where the server %s', async (_what, patient) => {
  const { end, progress } = await read(sparse({ Patient: patient }));
  expect(end).toBe('other-patient');
  expect(progress).toEqual([]);
});

describe('what the server said of a part is handed on', () => {
  const words = outcome('error', { diagnostics: 'Not for\nthis \u202Eclient' });

  test.each<[string, Answering, string, { status: number | undefined; says: string }]>([
    [
      'a refusal with an OperationOutcome',
      (_path, response) => send(response, 403, words),
      'unread: refused',
      { status: 403, says: 'Not for this client' },
    ],
    [
      'a refusal in the words of OAuth',
      (_path, response) => send(response, 403, { error: 'insufficient_scope', error_description: 'ask for more' }),
      'unread: refused',
      { status: 403, says: 'insufficient_scope: ask for more' },
    ],
    [
      'a refusal with a web page',
      (_path, response) => send(response, 403, '<html><b>Go away</b></html>', 'text/html'),
      'unread: refused',
      { status: 403, says: 'Forbidden' },
    ],
    [
      'a type that is not offered',
      (_path, response) => send(response, 404, outcome('error', { details: { text: 'Unknown type' } })),
      'unread: not-offered',
      { status: 404, says: 'Unknown type' },
    ],
    [
      'an error without a body',
      (_path, response) => send(response, 500, ''),
      'unread: failed',
      { status: 500, says: 'Internal Server Error' },
    ],
    [
      'too many requests',
      (_path, response) => send(response, 429, outcome('error')),
      'unread: failed',
      { status: 429, says: 'processing' },
    ],
    [
      'a query that is not taken',
      (_path, response) => send(response, 400, outcome('error', { diagnostics: 'No' })),
      'unread: failed',
      { status: 400, says: 'No' },
    ],
    [
      'a web page in place of FHIR',
      (_path, response) => send(response, 200, '<html>', 'text/html'),
      'unread: malformed',
      { status: 200, says: 'a web page came in place of FHIR' },
    ],
    [
      'JSON that is none',
      (_path, response) => send(response, 200, '{"resourceType":'),
      'unread: malformed',
      { status: undefined, says: 'what came is no FHIR in JSON' },
    ],
    [
      'an answer that is an error after all',
      (_path, response) => send(response, 200, words),
      'unread: failed',
      { status: 200, says: 'Not for this client' },
    ],
    [
      'a dropped connection',
      (_path, response) => response.destroy(),
      'unread: failed',
      { status: undefined, says: 'the FHIR server cannot be reached' },
    ],
    [
      "another patient's records",
      (_path, response) => send(response, 200, bundle([condition('a', 'p2')])),
      'unread: malformed',
      { status: 200, says: 'some or all of what came cannot be read, or is not of this patient' },
    ],
    [
      'a part that is withheld',
      (_path, response) =>
        send(
          response,
          200,
          bundle([condition('a'), outcome('warning', { code: 'suppressed', diagnostics: 'Hidden' })]),
        ),
      'incomplete: refused',
      { status: 200, says: 'Hidden' },
    ],
    [
      'a next page on another server',
      (_path, response) => send(response, 200, bundle([condition('a')], 'https://elsewhere.example/fhir/Condition')),
      'incomplete: more-pages',
      { status: 200, says: 'there is more than could be read' },
    ],
  ])('%s', async (_what, answering, expected, answer) => {
    const { end, expired } = await read(sparse({ Condition: answering }));
    const { readings, answers } = finished(end);
    expect(state(readings, 'conditions')).toBe(expected);
    expect([...answers]).toEqual([['conditions', answer]]);
    expect(expired).toBe(0);
  });

  test('in one line of bounded length', async () => {
    const long = 'x'.repeat(5000);
    const { end } = await read(
      sparse({ Condition: (_path, response) => send(response, 403, outcome('error', { diagnostics: long })) }),
    );
    expect(finished(end).answers.get('conditions')?.says).toHaveLength(200);
  });
});

test('a token that is not good any more ends the session, once', async () => {
  const { end, expired, progress } = await read((_path, response) => send(response, 401, outcome('error')));
  expect(end).toBe('expired');
  expect(expired).toBe(1);
  expect(progress.at(-1)?.readings.get('patient')).toEqual({ state: 'unread', reason: 'refused' });
});

test('a query that a server does not take is put in another way', async () => {
  const { end, server } = await read(
    sparse({
      Condition: (path, response) =>
        path.includes('_count') ? send(response, 400, outcome('error')) : send(response, 200, bundle([condition('a')])),
    }),
  );
  expect(server.asked.filter((path) => path.startsWith('Condition'))).toHaveLength(2);
  expect(finished(end).readings.get('conditions')).toEqual({ state: 'complete', resources: [condition('a')] });
  expect(finished(end).answers.size).toBe(0);
});

test('pages are read to the end', async () => {
  const { end } = await read(
    sparse({
      Condition: (path, response) =>
        send(
          response,
          200,
          path.includes('page=2') ? bundle([condition('b')]) : bundle([condition('a')], 'Condition?page=2'),
        ),
    }),
  );
  expect(finished(end).readings.get('conditions')).toEqual({
    state: 'complete',
    resources: [condition('a'), condition('b')],
  });
});

describe('scopes', () => {
  test('what was not granted is not asked for, and says so', async () => {
    const { end, server } = await read(sparse(), { scope: 'patient/Patient.rs patient/Condition.rs' });
    const { readings, answers } = finished(end);
    expect(server.asked.map(typeOf)).toEqual(['Patient', 'Condition']);
    expect(state(readings, 'encounters')).toBe('unread: refused');
    expect(answers.get('encounters')?.says).toBe('not asked: this launch was not granted access to Encounter');
  });

  test('where some of the records were granted, no record of something does not follow', async () => {
    const { end } = await read(sparse(), { scope: 'patient/*.r patient/Condition.rs?category=x patient/Patient.r' });
    const { readings, answers } = finished(end);
    expect(state(readings, 'conditions')).toBe('incomplete: refused');
    expect(answers.get('conditions')).toEqual({
      status: 200,
      says: 'access was granted to some of these records only',
    });
  });
});

describe('patience', () => {
  // Long enough for a machine that is busy with other things.
  const patienceMs = { part: 1000, overall: 3000 };

  test('a slow part is unread until it comes after all', async () => {
    const { end, progress } = await read(
      sparse({ Encounter: (_path, response) => setTimeout(() => send(response, 200, bundle([])), 1800) }),
      { patienceMs },
    );
    const meanwhile = progress.find(({ readings }) => state(readings, 'encounters') === 'unread: timed-out');
    expect(meanwhile?.pending.size).toBe(0);
    expect(meanwhile?.answers.get('encounters')).toEqual({ status: undefined, says: 'no answer within 1 s' });
    expect(state(finished(end).readings, 'encounters')).toBe('complete');
    expect(finished(end).answers.size).toBe(0);
  });

  test('a part that never comes is given up', async () => {
    const { end } = await read(sparse({ Encounter: () => {} }), { patienceMs });
    expect(state(finished(end).readings, 'encounters')).toBe('unread: timed-out');
    expect(finished(end).answers.get('encounters')?.says).toBe('no answer within 3 s');
  });

  test('of pages that stop coming, what came is kept', async () => {
    const { end } = await read(
      sparse({
        Condition: (path, response) => {
          if (!path.includes('page=2')) send(response, 200, bundle([condition('a')], 'Condition?page=2'));
        },
      }),
      { patienceMs },
    );
    expect(finished(end).readings.get('conditions')).toEqual({
      state: 'incomplete',
      resources: [condition('a')],
      reason: 'timed-out',
    });
    expect(finished(end).answers.get('conditions')?.says).toBe('not read to the end within 3 s');
  });

  test('a client that does not heed its signal keeps nobody waiting', async () => {
    const { end } = await read(sparse(), { patienceMs, client: { fhirRequest: () => new Promise(() => {}) } });
    expect(state(finished(end).readings, 'patient')).toBe('unread: timed-out');
  });
});

describe('orders that only refer to their drugs', () => {
  const order = { resourceType: 'MedicationRequest', id: 'r', medicationReference: { reference: 'Medication/m' } };
  const drug = { resourceType: 'Medication', id: 'm', code: { text: 'pazopanib' } };
  const orders: Answering = (_path, response) => send(response, 200, bundle([order]));

  test('come with them', async () => {
    const { end, progress } = await read(
      sparse({ MedicationRequest: orders, Medication: (_path, response) => send(response, 200, drug) }),
    );
    expect(finished(end).readings.get('medicationRequests')).toEqual({ state: 'complete', resources: [order, drug] });
    // Until then they are pending: an order that nothing names decides nothing.
    const shown = progress.flatMap(({ readings }) => readings.get('medicationRequests') ?? []);
    for (const reading of shown) expect(reading).toHaveProperty('resources.1', drug);
  });

  test.each<[string, Answering]>([
    ['refused', (_path, response) => send(response, 403, outcome('error'))],
    ['never sent', () => {}],
  ])('are shown without those that are %s, which are named', async (_what, medication) => {
    const { end } = await read(sparse({ MedicationRequest: orders, Medication: medication }), {
      patienceMs: { part: 1000, overall: 3000 },
    });
    expect(finished(end).readings.get('medicationRequests')).toEqual({
      state: 'complete',
      resources: [order],
      unresolved: ['m'],
    });
  });

  test('wait for nobody else for longer than a part is waited for', async () => {
    const { progress, end } = await read(
      sparse({
        MedicationRequest: orders,
        Medication: (_path, response) => send(response, 200, drug),
        MedicationStatement: (_path, response) => setTimeout(() => send(response, 200, bundle([])), 1800),
      }),
      { patienceMs: { part: 1000, overall: 20_000 } },
    );
    const early = progress.find(({ readings }) => state(readings, 'medicationStatements') === 'unread: timed-out');
    expect(early?.readings.get('medicationRequests')).toMatchObject({ state: 'complete' });
    expect(finished(end).readings.get('medicationRequests')).toEqual({ state: 'complete', resources: [order, drug] });
    expect(state(finished(end).readings, 'medicationStatements')).toBe('complete');
  });
});

test('who stops is told nothing any more', async () => {
  const server = await serveAnswers(sparse({ Encounter: () => {} }));
  servers.push(server);
  let told = 0;
  const reader = readChart({
    client: clientOf(server.base),
    base: server.base,
    patientId: 'p1',
    queries,
    scope: undefined,
    onProgress: () => {
      told += 1;
      reader.stop();
    },
  });
  expect(await reader.done).toBe('stopped');
  expect(told).toBe(1);
});
