import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { clientProfile } from '../src/cds-hooks/profile.ts';
import type { CdsServiceResponse } from '../src/cds-hooks/types.ts';
import { chartQueries } from '../src/chart/queries.ts';
import { RESOURCE_KEYS, type ResourceKey } from '../src/chart/reading.ts';
import type { Client } from '../src/clients.ts';
import { fhirErrors } from './support/fhir-schema.ts';
import { post, type Served } from './support/http.ts';
import {
  type Asked,
  type Instead,
  prefetchOf,
  type RecordedResponse,
  type RecordedServer,
  type Replay,
  recordedServers,
  replay,
} from './support/recorded-fhir-server.ts';
import { guideline, serveService, trustingAuthentication } from './support/service.ts';

const TOKEN = 'token-of-the-recorded-call';
const queries = chartQueries(guideline.terminology);

type Hook = 'patient-view' | 'order-sign';
const HOOKS: readonly Hook[] = ['patient-view', 'order-sign'];

/** All the cards there are for her, written once: whichever EHR holds the chart. */
const CARDS: Readonly<Record<Hook, readonly string[]>> = {
  'patient-view': [
    'baseline-brain-mri: warning',
    'atezolizumab-first-line: info',
    'sarcoma-centre-referral: info',
    'tfe3-confirmation: info',
    'palliative-care-referral: info',
    'lung-metastasectomy-candidate: info',
    'pathway-position: info',
  ],
  'order-sign': ['avoid-cytotoxic-chemotherapy: warning', 'atezolizumab-first-line: info'],
};

/** What the cards say of her, wherever the record stands and in whatever words. */
const FACTS: readonly RegExp[] = [
  /^- ASPS diagnosis: .*\((?:problem list|diagnosis), 2025-03-10\)/m,
  /^- Metastasis: .*\((?:problem list|diagnosis), 2026-08-18\)/m,
  /^- Anthracycline order: .*doxorubicin.*\(draft order\)/im,
  /^- An anti-angiogenic TKI: .*pazopanib.*\(medication order, 2026-09-01\)/im,
  /^- Age 18 or more: 35 years/m,
  /^- A performance status: ECOG.* 1.* \(observation, 2026-11-10\)/m,
  /2025-04-22/,
];

/** Body weight, ECOG, creatinine and ALT: all of one day. */
const MEASURED = ['29463-7', '89247-1', '2160-0', '1742-6'];

interface Expected {
  /** The parts of the chart that the log calls unread. */
  readonly unread: readonly ResourceKey[];
  /** What the cards say could not be looked at. */
  readonly words: readonly string[];
  /** FHIR requests: of the first call ever, of the next, and of a first one with everything in the prefetch. */
  readonly requests: { readonly first: number; readonly second: number; readonly prefetched: number };
  /** Where a body is no FHIR R4, as it would not be there. */
  readonly departures: readonly string[];
}

const NO_SUBJECT = `must have required property 'subject' {"missingProperty":"subject"}`;

const EXPECTED: Readonly<Record<string, Expected>> = {
  epic: {
    unread: ['medicationStatements', 'imagingStudies'],
    words: ['ImagingStudy (not offered by this EHR)', 'MedicationStatement (not offered by this EHR)'],
    // The two types that it does not have are not asked for again. Two Medications are asked for one by one in every call.
    requests: { first: 20, second: 18, prefetched: 5 },
    departures: [`conditions/entry/4/resource/ ${NO_SUBJECT}`],
  },
  hapi: {
    unread: [],
    words: ['a medication on file has no name'],
    requests: { first: 20, second: 19, prefetched: 2 },
    departures: [],
  },
  meditech: {
    unread: ['medicationAdministrations', 'medicationStatements', 'imagingStudies'],
    words: [
      'ImagingStudy (not offered by this EHR)',
      'MedicationAdministration (not offered by this EHR)',
      'MedicationStatement (not offered by this EHR)',
    ],
    requests: { first: 18, second: 15, prefetched: 1 },
    departures: [`conditions-continue/entry/1/resource/ ${NO_SUBJECT}`],
  },
  'oracle-health': {
    unread: ['medicationStatements', 'imagingStudies', 'careTeams'],
    words: [
      'CareTeam (access refused)',
      'ImagingStudy (not offered by this EHR)',
      'MedicationStatement (not offered by this EHR)',
    ],
    // It refuses a parameter twelve times, and does not have two types: what is learnt of that in the first call is spared.
    requests: { first: 30, second: 16, prefetched: 1 },
    departures: [`conditions/entry/0/resource/ ${NO_SUBJECT}`],
  },
  'smart-health-it': {
    unread: [],
    words: [],
    requests: { first: 18, second: 18, prefetched: 1 },
    departures: ['draft-orders/entry/0/resource/category must be array {"type":"array"}'],
  },
};

