import { afterEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import type { Card } from '../src/cds-hooks/types.ts';
import { RESOURCE_KEYS } from '../src/chart/reading.ts';
import { fhirErrors } from './support/fhir-schema.ts';
import {
  detailsOf,
  ELSEWHERE,
  endPlaying,
  HOOKS,
  type Hook,
  notLookedAt,
  type Outcome,
  play,
  queries,
  TOKEN,
} from './support/recorded-call.ts';
import {
  type DifferentCard,
  prefetchOf,
  type RecordedServer,
  recordedServers,
} from './support/recorded-fhir-server.ts';

interface ExpectedCard {
  readonly card: string;
  readonly summary: string;
  /** Their labels. */
  readonly suggestions: readonly string[];
}

const ATEZOLIZUMAB: ExpectedCard = {
  card: 'atezolizumab-first-line: info',
  summary: 'Advanced ASPS, no record of a PD-1/PD-L1 inhibitor – consider atezolizumab',
  suggestions: [
    'Atezolizumab 1200 mg IV every 3 weeks',
    'Atezolizumab 840 mg IV every 2 weeks',
    'Atezolizumab 1680 mg IV every 4 weeks',
    'Atezolizumab and hyaluronidase 1875 mg SC every 3 weeks',
  ],
};

/** All the cards there are for her, written once. What a server cannot let them say, its `differences` tell, with the reason. */
const CARDS: Readonly<Record<Hook, readonly ExpectedCard[]>> = {
  'patient-view': [
    {
      card: 'baseline-brain-mri: warning',
      summary: 'No brain MRI found since the ASPS diagnosis – consider a baseline MRI',
      suggestions: ['Order MRI brain without and with contrast (recommended)'],
    },
    ATEZOLIZUMAB,
    {
      card: 'sarcoma-centre-referral: info',
      summary: 'ASPS: consider referral to a sarcoma centre, if not already under a sarcoma centre',
      suggestions: ['Refer to a sarcoma centre (recommended)'],
    },
    {
      card: 'tfe3-confirmation: info',
      summary:
        'ASPS without a record of a TFE3 rearrangement or fusion test – consider confirming it, if not done elsewhere',
      suggestions: ['Order TFE3 rearrangement by FISH (recommended)'],
    },
    {
      card: 'palliative-care-referral: info',
      summary: 'No palliative care contact found in metastatic ASPS – consider early palliative care beside treatment',
      suggestions: ['Refer to palliative care (recommended)'],
    },
    {
      card: 'lung-metastasectomy-candidate: info',
      summary: 'Lung the only metastatic site on file, disease-free interval 15 months – consider metastasectomy',
      suggestions: ['Order CT chest for 2026-11-22, about 3 months after the first (recommended)'],
    },
    {
      card: 'pathway-position: info',
      summary: 'Pathway of metastatic ASPS: this chart supports step 1, immunotherapy – consider a tumour board',
      suggestions: [],
    },
  ],
  'order-sign': [
    {
      card: 'avoid-cytotoxic-chemotherapy: warning',
      summary: 'ASPS responds little to chemotherapy (doxorubicin) – consider immunotherapy or a trial',
      suggestions: ['Remove the doxorubicin order'],
    },
    ATEZOLIZUMAB,
  ],
};

/** The server at which everything can be read: what the cards say there, they say everywhere. */
const REFERENCE = 'hapi';

/** What the cards say of her, wherever the record stands and in whatever words. */
const FACTS: readonly RegExp[] = [
  /^- ASPS diagnosis: .*\((?:problem list|diagnosis), 2025-03-10\)/m,
  /^- Metastasis: .*\((?:problem list|diagnosis), 2026-08-18\)/m,
  /^- A long disease-free interval: .*\(procedure, 2025-04-22\).*, 2026-08-18\)/m,
  /^- Anthracycline order: .*doxorubicin.*\(draft order\)/im,
  /^- An anti-angiogenic TKI: .*pazopanib.*\(medication order, 2026-09-01\)/im,
  /^- Age 18 or more: 35 years/m,
  /^- A performance status: ECOG.* 1.* \(observation, 2026-11-10\)/m,
];

