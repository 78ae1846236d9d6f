import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CdsServiceResponse } from '../src/cds-hooks/types.ts';
import { chartQueries } from '../src/chart/queries.ts';
import {
  buildHookRequest,
  type DiscoveredService,
  type HookRequest,
  serviceForHook,
} from '../src/ehr-demo/hook-request.ts';
import { type Bundle, type PatientStore, type Resource, storeOf } from '../src/ehr-demo/patient-store.ts';
import { loadDraft, loadPatient, loadScenarios, type ScenarioCall } from '../src/ehr-demo/scenarios.ts';
import { type FhirServerProcess, fixtureResources, startFhirServer } from './support/fhir-server-process.ts';
import { call as ask, post, type Reply, type Served, serve } from './support/http.ts';
import { discover } from './support/play.ts';
import { guideline, serveService } from './support/service.ts';

const TOKEN = 'the-token-of-these-tests';
/** Nothing here is about the time budget, and nothing may depend on how busy the machine is. */
const BUDGET_MS = 60_000;

/** What an EHR sends of the chart: all of it, two keys, every other key, nothing; the rest is to be asked for. */
const WAYS = {
  'full prefetch': () => true,
  'patient and conditions': (key) => key === 'patient' || key === 'conditions',
  'every other key': (_key, index) => index % 2 === 1,
  'no prefetch': () => false,
} as const satisfies Record<string, (key: string, index: number) => boolean>;
type Way = keyof typeof WAYS;
const ASKING = ['patient and conditions', 'every other key', 'no prefetch'] as const satisfies readonly Way[];

interface LogLine {
  readonly hookInstance?: string;
  readonly skipped?: number;
  readonly unread?: readonly string[];
  readonly fhir?: { readonly requests: number; readonly spared: number };
}

const log: LogLine[] = [];
let ehr: FhirServerProcess;
let service: Served;
let services: readonly DiscoveredService[];

beforeAll(async () => {
  [ehr, service] = await Promise.all([
    startFhirServer({ token: TOKEN }),
    serveService({ budgetMs: BUDGET_MS, onLog: (line) => log.push(JSON.parse(line) as LogLine) }),
  ]);
  services = await discover(service.url);
  await ehr.load(fixtureResources());
});
afterAll(() => Promise.all([service.close(), ehr.stop()]));

type Played = Omit<ScenarioCall, 'cards' | 'draft'> & { readonly patient: PatientStore; readonly draft?: Bundle };

/** How the call names its FHIR server, if it does, and with which token. */
interface Access {
  readonly fhirServer?: string;
  readonly fhirAuthorization?: object | undefined;
}

function accessTo(base: string, more: object = {}): Access {
  const authorization = {
    access_token: TOKEN,
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'patient/*.read',
    subject: 'asps-cds-hooks',
  };
  return { fhirServer: base, fhirAuthorization: { ...authorization, ...more } };
}

function requestFor({ hook, ...event }: Played, way: Way): HookRequest {
  const target = serviceForHook(services, hook);
  if (target === undefined) throw new Error(`no service for ${hook}`);
  const request = buildHookRequest({ hook, ...event }, target);
  const sent = Object.entries(request.prefetch ?? {}).filter(([key], index) => WAYS[way](key, index));
  const { prefetch: _all, ...rest } = request;
  return sent.length === 0 ? rest : { ...rest, prefetch: Object.fromEntries(sent) };
}

async function send(request: HookRequest, access: Access): Promise<Reply> {
  const { id } = serviceForHook(services, request.hook) ?? { id: '' };
  return post(`${service.url}/cds-services/${id}`, { ...request, ...access });
}

/** What the clinician sees, with the log line of the call. Ids are made anew for every answer. */
async function play(call: Played, way: Way, access = accessTo(ehr.base)) {
  const request = requestFor(call, way);
  const { status, text, body } = await send(request, access);
  if (status !== 200) throw new Error(`${status} ${text}`);
  const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  const { cards } = body as CdsServiceResponse;
  return {
    cards: JSON.parse(JSON.stringify(cards).replaceAll(uuid, 'uuid')) as CdsServiceResponse['cards'],
    log: log.find(({ hookInstance }) => hookInstance === request.hookInstance),
  };
}
type Result = Awaited<ReturnType<typeof play>>;