const servers = recordedServers();
const replays: Replay[] = [];
const services: Served[] = [];

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
  // Whatever a test is about: nothing was asked that is not recorded.
  const problems = replays.splice(0).flatMap((running) => running.problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
});

interface Outcome {
  readonly status: number;
  readonly answer: CdsServiceResponse;
  /** Card ids with their indicators, in their order. */
  readonly cards: readonly string[];
  /** The line that was logged of the call. */
  readonly line: Readonly<Record<string, unknown>>;
  /** What the server was asked in this call. */
  readonly asked: readonly Asked[];
}

interface Playing {
  call(hook: Hook, prefetch?: Readonly<Record<string, unknown>>): Promise<Outcome>;
  readonly replay: Replay;
  readonly log: readonly string[];
}

/** The service, new and without a memory of servers, for one client of this EHR, and the recorded server at work. */
async function play(server: RecordedServer, instead?: Instead): Promise<Playing> {
  const log: string[] = [];
  const service = await serveService({
    authentication: trustingAuthentication([clientOf(server)]),
    // How fast this machine is decides nothing here.
    budgetMs: 30_000,
    maxCards: 0,
    onLog: (line) => log.push(line),
  });
  services.push(service);
  const running = replay(server, { queries, accessToken: TOKEN, ...(instead && { instead }) });
  replays.push(running);
  return {
    replay: running,
    log,
    async call(hook, prefetch) {
      const before = running.asked.length;
      const lines = log.length;
      const body = requestOf(server, hook, prefetch);
      const reply = await post(`${service.url}/cds-services/asps-${hook}`, body, {
        authorization: `Bearer ${server.name}`,
      });
      const answer = reply.body as CdsServiceResponse;
      return {
        status: reply.status,
        answer,
        cards: (answer.cards ?? []).map(({ source, indicator }) => `${source.topic?.code}: ${indicator}`),
        line: JSON.parse(log[lines] ?? '{}') as Record<string, unknown>,
        asked: running.asked.slice(before),
      };
    },
  };
}

function clientOf({ name, base }: RecordedServer): Client {
  return {
    name,
    iss: 'https://ehr.example.org',
    keys: { jwks: { keys: [] } },
    algorithms: ['ES384'],
    profile: clientProfile('default'),
    prefetch: 'full',
    rateLimitPerMinute: 600,
    fhirServers: [base],
    reach: { kind: 'any' },
  };
}

function requestOf(
  server: RecordedServer,
  hook: Hook,
  prefetch: Readonly<Record<string, unknown>> | undefined,
): unknown {
  const { patient: patientId, base: fhirServer, draftOrders } = server;
  return {
    hook,
    hookInstance: randomUUID(),
    fhirServer,
    ...(server.token && {
      fhirAuthorization: {
        access_token: TOKEN,
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'patient/*.rs',
        subject: 'cds',
      },
    }),
    context: { userId: 'Practitioner/htest', patientId, ...(hook === 'order-sign' && { draftOrders }) },
    ...(prefetch && { prefetch }),
  };
}

function detailsOf(outcomes: readonly Outcome[]): string {
  return outcomes.flatMap(({ answer }) => answer.cards.map(({ detail = '' }) => detail)).join('\n');
}

/** What the cards say that they could not look at. */
function notLookedAt(outcomes: readonly Outcome[]): readonly string[] {
  const details = detailsOf(outcomes);
  const parts = [...details.matchAll(/(?:not looked at|could not be read): (.+)/g)].flatMap(([, list = '']) =>
    list.split(', '),
  );
  const nameless = [...details.matchAll(/a medication on file has no name/g)].map(([words]) => words);
  return [...new Set([...parts, ...nameless])].toSorted();
}