/** What each server holds of her: type, what it is called, its status, its date. */
const HELD: readonly (readonly [resourceType: string, words: RegExp, status: string, date: string])[] = [
  ['Condition', /alveolar soft part sarcoma/i, 'active', '2025-03-10'],
  ['Condition', /lung/i, 'active', '2026-08-18'],
  ['Condition', /hypothyroidism/i, 'active', '2024-03-20'],
  ['Procedure', /excision/i, 'completed', '2025-04-22'],
  ['Procedure', /appendectomy/i, 'completed', '2009'],
  ['Procedure', /\^%/, 'completed', '2024-06-03'],
  ['DiagnosticReport', /ct chest/i, 'final', '2026-08-17'],
  ['MedicationRequest', /pazopanib/i, 'active', '2026-09-01'],
  ['MedicationRequest', /levothyroxine/i, 'active', '2024-03-20'],
];

/** Body weight, creatinine, ALT and ECOG, all of one day, by LOINC code. */
const MEASURED: Readonly<Record<string, number>> = { '29463-7': 64.5, '2160-0': 0.8, '1742-6': 22, '89247-1': 1 };

/** The days on which she was seen. */
const VISITS = ['2025-03-10', '2025-04-22', '2026-08-10', '2026-08-17', '2026-09-01', '2026-11-10'];

interface Expected {
  /** FHIR requests: of the first call ever, of the next, and of a first one with everything in the prefetch. */
  readonly requests: { readonly first: number; readonly second: number; readonly prefetched: number };
  /** Where a body is no FHIR R4, as it would not be there. */
  readonly departures: readonly string[];
}

const NO_SUBJECT = `must have required property 'subject' {"missingProperty":"subject"}`;

const EXPECTED: Readonly<Record<string, Expected>> = {
  epic: {
    // The two types that it does not have are not asked for again. Two Medications are asked for one by one in every call.
    requests: { first: 20, second: 18, prefetched: 5 },
    departures: [`conditions/entry/4/resource/ ${NO_SUBJECT}`],
  },
  hapi: {
    // One _include is refused, once.
    requests: { first: 19, second: 18, prefetched: 1 },
    departures: [],
  },
  meditech: {
    requests: { first: 18, second: 15, prefetched: 1 },
    departures: [`conditions-continue/entry/1/resource/ ${NO_SUBJECT}`],
  },
  'oracle-health': {
    // It refuses a parameter seven times, and does not have two types: what is learnt of that in the first call is spared.
    requests: { first: 24, second: 15, prefetched: 1 },
    departures: [`conditions/entry/0/resource/ ${NO_SUBJECT}`],
  },
  'smart-health-it': {
    requests: { first: 18, second: 18, prefetched: 1 },
    departures: ['draft-orders/entry/0/resource/category must be array {"type":"array"}'],
  },
};

const servers = recordedServers();

afterEach(endPlaying);

interface Resource {
  readonly [member: string]: unknown;
}

/** The resources in a Bundle, or the one that it is. */
function resourcesIn(body: unknown): readonly Resource[] {
  const { entry, ...resource } = body as { readonly entry?: readonly { readonly resource: Resource }[] };
  return entry === undefined ? [resource] : entry.map((one) => one.resource);
}

/** Every text of at least six characters, at any depth. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length < 6 ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function statusOf({ status, clinicalStatus }: Resource): unknown {
  return status ?? (clinicalStatus as { coding: readonly { code: string }[] } | undefined)?.coding[0]?.code;
}

/** What a record is of, with the Medication that it refers to. */
function namesOf(record: Resource, all: readonly Resource[]): string {
  const { reference } = (record['medicationReference'] ?? {}) as { readonly reference?: string };
  const medication = all.find(
    ({ resourceType, id }) => resourceType === 'Medication' && reference?.endsWith(`/${String(id)}`),
  );
  return JSON.stringify([record['code'], record['medicationCodeableConcept'], medication]);
}

/** The days on which it began, was done or was ordered; perhaps only the year. */
function datesOf(record: Resource): readonly string[] {
  const { onsetDateTime, performedDateTime, effectiveDateTime, authoredOn } = record;
  const starts = [record['performedPeriod'], record['effectivePeriod'], record['period']].map(
    (period) => (period as { start?: string } | undefined)?.start,
  );
  return [onsetDateTime, performedDateTime, effectiveDateTime, authoredOn, ...starts].flatMap((date) =>
    typeof date === 'string' ? [date.slice(0, 10)] : [],
  );
}