function idsOf({ cards }: Result): readonly (readonly [id: string | undefined, indicator: string])[] {
  return cards.map(({ source, indicator }) => [source.topic?.code, indicator]);
}

function played(patient: string, { hook, draft, selections }: Omit<ScenarioCall, 'cards' | 'omit'>): Played {
  return {
    patient: loadPatient(patient),
    hook,
    ...(draft === undefined ? {} : { draft: loadDraft(draft, patient) }),
    ...(selections === undefined ? {} : { selections }),
  };
}

// The fixtures tell what is missing by leaving keys out; with a server to ask, nothing is missing.
const calls = loadScenarios().flatMap(({ patient, calls: all }) =>
  all
    .filter(({ omit }) => omit === undefined)
    .map((call) => [`${patient}, ${call.hook}${call.draft ? ` (${call.draft})` : ''}`, patient, call] as const),
);
/** The prefetch keys, of which each is one question. */
const KEYS = Object.keys(chartQueries(guideline.terminology)).length;

describe('each synthetic patient gets the same cards, whether the EHR sends the chart or is asked for it', () => {
  test.each(calls)('%s', async (_name, patient, expected) => {
    const visit = played(patient, expected);
    const [full, ...others] = await Promise.all([
      play(visit, 'full prefetch'),
      ...ASKING.map((way) => play(visit, way)),
    ]);
    expect(idsOf(full)).toEqual(Object.entries(expected.cards));
    // Who was sent everything asks nothing.
    expect(full.log?.fhir).toBeUndefined();
    for (const other of others) {
      expect(other.cards).toEqual(full.cards);
      expect(other.log?.unread).toEqual(full.log?.unread);
      expect(other.log?.fhir?.requests ?? 0).toBeLessThanOrEqual(KEYS);
    }
    expect(others.at(-1)?.log?.fhir?.spared).toBe(0);
  });
});

describe('the token', () => {
  const metastatic = () => played('metastatic-untreated', { hook: 'patient-view' });

  test.each<[claim: string, access: () => Access]>([
    ['a wrong one', () => accessTo(ehr.base, { access_token: 'not-the-token-of-these-tests' })],
    ['none', () => ({ fhirServer: ehr.base })],
  ])('%s is a 412 that names what is missing, and no cards', async (_claim, access) => {
    const { status, body, text } = await send(requestFor(metastatic(), 'no prefetch'), access());
    expect([status, body]).toMatchObject([412, { resourceType: 'OperationOutcome' }]);
    expect(text).toContain('Prefetch key \\"conditions\\": refused');
    expect(text).not.toContain('token-of-these-tests');
    expect(body).not.toHaveProperty('cards');
  });

  test('a wrong one does no harm where nothing has to be asked', async () => {
    const right = await play(metastatic(), 'full prefetch');
    const wrong = await play(metastatic(), 'full prefetch', accessTo(ehr.base, { access_token: 'wrong' }));
    expect(wrong.cards).toEqual(right.cards);
  });

  test('with a wrong one, what was sent is said, and what was not is not taken for absent', async () => {
    const { cards, log: line } = await play(
      metastatic(),
      'patient and conditions',
      accessTo(ehr.base, { access_token: 'wrong' }),
    );
    expect(idsOf({ cards, log: line })).toContainEqual(['baseline-brain-mri', 'info']);
    expect(cards.map(({ detail }) => detail).join('\n')).toContain('could not be');
    expect(line?.unread).toContain('procedures');
  });

  test('one for another patient is a 400, and nothing is asked', async () => {
    const request = requestFor(metastatic(), 'no prefetch');
    const { status, body } = await send(request, accessTo(ehr.base, { patient: 'child-9y' }));
    expect([status, body]).toMatchObject([400, { resourceType: 'OperationOutcome' }]);
    expect(log.find(({ hookInstance }) => hookInstance === request.hookInstance)?.fhir).toBeUndefined();
  });

  test.each(['system/*.read', 'patient/*.rs', 'user/Patient.r user/Condition.rs launch openid'])(
    'good for %s: the chart is read as far as it says',
    async (scope) => {
      const { cards } = await play(metastatic(), 'no prefetch', accessTo(ehr.base, { scope }));
      expect(cards.length).toBeGreaterThan(0);
    },
  );
});

