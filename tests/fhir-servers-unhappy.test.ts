import { afterEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { RESOURCE_KEYS, type ResourceKey } from '../src/chart/reading.ts';
import { endPlaying, notLookedAt, type Outcome, play } from './support/recorded-call.ts';
import {
  type Asked,
  type RecordedResponse,
  type RecordedServer,
  recordedServers,
} from './support/recorded-fhir-server.ts';

// What the recorded servers answer, and then something goes wrong.

/** Of patient-view, as long as all is well. */
const CARDS = [
  'baseline-brain-mri: warning',
  'atezolizumab-first-line: info',
  'sarcoma-centre-referral: info',
  'tfe3-confirmation: info',
  'palliative-care-referral: info',
  'lung-metastasectomy-candidate: info',
  'pathway-position: info',
];
/** A test that may stand where nobody could look is not asked for. */
const WITHOUT_TFE3 = CARDS.filter((card) => card !== 'tfe3-confirmation: info');
/** Nor is it a warning that there was no MRI. */
const WITHOUT_WARNING = WITHOUT_TFE3.map((card) => card.replace('warning', 'info'));

interface Lost {
  readonly cards: readonly string[];
  /** What the log calls unread, beside what the server does not have anyway. */
  readonly unread: readonly ResourceKey[];
  readonly words: readonly string[];
}

function procedures(because: string): Lost {
  return { cards: WITHOUT_WARNING, unread: ['procedures'], words: [`Procedure (${because})`] };
}

const SERVICE_REQUESTS: Lost = {
  cards: WITHOUT_WARNING,
  unread: ['serviceRequests'],
  words: ['ServiceRequest (unreadable answer)'],
};

const OBSERVATION_KEYS = RESOURCE_KEYS.filter((key) => key.startsWith('observations'));

const OBSERVATION_PARTS = ['staging', 'disease status', 'weight', 'performance status', 'biomarkers', 'laboratory'];

function observations(because: string): Lost {
  return {
    cards: WITHOUT_TFE3,
    unread: OBSERVATION_KEYS,
    words: OBSERVATION_PARTS.map((part) => `Observation (${part}) (${because})`),
  };
}

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
  return { ...recorded, body: { ...(recorded.body as object), total: 0, entry: [] } };
}

function isSearch(recorded: RecordedResponse | undefined): recorded is RecordedResponse {
  return (recorded?.body as { readonly resourceType?: string } | undefined)?.resourceType === 'Bundle';
}

/** An OperationOutcome as Epic puts it among the results of a search. */
function epicOutcome(code: string, issueType: string, text: string, diagnostics?: string): unknown {
  const coding = [{ system: 'urn:oid:1.2.840.114350.1.13.0.1.7.2.657369', code, display: text }];
  return {
    resource: {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning', code: issueType, details: { coding, text }, ...(diagnostics && { diagnostics }) }],
    },
    search: { mode: 'outcome' },
  };
}

/** What Epic says of a part of a type that the client was not granted. */
function notGranted(what: string): unknown {
  return epicOutcome(
    '59204',
    'suppressed',
    "The authenticated client's search request applies to a sub-resource that the client is not authorized for. Results of this sub-type will not be returned.",
    `Client not authorized for ${what}. Search results of this type have not been included.`,
  );
}

/** What Epic may say beside any results. */
const AS_FAR_AS_AVAILABLE = epicOutcome(
  '4119',
  'processing',
  'This response includes information available to the authorized user at the time of the request. It may not contain the entire record available in the system.',
);

const servers = recordedServers();

function serverCalled(id: string): RecordedServer {
  const server = servers.find((each) => each.id === id);
  if (server === undefined) throw new Error(`There is no ${id}`);
  return server;
}

function unreadAt({ unread }: RecordedServer, more: readonly ResourceKey[] = []): readonly ResourceKey[] {
  return RESOURCE_KEYS.filter((key) => Object.hasOwn(unread, key) || more.includes(key));
}

function summaryOf({ answer }: Outcome, card: string): string | undefined {
  return answer.cards.find(({ source }) => source.topic?.code === card)?.summary;
}

afterEach(endPlaying);

