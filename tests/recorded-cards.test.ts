import { afterEach, describe, expect, test } from '@jest/globals';
import { clientProfile } from '../src/cds-hooks/profile.ts';
import type { CdsServiceResponse } from '../src/cds-hooks/types.ts';
import { buildHookRequest, type DiscoveredService, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';
import { FeedbackStoreError } from '../src/feedback/feedback-store.ts';
import { createRecorder, type RecorderOptions } from '../src/feedback/recorder.ts';
import type { ShownCards } from '../src/feedback/showing.ts';
import type { Tally } from '../src/feedback/tally.ts';
import { loadGuidelines } from '../src/guidelines.ts';
import { startLocalServer } from './fhir/local-server.ts';
import { call, post, type Reply, type Served } from './support/http.ts';
import { discover } from './support/play.ts';
import { registeredClient } from './support/registered-client.ts';
import {
  rememberFeedback,
  rememberRecord,
  type ServiceOptions,
  serveService,
  TODAY,
  trustingAuthentication,
} from './support/service.ts';
import { until } from './support/until.ts';

const open: Served[] = [];
afterEach(() => Promise.all(open.splice(0).map((served) => served.close())));

async function started(options: ServiceOptions): Promise<Served> {
  const served = await serveService(options);
  open.push(served);
  return served;
}

const PATIENT = 'metastatic-untreated';

/** A call as an EHR with this chart sends it. */
async function play({ url }: Served, patient = PATIENT, hook = 'patient-view', client?: string): Promise<Reply> {
  const headers: Record<string, string> = client === undefined ? {} : { authorization: `Bearer ${client}` };
  return post(`${url}${pathOf(hook)}`, requestFor(patient, hook, await discover(url)), headers);
}

const pathOf = (hook: string) => `/cds-services/asps-${hook}`;

function requestFor(patient: string, hook: string, services: readonly DiscoveredService[]) {
  const service = serviceForHook(services, hook);
  if (service === undefined) throw new Error(`no service for ${hook}`);
  return buildHookRequest({ patient: loadPatient(patient), hook }, service);
}

function cardsOf({ body }: Reply): CdsServiceResponse['cards'] {
  return (body as CdsServiceResponse).cards;
}

/** What is counted, but for the time it took. */
function figures(tallies: readonly Tally[], ...measures: readonly Tally['measure'][]) {
  return tallies
    .filter(({ measure }) => measures.includes(measure))
    .map(({ measure, subject, count, client, service }) => [measure, subject, count, client, service] as const);
}

/** Tallies are counted when an exchange is over, which is after the answer came. */
async function untilCounted(tallies: () => readonly Tally[], count: number): Promise<readonly Tally[]> {
  const all: Tally[] = [];
  await until(`${count} calls are counted`, () => {
    all.push(...tallies());
    return all.filter(({ measure }) => measure === 'call').reduce((sum, tally) => sum + tally.count, 0) >= count;
  });
  return all;
}

function recorderOver(record: RecorderOptions['record'], more: Partial<RecorderOptions> = {}) {
  return createRecorder({
    record,
    addTallies: async () => {},
    isReachable: async () => true,
    now: () => TODAY,
    ...more,
  });
}

describe('the cards of an answer', () => {
  test('are on record under the uuids that they went out with, before the answer does', async () => {
    const record = rememberRecord();
    let isRecorded = false;
    const recorder = {
      ...record,
      showed: async (cards: ShownCards) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        isRecorded = true;
        await record.showed(cards);
      },
    };
    const reply = await play(await started({ recorder }));
    expect([reply.status, isRecorded]).toEqual([200, true]);
    const cards = cardsOf(reply);
    expect(cards.length).toBeGreaterThan(2);
    expect(record.shown).toEqual([
      {
        client: undefined,
        service: 'asps-patient-view',
        hookInstance: expect.stringMatching(/^[0-9a-f-]{36}$/),
        shownAt: TODAY,
        cards: cards.map(({ uuid, indicator, source, suggestions = [] }) => ({
          card: uuid,
          cardId: source.topic?.code,
          version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
          state: 'shown',
          indicator,
          suggestions: suggestions.map((suggestion) => suggestion.uuid),
        })),
      },
    ]);
    expect(record.shown[0]?.cards.flatMap(({ suggestions }) => suggestions).length).toBeGreaterThan(0);
    expect(JSON.stringify(record.shown)).not.toContain(loadPatient(PATIENT).patientId);
  });

  test('in shadow are on record too, under uuids that nobody is told', async () => {
    const record = rememberRecord();
    const guidelines = loadGuidelines({ overlayDir: 'fixtures/overlays/general-hospital' });
    const reply = await play(await started({ recorder: record, guidelines, maxCards: 0 }), 'meditech-on-chemotherapy');
    const [answered] = record.shown;
    const shadow = answered?.cards.filter(({ state }) => state === 'shadow') ?? [];
    expect(shadow).toMatchObject([{ cardId: 'avoid-cytotoxic-chemotherapy', suggestions: [] }]);
    expect(reply.text).not.toContain(shadow[0]?.card);
    expect(answered?.cards.filter(({ state }) => state === 'shown')).toHaveLength(cardsOf(reply).length);
    const judged = figures(record.tallies(), 'judged-in-shadow').map(([, subject]) => subject);
    expect(judged).toEqual([expect.stringMatching(/^avoid-cytotoxic-chemotherapy@/)]);
  });

  test('for a client that takes no uuids are on record all the same, with the urgency it is told', async () => {
    const record = rememberRecord();
    const client = registeredClient({
      profile: { ...clientProfile('cds-hooks-1.0'), indicatorCap: 'info' },
    });
    const served = await started({ recorder: record, authentication: trustingAuthentication([client]) });
    const cards = cardsOf(await play(served, PATIENT, 'patient-view', client.name));
    expect(cards.map(({ uuid }) => uuid)).toEqual(cards.map(() => undefined));
    const [shown] = record.shown;
    expect(shown?.client).toBe('General Hospital');
    expect(shown?.cards.map(({ indicator }) => indicator)).toEqual(cards.map(() => 'info'));
    expect(new Set(shown?.cards.map(({ card }) => card)).size).toBe(cards.length);
  });

  test('that are none leave nothing on record', async () => {
    const record = rememberRecord();
    expect(cardsOf(await play(await started({ recorder: record }), 'primary-care'))).toEqual([]);
    expect(record.shown).toEqual([]);
  });

  test('are not on record when whoever asked has gone', async () => {
    const record = rememberRecord();
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const fhir = await startLocalServer((request, response) => {
      arrived.resolve();
      void released.promise.then(() => response.setHeader('Content-Type', 'application/fhir+json').end('{}'));
      request.resume();
    });
    const served = await started({ recorder: record, budgetMs: 10_000 });
    const services = await discover(served.url);
    const { prefetch: { careTeams: _careTeams, ...prefetch } = {}, ...request } = requestFor(
      PATIENT,
      'patient-view',
      services,
    );
    const gone = new AbortController();
    const asked = fetch(`${served.url}${pathOf('patient-view')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...request, prefetch, fhirServer: fhir.base }),
      signal: gone.signal,
    }).catch(() => 'gone');
    await arrived.promise;
    gone.abort();
    expect(await asked).toBe('gone');
    const tallies = await untilCounted(record.tallies, 1);
    released.resolve();
    // The next call is answered after what is left of that one.
    await play(served, 'primary-care');
    await fhir.close();
    const all = [...tallies, ...(await untilCounted(record.tallies, 1))];
    expect(record.shown).toEqual([]);
    expect(figures(all, 'call').map(([, subject]) => subject)).toEqual(['gone', '200']);
    expect(figures(all, 'answered', 'judged').map(([, subject]) => subject)).toEqual(['not-asps']);
  });
});

describe('an answer with cards goes out', () => {
  test.each<[string, RecorderOptions['record']]>([
    ['that refuses', () => Promise.reject(new FeedbackStoreError('full'))],
    [
      'that throws',
      () => {
        throw new TypeError('x');
      },
    ],
    ['that never says anything', () => new Promise(() => {})],
  ])('in spite of a store %s', async (_claim, record) => {
    const recorder = recorderOver(record, { closeMs: 10 });
    const served = await started({ recorder });
    const replies = await Promise.all(Array.from({ length: 5 }, () => play(served)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(replies.map((reply) => cardsOf(reply).length)).toEqual([4, 4, 4, 4, 4]);
    await recorder.close();
  });

  test('and is on record when the store is back', async () => {
    let isUp = false;
    const shown: ShownCards[] = [];
    const recorder = recorderOver(async (calls) => {
      if (!isUp) throw new FeedbackStoreError('unreachable');
      shown.push(...calls);
    });
    const served = await started({ recorder });
    const uuids = (reply: Reply) => cardsOf(reply).map(({ uuid }) => uuid);
    const first = uuids(await play(served));
    const second = uuids(await play(served));
    expect(shown).toEqual([]);
    isUp = true;
    await recorder.close();
    expect(shown.map(({ cards }) => cards.map(({ card }) => card))).toEqual([first, second]);
  });
});

describe('what is counted', () => {
  test('of a call is its end, how long it took, whether it was about ASPS, and which cards were judged or left out', async () => {
    const record = rememberRecord();
    const client = registeredClient();
    const served = await started({
      recorder: record,
      maxCards: 1,
      authentication: trustingAuthentication([client]),
    });
    await play(served, PATIENT, 'patient-view', client.name);
    await play(served, 'primary-care', 'patient-view', client.name);
    await post(`${served.url}${pathOf('order-sign')}`, {}, { authorization: 'Bearer nobody' });
    await post(`${served.url}${pathOf('order-sign')}`, {}, { authorization: `Bearer ${client.name}` });
    const tallies = await untilCounted(record.tallies, 4);
    const [NAME, VIEW, SIGN] = [client.name, 'asps-patient-view', 'asps-order-sign'];
    expect(new Set(figures(tallies, 'call', 'answered'))).toEqual(
      new Set([
        ['answered', 'asps', 1, NAME, VIEW],
        ['answered', 'not-asps', 1, NAME, VIEW],
        ['call', '200', 2, NAME, VIEW],
        ['call', '401', 1, undefined, SIGN],
        ['call', '400', 1, NAME, SIGN],
      ]),
    );
    // Those that were refused did not take any time.
    const durations = figures(tallies, 'duration');
    expect(durations.reduce((sum, [, , count]) => sum + count, 0)).toBe(3);
    expect(durations.every(([, bound]) => bound === '+Inf' || Number(bound) > 0)).toBe(true);
    const judged = figures(tallies, 'judged').map(([, subject, count]) => [subject, count]);
    const cut = figures(tallies, 'cut').map(([, subject]) => subject);
    expect(judged.length).toBeGreaterThan(10);
    expect(cut.length).toBeGreaterThan(2);
    const names = new Set(judged.map(([subject]) => subject));
    expect(cut.every((subject) => names.has(subject))).toBe(true);
    expect(figures(tallies, 'unread')).toEqual([]);
    expect(new Set(tallies.map(({ day }) => day))).toEqual(new Set(['2026-11-22']));
  });

  test('of FHIR servers is what came of requests, and never which server it was; and what could not be read', async () => {
    const record = rememberRecord();
    const fhir = await startLocalServer((_request, response) => response.writeHead(503).end());
    const served = await started({ recorder: record });
    const services = await discover(served.url);
    const { prefetch: { careTeams: _careTeams, ...prefetch } = {}, ...request } = requestFor(
      PATIENT,
      'patient-view',
      services,
    );
    const body = { ...request, prefetch, fhirServer: fhir.base };
    for (let calls = 0; calls < 6; calls += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the last is spared since those before have failed
      await post(`${served.url}${pathOf('patient-view')}`, body);
    }
    await fhir.close();
    const tallies = await untilCounted(record.tallies, 6);
    expect(figures(tallies, 'fhir')).toEqual([
      ['fhir', 'unreachable', 5, undefined, ''],
      ['fhir', 'spared:circuit-open', 1, undefined, ''],
    ]);
    expect(figures(tallies, 'unread')).toEqual([['unread', 'careTeams', 6, undefined, 'asps-patient-view']]);
    expect(JSON.stringify(tallies)).not.toMatch(/127\.0\.0\.1|Testcase/);
  });
});

test('a store that cannot be read is said by readiness and by the metrics', async () => {
  let isUp = true;
  const served = await started({ feedback: { ...rememberFeedback(), isReachable: async () => isUp } });
  const state = async () => {
    const [ready, metrics] = await Promise.all([call(`${served.url}/readyz`), call(`${served.url}/metrics`)]);
    return [ready.status, ready.headers.get('retry-after'), /^asps_store_up (\d)$/m.exec(metrics.text)?.[1]];
  };
  const states = [await state()];
  isUp = false;
  states.push(await state());
  isUp = true;
  states.push(await state());
  expect(states).toEqual([
    [200, null, '1'],
    [503, '5', '0'],
    [200, null, '1'],
  ]);
});