/** Every text of at least six characters, at any depth. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length < 6 ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The resources in a Bundle, or the one that it is. */
function resourcesIn(body: unknown): readonly Readonly<Record<string, unknown>>[] {
  const { entry, ...resource } = body as { readonly entry?: readonly { readonly resource: Record<string, unknown> }[] };
  return entry === undefined ? [resource] : entry.map((one) => one.resource);
}

interface Lost extends Pick<Expected, 'unread' | 'words'> {
  /** Of patient-view. */
  readonly cards: readonly string[];
}

/** A test that may stand where nobody could look is not asked for. */
const WITHOUT_TFE3 = CARDS['patient-view'].filter((card) => card !== 'tfe3-confirmation: info');
/** Nor is it a warning that there was no MRI. */
const WITHOUT_WARNING = WITHOUT_TFE3.map((card) => card.replace('warning', 'info'));

function procedures(because: string): Lost {
  return { cards: WITHOUT_WARNING, unread: ['procedures'], words: [`Procedure (${because})`] };
}

const SERVICE_REQUESTS: Lost = {
  cards: WITHOUT_WARNING,
  unread: ['serviceRequests'],
  words: ['ServiceRequest (unreadable answer)'],
};

const OBSERVATIONS: Lost = {
  cards: WITHOUT_TFE3,
  unread: RESOURCE_KEYS.filter((key) => key.startsWith('observations')),
  words: ['Observation (laboratory) (query failed)'],
};

const WEB_PAGE: RecordedResponse = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  text: '<!DOCTYPE html><html><body>Please sign in</body></html>',
};

const BROKEN_OFF: RecordedResponse = {
  status: 200,
  text: '{"resourceType":"Bundle","type":"searchset","entry":[{"resou',
};

const SOMEBODY_ELSES = ['relative', 'https://elsewhere.example.org/r4'].map((where, at) => ({
  resource: {
    resourceType: 'Condition',
    id: `somebody-elses-${at}`,
    code: { text: 'Kidney transplant status' },
    subject: { reference: where === 'relative' ? 'Patient/somebody-else' : `${where}/Patient/somebody-else` },
  },
}));

function withEntries(recorded: RecordedResponse, entries: readonly unknown[]): RecordedResponse {
  const { entry = [], ...bundle } = recorded.body as { readonly entry?: readonly unknown[] };
  return { ...recorded, body: { ...bundle, entry: [...entries, ...entry] } };
}

function withNextElsewhere(recorded: RecordedResponse): RecordedResponse {
  const link = [{ relation: 'next', url: 'https://elsewhere.example.org/r4/Condition?page=2' }];
  return { ...recorded, body: { ...(recorded.body as object), link } };
}

function withNothing(recorded: RecordedResponse): RecordedResponse {
  return { ...recorded, body: { ...(recorded.body as object), entry: [] } };
}

test('every server is played, and only these', () => {
  expect(servers.map(({ id }) => id)).toEqual(Object.keys(EXPECTED).toSorted());
});