/** Do they say the same, as far as both say anything? */
function agree(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** An Observation's number, as a quantity, an integer, or the first word of a coded answer. */
function valueOf({ valueQuantity, valueInteger, valueCodeableConcept }: Resource): unknown {
  const quantity = (valueQuantity as { value: number } | undefined)?.value;
  const answer = (valueCodeableConcept as { text: string } | undefined)?.text;
  return quantity ?? valueInteger ?? Number.parseInt(answer ?? '', 10);
}

/**
 * A card as lines without what depends on the server: the words of its records, and which parts of the chart it does not have.
 * What the cards cite, and what they could not look at, is compared with the server's own list.
 */
function linesOf({ summary, detail = '', suggestions = [] }: Card, server: RecordedServer): readonly string[] {
  return [
    summary,
    ...suggestions.map((suggestion) => `> ${labelOf(suggestion)}`),
    ...detail
      .replaceAll(ELSEWHERE, '')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [withoutServer(line, server)])),
  ];
}

function labelOf({ label, isRecommended }: { readonly label: string; readonly isRecommended?: boolean }): string {
  return isRecommended === true ? `${label} (recommended)` : label;
}

function withoutServer(line: string, { cited, repeated }: RecordedServer): string {
  if (!line.startsWith('- ')) return line;
  const absence = /^(- No record of .+ in )([^;]+)(?:; not looked at: (.+))?$/.exec(line);
  if (absence !== null) {
    const [, claim = '', read = '', unread = ''] = absence;
    const parts = [...read.split(', '), ...unread.split(', ').map((part) => part.replace(/ \(.+\)$/, ''))];
    return `${claim}${parts.filter(Boolean).toSorted().join(', ')}`;
  }
  const once = repeated.reduce((text, words) => text.replace(words, ''), line);
  return Object.entries(cited).reduce((text, [what, words]) => text.replace(words, `<${what}>`), once);
}

/** What its suggestions would write. */
function resourcesOf({ suggestions = [] }: Card): readonly unknown[] {
  const actions = suggestions.flatMap((suggestion) => suggestion.actions ?? []);
  return actions.flatMap((action) => (action.type === 'delete' ? [] : [action.resource]));
}

/** Whoever is sent an OperationOutcome as prefetch learns that the query failed, and not why. */
function withoutReasons(cards: readonly Card[], server: RecordedServer): readonly (readonly string[])[] {
  return cards.map((card) =>
    linesOf(card, server).map((line) =>
      line.replaceAll(/ \((?:not offered by this EHR|access refused|query failed)\)/g, ''),
    ),
  );
}