describe('drugs in Medications of their own', () => {
  const NOT_UNDERSTOOD = ['ignored', 'refused'] as const;
  const withReferences: readonly (readonly [patient: string, call: Omit<ScenarioCall, 'cards' | 'omit'>])[] = [
    ['epic-on-atezolizumab', { hook: 'patient-view' }],
    ['meditech-on-chemotherapy', { hook: 'patient-view' }],
  ];

  test.each(withReferences)('of %s come along with the orders', async (patient, call) => {
    const full = await play(played(patient, call), 'full prefetch');
    const { cards, log: line } = await play(played(patient, call), 'no prefetch');
    expect(cards).toEqual(full.cards);
    // One a query, and no Medication on its own.
    expect(line?.fhir?.requests).toBe(KEYS);
  });

  describe.each(NOT_UNDERSTOOD)('from a server where _include is %s', (kind) => {
    test.each(withReferences)('those of %s are read one by one, with the same cards', async (patient, call) => {
      const plain = await serveWithoutInclude(ehr.base, kind);
      try {
        const full = await play(played(patient, call), 'full prefetch');
        const { cards } = await play(played(patient, call), 'no prefetch', accessTo(plain.url));
        expect(cards).toEqual(full.cards);
        expect(plain.asked.filter((path) => path.startsWith('/Medication/'))).toHaveLength(1);
      } finally {
        await plain.close();
      }
    });
  });

  test('of which the prefetch has only the orders, are asked for', async () => {
    const patient = loadPatient('epic-on-atezolizumab');
    const full = await play({ patient, hook: 'patient-view' }, 'full prefetch');
    const withoutDrugs = storeOf(
      patient.patientId,
      patient.resources.filter(({ resourceType }) => resourceType !== 'Medication').map(withoutDisplay),
    );
    const { cards, log: line } = await play({ patient: withoutDrugs, hook: 'patient-view' }, 'full prefetch');
    expect(cards).toEqual(full.cards);
    expect(line?.fhir).toMatchObject({ requests: 1, spared: 0 });
  });

  describe('that a draft order only refers to', () => {
    const draftOf = (medication: string): Bundle => ({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          resource: {
            resourceType: 'MedicationRequest',
            id: 'draft',
            status: 'draft',
            intent: 'order',
            medicationReference: { reference: `Medication/${medication}` },
            subject: { reference: 'Patient/metastatic-untreated' },
          },
        },
      ],
    });
    const sign = (medication: string): Played => ({
      patient: loadPatient('metastatic-untreated'),
      hook: 'order-sign',
      draft: draftOf(medication),
    });

    test('are unread if the server does not have them, and nothing is said of them', async () => {
      const result = await play(sign('not-on-the-formulary'), 'no prefetch');
      expect([result.cards, result.log?.unread]).toEqual([[], ['draftMedications']]);
    });

    test('are read from the server, and judged as if they stood in the draft', async () => {
      await ehr.load([
        {
          resourceType: 'Medication',
          id: 'formulary-doxorubicin',
          code: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '3639' }] },
        },
      ]);
      for (const way of ASKING) {
        // oxlint-disable-next-line no-await-in-loop -- three, one after another
        const result = await play(sign('formulary-doxorubicin'), way);
        expect(idsOf(result)).toEqual([
          ['avoid-anthracycline-first-line', 'warning'],
          ['atezolizumab-first-line', 'info'],
        ]);
        expect(result.log?.unread).toEqual([]);
      }
    });
  });
});

describe('other patients on the same server', () => {
  let careless: Front;
  beforeAll(async () => {
    careless = await serveEverybody(ehr.base);
  });
  afterAll(() => careless.close());

  test.each(['metastatic-untreated', 'localised-resected', 'primary-care', 'refuted'])(
    'stay out of the cards of %s, where the server sends everybody’s records whoever is asked for',
    async (patient) => {
      const visit = played(patient, { hook: 'patient-view' });
      const asked = await play(visit, 'no prefetch', accessTo(careless.url));
      expect(asked.log?.skipped).toBeGreaterThan(100);
      // Where all that came was others', nobody can say that there is nothing of this patient's.
      const told = await play({ ...visit, omit: asked.log?.unread ?? [] }, 'full prefetch', {});
      expect(idsOf(asked)).toEqual(idsOf(told));
    },
  );
});