describe.each(servers.map((server) => [server.name, server] as const))('when %s', (_name, server) => {
  test('refuses the token, it is asked once, and the EHR is told that the chart could not be had (CH-64)', async () => {
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
    ['refuses Observation', 'Observation', { status: 403, text: '' }, observations('access refused')],
    ['fails for one type', 'Observation', { status: 500, text: '' }, observations('query failed')],
    ['answers with a web page', 'Procedure', WEB_PAGE, procedures('unreadable answer')],
    ['breaks off', 'ServiceRequest', BROKEN_OFF, SERVICE_REQUESTS],
  ])('%s, the cards rest on the others and say so', async (_what, type, response, lost) => {
    const playing = await play(server, ({ path }) => (path === type ? response : undefined));
    const outcome = await playing.call('patient-view');
    expect({ status: outcome.status, cards: outcome.cards }).toEqual({ status: 200, cards: lost.cards });
    expect(outcome.line['unread']).toEqual(unreadAt(server, lost.unread));
    expect(notLookedAt([outcome])).toEqual([...Object.values(server.unread), ...lost.words].toSorted());
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
    expect({ status, cards }).toEqual({ status: 200, cards: CARDS });
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
    const outcome = await playing.call('patient-view');
    expect({ status: outcome.status, unread: outcome.line['unread'], visits }).toEqual({
      status: 200,
      unread: unreadAt(server, ['conditions']),
      visits: 0,
    });
    expect(notLookedAt([outcome])).toEqual(
      [...Object.values(server.unread), 'Condition (not read to the end)'].toSorted(),
    );
  });

  test('keeps the Conditions on a page that is elsewhere, nobody says that there is no ASPS', async () => {
    const playing = await play(server, ({ path }, recorded) =>
      path === 'Condition' && recorded?.status === 200 ? withNothing(withNextElsewhere(recorded)) : undefined,
    );
    const { status, line } = await playing.call('patient-view');
    expect({ status, code: line['code'] }).toEqual({ status: 412, code: 'data-unobtainable' });
  });
});

describe('when Epic withholds a part of a type from this client', () => {
  const epic = serverCalled('epic');

  test('and finds nothing beside it, nobody says that there is no ASPS', async () => {
    const playing = await play(epic, ({ path }, recorded) =>
      path === 'Condition' && isSearch(recorded)
        ? withEntries(withNothing(withoutNext(recorded)), [notGranted('Condition - Problems')])
        : undefined,
    );
    const { status, line } = await playing.call('patient-view');
    expect({ status, code: line['code'] }).toEqual({ status: 412, code: 'data-unobtainable' });
  });

  test('and finds something beside it, that is used, and not taken for all', async () => {
    const playing = await play(epic, ({ path }, recorded) =>
      path === 'Procedure' && isSearch(recorded)
        ? withEntries(recorded, [notGranted('Procedure - Patient-Reported Surgical History')])
        : undefined,
    );
    const outcome = await playing.call('patient-view');
    expect({ status: outcome.status, cards: outcome.cards }).toEqual({ status: 200, cards: WITHOUT_WARNING });
    expect(outcome.line['unread']).toEqual(unreadAt(epic, ['procedures']));
    expect(notLookedAt([outcome])).toContain('Procedure (access refused)');
    expect(summaryOf(outcome, 'lung-metastasectomy-candidate')).toMatch(/disease-free interval/);
  });

  test('and that is outside records, or it says that there may be more than it may show, nothing is missing', async () => {
    const playing = await play(epic, (_request, recorded) =>
      isSearch(recorded) ? withEntries(recorded, [AS_FAR_AS_AVAILABLE]) : undefined,
    );
    const outcome = await playing.call('patient-view');
    expect({ status: outcome.status, cards: outcome.cards }).toEqual({ status: 200, cards: CARDS });
    expect(outcome.line['unread']).toEqual(unreadAt(epic));
    const outside = epic.exchanges.filter(({ response }) => JSON.stringify(response).includes(' - Outside Record'));
    expect(outside.length).toBeGreaterThan(5);
  });
});

test('a drug that only its Medication names is read there: without it, the cards are those of an untreated patient', async () => {
  const playing = await play(serverCalled('epic'), ({ path }) =>
    path === 'Medication/fHtest.pazopanib' ? { status: 404, text: '' } : undefined,
  );
  const outcome = await playing.call('order-sign');
  expect(outcome.cards).toEqual(['avoid-anthracycline-first-line: warning', 'atezolizumab-first-line: info']);
  expect(notLookedAt([outcome])).toContain('a medication on file has no name');
});