/** What is said differently here, card by card. */
function differencesOf(
  outcomes: Readonly<Record<Hook, Outcome>>,
  server: RecordedServer,
  reference: Readonly<Record<Hook, Outcome>>,
): readonly DifferentCard[] {
  return HOOKS.flatMap((hook) =>
    reference[hook].answer.cards.flatMap((model, at) => {
      const card = outcomes[hook].answer.cards[at];
      if (card === undefined) return [];
      const expected = linesOf(model, referenceServer);
      const said = linesOf(card, server);
      const lines = [
        ...expected.filter((line) => !said.includes(line)).map((line) => `- ${line}`),
        ...said.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`),
      ];
      return lines.length === 0 ? [] : [{ hook, card: String(model.source.topic?.code), lines }];
    }),
  );
}

const referenceServer = serverCalled(REFERENCE);

function serverCalled(id: string): RecordedServer {
  const server = servers.find((each) => each.id === id);
  if (server === undefined) throw new Error(`There is no ${id}`);
  return server;
}

async function outcomesAt(server: RecordedServer): Promise<Readonly<Record<Hook, Outcome>>> {
  const playing = await play(server);
  const outcomes = {
    'patient-view': await playing.call('patient-view'),
    'order-sign': await playing.call('order-sign'),
  };
  nock.cleanAll();
  return outcomes;
}

test('every server is played, and only these', () => {
  expect(servers.map(({ id }) => id)).toEqual(Object.keys(EXPECTED).toSorted());
});

test('where everything can be read, the cards are these, with these suggestions', async () => {
  const outcomes = await outcomesAt(referenceServer);
  expect(referenceServer.unread).toEqual({});
  for (const hook of HOOKS) {
    expect(
      outcomes[hook].answer.cards.map(({ source, indicator, summary, suggestions = [] }) => ({
        card: `${source.topic?.code}: ${indicator}`,
        summary,
        suggestions: suggestions.map(labelOf),
      })),
    ).toEqual(CARDS[hook]);
  }
});

describe.each(servers.map((server) => [server.name, server] as const))('the chart at %s', (_name, server) => {
  const expected = EXPECTED[server.id];
  if (expected === undefined) throw new Error(`nothing is expected of ${server.id}`);
  const { requests, departures } = expected;
  const unread = RESOURCE_KEYS.filter((key) => Object.hasOwn(server.unread, key));
  const bodies = server.exchanges.flatMap(({ name, response: { body } }) =>
    body === undefined ? [] : [{ name, body }],
  );
  const resources = bodies.flatMap(({ body }) => resourcesIn(body));

  test('is synthetic, and its notes say what is documented and what is not', () => {
    expect(new URL(server.base).hostname).toMatch(/\.example(?:\.org)?$/);
    expect(server.notes.filter((note) => !/^(?:documented|assumed): \S/.test(note))).toEqual([]);
    expect(server.notes.length).toBeGreaterThan(5);
    expect(resources.filter(({ resourceType }) => resourceType === 'Patient')).toEqual([
      expect.objectContaining({
        id: server.patient,
        meta: expect.objectContaining({ tag: expect.arrayContaining([expect.objectContaining({ code: 'HTEST' })]) }),
        name: expect.arrayContaining([expect.objectContaining({ family: 'Testcase' })]),
        gender: 'female',
        birthDate: '1991-03-14',
      }),
    ]);
  });

  test.each(HELD)('has a %s of her called %s, %s, of %s and of no other day', (resourceType, words, status, date) => {
    const records = resources.filter(
      (record) =>
        record['resourceType'] === resourceType &&
        statusOf(record) === status &&
        words.test(namesOf(record, resources)),
    );
    expect(records).not.toEqual([]);
    expect(records.flatMap(datesOf).filter((each) => !agree(each, date))).toEqual([]);
  });

  test('holds her visits, unless it tells nobody of them', () => {
    const visits = resources.filter(({ resourceType }) => resourceType === 'Encounter').flatMap(datesOf);
    const missing = VISITS.filter((day) => !visits.includes(day));
    expect(missing).toEqual(unread.includes('encounters') ? VISITS : []);
  });

  test('holds what was measured, whether or not a card needs it', () => {
    const measured = Object.keys(MEASURED).map((code) => [
      code,
      resources
        .filter(
          (resource) =>
            resource['resourceType'] === 'Observation' &&
            datesOf(resource).includes('2026-11-10') &&
            JSON.stringify(resource['code']).includes(`"${code}"`),
        )
        .map(valueOf),
    ]);
    expect(measured).toEqual(Object.entries(MEASURED).map(([code, value]) => [code, [value]]));
  });

  test('is FHIR R4 but for what is said to be none', () => {
    const all = [...bodies, { name: 'draft-orders', body: server.draftOrders }];
    const errors = all.flatMap(({ name, body }) => fhirErrors(body).map((error) => `${name}${error}`));
    expect(errors).toEqual(departures);
  });

  test('gives the cards that it gives everywhere, and each call names what could not be looked at', async () => {
    const outcomes = await outcomesAt(server);
    for (const hook of HOOKS) {
      const { status, cards, line } = outcomes[hook];
      expect({ hook, status, cards }).toEqual({ hook, status: 200, cards: CARDS[hook].map(({ card }) => card) });
      expect(line['unread']).toEqual(unread);
      expect(notLookedAt([outcomes[hook]])).toEqual(Object.values(server.unread).toSorted());
    }
    const details = detailsOf(Object.values(outcomes));
    expect(FACTS.filter((fact) => !fact.test(details))).toEqual([]);
    const cited = [...Object.values(server.cited), ...server.repeated];
    expect(cited.filter((words) => !details.includes(words))).toEqual([]);
  });

  test('gives cards that say and suggest the same as everywhere, but for the differences that are told', async () => {
    const reference = await outcomesAt(referenceServer);
    const outcomes = await outcomesAt(server);
    expect(differencesOf(outcomes, server, reference)).toEqual(server.differences.flatMap(({ cards }) => cards));
    expect(server.differences.filter(({ because }) => because === '')).toEqual([]);
    const created = HOOKS.flatMap((hook) => outcomes[hook].answer.cards).flatMap(resourcesOf);
    expect(created.length).toBeGreaterThan(0);
    for (const resource of created) expect(resource).toMatchObject({ reasonReference: [{ reference: server.asps }] });
  });

  test('gives the same cards when the EHR sends all of it along', async () => {
    const called = await outcomesAt(server);
    for (const hook of HOOKS) {
      const playing = await play(server);
      // oxlint-disable-next-line no-await-in-loop -- one service after the other, each without a memory
      const { status, answer, asked } = await playing.call(hook, prefetchOf(server, queries));
      expect({ hook, status, requests: asked.length }).toEqual({ hook, status: 200, requests: requests.prefetched });
      expect(withoutReasons(answer.cards, server)).toEqual(withoutReasons(called[hook].answer.cards, server));
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
    expect(second.line['unread']).toEqual(unread);
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
});