describe('a chart of more than a thousand records of one type', () => {
  const CROWDED = 'crowded';

  /** The patient of the fixture, with the one brain MRI behind a thousand visits to the physiotherapist. */
  function crowded(): PatientStore {
    const { resources } = loadPatient('epic-on-atezolizumab');
    const own = JSON.parse(
      JSON.stringify(resources).replaceAll('epic-on-atezolizumab', CROWDED),
    ) as readonly Resource[];
    const isProcedure = ({ resourceType }: Resource) => resourceType === 'Procedure';
    const visits = Array.from({ length: 1100 }, (_, index) => ({
      resourceType: 'Procedure',
      id: `${CROWDED}-visit-${index}`,
      status: 'completed',
      code: { text: 'Physiotherapy' },
      subject: { reference: `Patient/${CROWDED}` },
      performedDateTime: '2024-03-01',
    }));
    return storeOf(CROWDED, [...own.filter((one) => !isProcedure(one)), ...visits, ...own.filter(isProcedure)]);
  }

  test('is read to its end: what stands on the second page counts', async () => {
    const patient = crowded();
    await ehr.load(patient.resources);
    const firstPage = (await ehr.fetch(`Procedure?patient=${CROWDED}&_count=1000`)).body;
    expect(firstPage).toMatchObject({ link: [{ relation: 'self' }, { relation: 'next' }] });
    const visit: Played = { patient, hook: 'patient-view' };
    const [full, asked] = [await play(visit, 'full prefetch'), await play(visit, 'no prefetch')];
    expect(asked.cards).toEqual(full.cards);
    expect(idsOf(asked).map(([id]) => id)).not.toContain('baseline-brain-mri');
    expect(asked.log?.unread).toEqual([]);
    expect(asked.log?.fhir?.requests).toBe(KEYS + 1);
  });
});

/** An order whose reference alone says which drug it is. */
function withoutDisplay(resource: Resource): Resource {
  const link = resource['medicationReference'] as { readonly reference?: string } | undefined;
  if (link?.reference === undefined) return resource;
  return { ...resource, medicationReference: { reference: link.reference } };
}

/** The same server, seen by way of another that does not hand every question on as it is. */
interface Front extends Served {
  /** The paths that were asked for, below the base. */
  readonly asked: readonly string[];
}

/** `change` turns the question into the one that is handed on, or into a status that says no. */
async function serveInFront(base: string, change: (url: URL) => URL | number): Promise<Front> {
  const asked: string[] = [];
  const handOn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    asked.push(request.url ?? '');
    const target = change(new URL(`${base}${request.url}`));
    response.setHeader('Content-Type', 'application/fhir+json');
    if (typeof target === 'number') {
      response.writeHead(target).end('{"resourceType":"OperationOutcome","issue":[]}');
      return;
    }
    const { status, text } = await ask(target.href, {
      headers: { authorization: `${request.headers.authorization}` },
    });
    response.writeHead(status).end(text.replaceAll(base, `http://${request.headers.host}`));
  };
  const served = await serve((request, response) => void handOn(request, response));
  return { ...served, asked };
}

/** Epic ignores `_include`; other servers refuse it. */
function serveWithoutInclude(base: string, kind: 'ignored' | 'refused'): Promise<Front> {
  return serveInFront(base, (url) => {
    if (!url.searchParams.has('_include')) return url;
    url.searchParams.delete('_include');
    return kind === 'ignored' ? url : 400;
  });
}

/** Knows no search by patient, and ignores it as any other parameter that it does not know. */
function serveEverybody(base: string): Promise<Front> {
  return serveInFront(base, (url) => {
    url.searchParams.delete('patient');
    // On one page: of one without anything of this patient's, nobody could say whether it is the right one.
    if (url.searchParams.has('_count')) url.searchParams.set('_count', '1000');
    return url;
  });
}