test('an order is left whose Medication was deleted: nobody can say any more that she had no PD-1/PD-L1 inhibitor', async () => {
  const hapi = serverCalled('hapi');
  const order = {
    resource: {
      resourceType: 'MedicationRequest',
      id: '1031',
      status: 'completed',
      intent: 'order',
      medicationReference: { reference: 'Medication/1028' },
      subject: { reference: `Patient/${hapi.patient}` },
      authoredOn: '2022-11-11',
    },
    search: { mode: 'match' },
  };
  const deleted = {
    status: 410,
    body: {
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'processing',
          diagnostics: 'Resource was deleted at 2024-01-16T10:12:44.105+00:00',
        },
      ],
    },
  };
  const playing = await play(hapi, ({ path }, recorded) => {
    if (path === 'Medication/1028') return deleted;
    return path === 'MedicationRequest' && isSearch(recorded) ? withEntries(recorded, [order]) : undefined;
  });
  const outcome = await playing.call('patient-view');
  expect({ cards: outcome.cards, unread: outcome.line['unread'] }).toEqual({
    cards: CARDS,
    unread: ['medications'],
  });
  expect(summaryOf(outcome, 'atezolizumab-first-line')).toBe(
    'Advanced ASPS – consider atezolizumab if no PD-1/PD-L1 inhibitor was given before (history not certain here)',
  );
  expect(notLookedAt([outcome])).toEqual([
    'Medication (1 known by what orders call them alone)',
    'a medication on file has no name',
  ]);
});

test('a server that takes no codes is asked by category where a profile fixes one, and from then on only so', async () => {
  const hapi = serverCalled('hapi');
  const byCategory: Readonly<Record<string, string>> = {
    laboratory: 'observations-laboratory',
    'vital-signs': 'observations-body-weight',
  };
  const noCodes = { status: 400, body: { resourceType: 'OperationOutcome', issue: [] } };
  const playing = await play(hapi, ({ path, query }) => {
    if (path !== 'Observation') return undefined;
    const name = byCategory[query['category'] ?? ''];
    return hapi.exchanges.find((exchange) => exchange.name === name)?.response ?? noCodes;
  });
  const first = await playing.call('patient-view');
  expect({ status: first.status, cards: first.cards }).toEqual({ status: 200, cards: WITHOUT_TFE3 });
  // What is filed under another category is not found so: none of them was read to its end.
  expect(first.line['unread']).toEqual(unreadAt(hapi, OBSERVATION_KEYS));
  expect(notLookedAt([first])).toEqual(
    OBSERVATION_PARTS.map((part) => {
      const because = ['weight', 'laboratory'].includes(part) ? 'not read to the end' : 'query failed';
      return `Observation (${part}) (${because})`;
    }).toSorted(),
  );
  // Six parts with a _count and without it, and two of them by category.
  expect(observationsAsked(first.asked)).toHaveLength(14);

  const second = await playing.call('patient-view');
  expect(observationsAsked(second.asked)).toEqual([
    'category=vital-signs&_count=200',
    'category=laboratory&_count=200',
  ]);
  expect(second.cards).toEqual(first.cards);
});

test('a server that does not have one part of a type is asked for the other parts as before', async () => {
  const hapi = serverCalled('hapi');
  const biomarkers = hapi.exchanges.find(({ name }) => name === 'observations-biomarkers');
  const playing = await play(hapi, (_request, recorded) =>
    recorded !== undefined && recorded === biomarkers?.response ? { status: 404, text: '' } : undefined,
  );
  const first = await playing.call('patient-view');
  const second = await playing.call('patient-view');
  for (const { cards, line } of [first, second]) {
    expect({ cards, unread: line['unread'] }).toEqual({ cards: WITHOUT_TFE3, unread: ['observationsBiomarkers'] });
  }
  expect([first, second].map(({ asked }) => observationsAsked(asked).length)).toEqual([6, 5]);
});

/** The searches of Observations, without the patient. */
function observationsAsked(asked: readonly Asked[]): readonly string[] {
  return asked.flatMap(({ url }) => /^\/Observation\?patient=[^&]+&(.+)$/.exec(url)?.[1] ?? []);
}

function withoutNext(recorded: RecordedResponse): RecordedResponse {
  return { ...recorded, body: { ...(recorded.body as object), link: [] } };
}