describe.each(servers.map((server) => [server.name, server] as const))('the chart at %s', (_name, server) => {
  const expected = EXPECTED[server.id];
  if (expected === undefined) throw new Error(`nothing is expected of ${server.id}`);
  const { unread, words, requests, departures } = expected;
  const bodies = server.exchanges.flatMap(({ name, response: { body } }) =>
    body === undefined ? [] : [{ name, body }],
  );

  test('is synthetic, and its notes say what is documented and what is not', () => {
    expect(new URL(server.base).hostname).toMatch(/\.example(?:\.org)?$/);
    expect(server.notes.filter((note) => !/^(?:documented|assumed): \S/.test(note))).toEqual([]);
    expect(server.notes.length).toBeGreaterThan(5);
    const patients = bodies
      .flatMap(({ body }) => resourcesIn(body))
      .filter(({ resourceType }) => resourceType === 'Patient');
    expect(patients).toEqual([
      expect.objectContaining({
        id: server.patient,
        meta: expect.objectContaining({ tag: expect.arrayContaining([expect.objectContaining({ code: 'HTEST' })]) }),
        name: expect.arrayContaining([expect.objectContaining({ family: 'Testcase' })]),
        gender: 'female',
        birthDate: '1991-03-14',
      }),
    ]);
  });

  test('holds what she takes and what was measured, whether or not a card needs it', () => {
    const resources = bodies.flatMap(({ body }) => resourcesIn(body));
    const measured = (code: string) =>
      resources.filter(
        (resource) =>
          resource['resourceType'] === 'Observation' &&
          String(resource['effectiveDateTime']).startsWith('2026-11-10') &&
          JSON.stringify(resource['code']).includes(`"${code}"`),
      );
    expect(MEASURED.filter((code) => measured(code).length === 0)).toEqual([]);
    expect(measured('29463-7')).toMatchObject([{ valueQuantity: { value: 64.5, code: 'kg' } }]);
    const drugs = JSON.stringify(resources.filter(({ resourceType }) => String(resourceType).startsWith('Medication')));
    for (const drug of [/levothyroxine/i, /pazopanib/i]) expect(drugs).toMatch(drug);
  });

  test('is FHIR R4 but for what is said to be none', () => {
    const all = [...bodies, { name: 'draft-orders', body: server.draftOrders }];
    const errors = all.flatMap(({ name, body }) => fhirErrors(body).map((error) => `${name}${error}`));
    expect(errors).toEqual(departures);
  });

  test('gives the cards that it gives everywhere, and they name what could not be looked at', async () => {
    const playing = await play(server);
    const outcomes = [await playing.call('patient-view'), await playing.call('order-sign')];
    expect(outcomes.map(({ status, cards }) => ({ status, cards }))).toEqual(
      HOOKS.map((hook) => ({ status: 200, cards: CARDS[hook] })),
    );
    expect(outcomes.map(({ line }) => line['unread'])).toEqual([unread, unread]);
    expect(notLookedAt(outcomes)).toEqual(words);
    const details = detailsOf(outcomes);
    expect(FACTS.filter((fact) => !fact.test(details))).toEqual([]);
  });

  test('gives the same cards when the EHR sends all of it along', async () => {
    for (const hook of HOOKS) {
      const playing = await play(server);
      // oxlint-disable-next-line no-await-in-loop -- one service after the other, each without a memory
      const { status, cards, asked } = await playing.call(hook, prefetchOf(server, queries));
      expect({ hook, status, cards, requests: asked.length }).toEqual({
        hook,
        status: 200,
        cards: CARDS[hook],
        requests: requests.prefetched,
      });
      nock.cleanAll();
    }
  });

  test('is asked for in every way that is recorded, and from then on only in those that it takes', async () => {
    const playing = await play(server);
    const first = await playing.call('patient-view');
    expect(playing.replay.unused()).toEqual([]);
    const second = await playing.call('patient-view');
    expect({ first: first.asked.length, second: second.asked.length }).toEqual({
      first: requests.first,
      second: requests.second,
    });
    expect(second.asked.filter(({ exchange }) => exchange?.response.status === 400)).toEqual([]);
    expect(second.asked.filter(({ exchange }) => exchange?.response.status === 404)).toEqual([]);
    for (const { line, asked } of [first, second]) expect(line['fhir']).toMatchObject({ requests: asked.length });
  });

  test('is not in the log, nor is the token or the address of the server', async () => {
    const playing = await play(server);
    await playing.call('patient-view');
    await playing.call('order-sign', prefetchOf(server, queries));
    expect(playing.log).toHaveLength(2);
    const log = playing.log.join('\n').replaceAll('"msg":"request completed"', '');
    const never = [TOKEN, server.base, ...textsIn(bodies.map(({ body }) => body)), ...textsIn(server.draftOrders)];
    expect([...new Set(never)].filter((text) => log.includes(text))).toEqual([]);
  });

  describe('when the server', () => {
    test('refuses the token, is asked once, and the EHR is told that the chart could not be had (CH-64)', async () => {
      const playing = await play(server, () => ({ status: 401, text: '' }));
      const { status, line, asked } = await playing.call('patient-view');
      expect({ status, code: line['code'], asked: asked.length }).toEqual({
        status: 412,
        code: 'data-unobtainable',
        asked: 1,
      });
    });

    test.each<[string, string, RecordedResponse, Lost]>([
      ['refuses one type', 'Procedure', { status: 403, text: '' }, procedures('access refused')],
      ['fails for one type', 'Observation', { status: 500, text: '' }, OBSERVATIONS],
      ['answers with a web page', 'Procedure', WEB_PAGE, procedures('unreadable answer')],
      ['breaks off', 'ServiceRequest', BROKEN_OFF, SERVICE_REQUESTS],
    ])('%s, the cards rest on the others and say so', async (_what, type, response, lost) => {
      const playing = await play(server, ({ path }) => (path === type ? response : undefined));
      const outcome = await playing.call('patient-view');
      expect({ status: outcome.status, cards: outcome.cards }).toEqual({ status: 200, cards: lost.cards });
      expect(outcome.line['unread']).toEqual(
        RESOURCE_KEYS.filter((key) => unread.includes(key) || lost.unread.includes(key)),
      );
      expect(notLookedAt([outcome])).toEqual(expect.arrayContaining([...lost.words]));
    });

    test('asks to be left alone, it is', async () => {
      const busy = { status: 429, headers: { 'retry-after': '60' }, text: '' };
      const playing = await play(server, ({ path }) => (path === 'Procedure' ? busy : undefined));
      const first = await playing.call('patient-view');
      expect(first.status).toBe(200);
      expect(first.line['unread']).toEqual(expect.arrayContaining(['procedures']));
      const { status, line, asked } = await playing.call('patient-view');
      expect({ status, code: line['code'], asked }).toEqual({ status: 412, code: 'data-unobtainable', asked: [] });
    });

    test('mixes in the Conditions of somebody else, they are left out and counted', async () => {
      const playing = await play(server, ({ path }, recorded) =>
        path === 'Condition' && recorded?.status === 200 ? withEntries(recorded, SOMEBODY_ELSES) : undefined,
      );
      const { status, cards, line, asked } = await playing.call('patient-view');
      expect({ status, cards }).toEqual({ status: 200, cards: CARDS['patient-view'] });
      const pages = asked.filter(
        ({ exchange }) => exchange?.request.path === 'Condition' && exchange.response.status === 200,
      );
      expect(line['skipped']).toBe(SOMEBODY_ELSES.length * pages.length);
    });

    test('says that the next page is elsewhere, nobody goes there, and what was read is not taken for all', async () => {
      let visits = 0;
      nock('https://elsewhere.example.org')
        .get(() => true)
        .optionally()
        .reply(() => {
          visits += 1;
          return [200, { resourceType: 'Bundle', type: 'searchset' }];
        });
      const playing = await play(server, ({ path }, recorded) =>
        path === 'Condition' && recorded?.status === 200 ? withNextElsewhere(recorded) : undefined,
      );
      const { status, line } = await playing.call('patient-view');
      expect({ status, unread: line['unread'], visits }).toEqual({
        status: 200,
        unread: RESOURCE_KEYS.filter((key) => key === 'conditions' || unread.includes(key)),
        visits: 0,
      });
    });

    test('keeps the Conditions on a page that is elsewhere, nobody says that there is no ASPS', async () => {
      const playing = await play(server, ({ path }, recorded) =>
        path === 'Condition' && recorded?.status === 200 ? withNothing(withNextElsewhere(recorded)) : undefined,
      );
      const { status, line } = await playing.call('patient-view');
      expect({ status, code: line['code'] }).toEqual({ status: 412, code: 'data-unobtainable' });
    });
  });
});

test('a drug that only its Medication names is read there: without it, the cards are those of an untreated patient', async () => {
  const epic = servers.find(({ id }) => id === 'epic');
  if (epic === undefined) throw new Error('There is no Epic');
  const playing = await play(epic, ({ path }) =>
    path === 'Medication/fHtest.pazopanib' ? { status: 404, text: '' } : undefined,
  );
  const outcome = await playing.call('order-sign');
  expect(outcome.cards).toEqual(['avoid-anthracycline-first-line: warning', 'atezolizumab-first-line: info']);
  expect(notLookedAt([outcome])).toContain('a medication on file has no name');
});
