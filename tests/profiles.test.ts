import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClientAuthentication } from '../src/cds-hooks/authentication/authentication.ts';
import {
  CLIENT_FEATURES,
  type ClientFeature,
  clientProfile,
  EPIC_PREFERENCE_LIST,
  PROFILE_IDS,
  type ProfileId,
} from '../src/cds-hooks/profile.ts';
import { respond } from '../src/cds-hooks/response.ts';
import type { Action, Card, CdsServiceResponse } from '../src/cds-hooks/types.ts';
import { type CodedText, readCodedText } from '../src/chart/coding.ts';
import { drugReader } from '../src/chart/medication.ts';
import type { Client } from '../src/clients.ts';
import { buildHookRequest, type DiscoveredService, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { type Resource, storeOf } from '../src/ehr-demo/patient-store.ts';
import { loadCases, loadPatient, loadScenarios } from '../src/ehr-demo/scenarios.ts';
import type { Guideline } from '../src/guideline/guideline.ts';
import { loadGuideline } from '../src/guideline/load.ts';
import { type Content, changed, shipped } from './guideline/folder.ts';
import { chartOf } from './guideline/patient-chart.ts';
import { call, post, type Served } from './support/http.ts';
import { discover, play } from './support/play.ts';
import { registeredClient } from './support/registered-client.ts';
import { discovery10Problems, discoveryProblems } from './support/schemas/cds-hooks-discovery.ts';
import { profileProblems } from './support/schemas/profile-response.ts';
import { guideline, serveService } from './support/service.ts';

const PATIENT = 'metastatic-untreated';
const CALLS = { 'patient-view': {}, 'order-sign': { draft: 'doxorubicin' } } as const;

type Answers = Readonly<Record<keyof typeof CALLS, CdsServiceResponse>>;

/** The guideline of a site at Epic that has put every order onto its preference list. */
const mapped = loadGuideline(shipped, [
  {
    folder: 'overlays/mapped/',
    files: new Map(
      [...shipped.keys()]
        .filter((path) => path.startsWith('orders/'))
        .flatMap((path) => Object.entries(changed(path, addPreferenceList))),
    ),
  },
]);

/** What is recorded: each profile as it is, the default one with all that a client can know beyond it, and a site's Epic. */
const RECORDED: readonly (readonly [string, ProfileId, readonly ClientFeature[], Guideline])[] = [
  ...PROFILE_IDS.map((id) => [id, id, [], guideline] as const),
  ['epic-with-mapped-orders', 'epic', [], mapped],
  ['cds-hooks-3.0', 'default', CLIENT_FEATURES, guideline],
];

/** Whoever calls is this client: who sends a JWT is judged elsewhere. */
function alwaysFrom(id: ProfileId, supports: readonly ClientFeature[] = []): ClientAuthentication<Client> {
  const client = registeredClient({ name: `a client of ${id}`, profile: clientProfile(id, supports) });
  return { authenticate: async () => ({ state: 'authenticated', client }) };
}

describe.each(RECORDED)('%s (UPDATE_FIXTURES=1 records its answers)', (name, id, supports, own) => {
  const profile = clientProfile(id, supports);
  const file = new URL(`../fixtures/profiles/${name}.json`, import.meta.url);
  let service: Served;
  let services: readonly DiscoveredService[];
  let answers: Answers;

  beforeAll(async () => {
    service = await serveService({
      ...withGuideline(own),
      authentication: alwaysFrom(id, supports),
      discoveryAuth: true,
    });
    services = await discover(service.url);
    const answerTo = async (hook: keyof typeof CALLS) =>
      (await play(service.url, services, PATIENT, { hook, ...CALLS[hook] })).answer;
    answers = { 'patient-view': await answerTo('patient-view'), 'order-sign': await answerTo('order-sign') };
    if (process.env['UPDATE_FIXTURES'] === '1')
      writeFileSync(file, `${JSON.stringify(withoutUuids(answers), undefined, 2)}\n`);
  });
  afterAll(() => service.close());

  test('is answered as recorded, for the same chart as the others', () => {
    expect(withoutUuids(answers)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  test('is answered with what it takes, and with every card (CH-88 to CH-130)', () => {
    const problems = profileProblems(profile);
    expect(problems(answers['patient-view'])).toEqual([]);
    expect(problems(answers['order-sign'])).toEqual([]);
    expect(answers['patient-view'].cards).toHaveLength(4);
    expect(answers['order-sign'].cards).toHaveLength(2);
  });

  test('discovers what it knows (CH-10 to CH-12, CH-48)', async () => {
    const { body } = await call(`${service.url}/cds-services`);
    expect(profile.cdsHooks === '1.0' ? discovery10Problems(body) : discoveryProblems(body)).toEqual([]);
    expect(JSON.stringify(body).includes('resolve()')).toBe(supports.includes('prefetch-fhirpath'));
  });

  test('learns which drug is drafted from a Medication of its own if, and only if, it knows FHIRPath tokens (CH-57)', async () => {
    const target = serviceForHook(services, 'order-sign');
    if (target === undefined) throw new Error('There is a service for order-sign');
    const { resources } = loadPatient(PATIENT);
    const doxorubicin: Resource = { resourceType: 'Medication', id: 'own-record', code: { text: 'Doxorubicin' } };
    const draft: Resource = {
      resourceType: 'MedicationRequest',
      id: 'd1',
      status: 'draft',
      intent: 'order',
      subject: { reference: `Patient/${PATIENT}` },
      medicationReference: { reference: 'Medication/own-record' },
    };
    const request = buildHookRequest(
      {
        patient: storeOf(PATIENT, [...resources, doxorubicin]),
        hook: 'order-sign',
        draft: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: draft }] },
      },
      target,
    );
    const { cards } = (await post(`${service.url}/cds-services/${target.id}`, request)).body as CdsServiceResponse;
    const warned = cards.some(({ summary }) => summary.includes('doxorubicin'));
    expect(warned).toBe(supports.includes('prefetch-fhirpath'));
  });
});

describe.each(PROFILE_IDS.filter((id) => clientProfile(id).selectionBehavior === 'any'))(
  'of the answers to %s, where a clinician may take all suggestions together',
  (id) => {
    const calls = [
      ...loadScenarios().flatMap(({ patient, calls: made }) => made.map((one) => ({ ...one, patient }))),
      ...loadCases().flatMap(({ cases }) => cases.flatMap(({ fires }) => fires)),
    ];
    const drugsIn = drugReader(mapped.terminology);
    let service: Served;
    let services: readonly DiscoveredService[];

    beforeAll(async () => {
      service = await serveService({ ...withGuideline(mapped), maxCards: 0, authentication: alwaysFrom(id) });
      services = await discover(service.url);
    });
    afterAll(() => service.close());

    test('none orders a drug twice, two drugs, one service twice, or removes a draft twice on a card', async () => {
      const problems = profileProblems(clientProfile(id));
      const offered = { drugs: 0, services: 0, removals: 0 };
      for (const one of calls) {
        const { answer } = await play(service.url, services, one.patient, one);
        expect(problems(answer)).toEqual([]);
        const actions = answer.cards.flatMap(actionsOf);
        const drugs = actions
          .flatMap((action) => orderedBy(action, 'MedicationRequest'))
          .flatMap((order) => drugsIn(order).map(({ drug }) => drug));
        const scans = actions.flatMap((action) => orderedBy(action, 'ServiceRequest')).flatMap(({ texts }) => texts[0]);
        const removed = removedBy(actions);
        expect({ ...one, drugs: drugs.slice(1) }).toEqual({ ...one, drugs: [] });
        expect(new Set(scans).size).toBe(scans.length);
        for (const card of answer.cards) {
          const onCard = removedBy(actionsOf(card));
          expect(new Set(onCard).size).toBe(onCard.length);
        }
        const { drafts = [] } =
          drugs.length > 0 && one.draft !== undefined ? await chartOf(one.patient, { draft: one.draft }) : {};
        const left = drafts.filter(({ evidence }) => !removed.includes(evidence.reference ?? ''));
        const twice = left.flatMap((draft) => draft.drugs).filter(({ drug }) => drugs.includes(drug));
        expect({ ...one, twice }).toEqual({ ...one, twice: [] });
        offered.drugs += drugs.length;
        offered.services += scans.length;
        offered.removals += removed.length;
      }
      expect(offered.drugs).toBeGreaterThan(20);
      expect(offered.services).toBeGreaterThan(50);
      expect(offered.removals).toBeGreaterThan(20);
    }, 60_000);

    test('no child is offered a drug, although every order is mapped: the dose would be that of the record', async () => {
      for (const hook of ['patient-view', 'order-sign'] as const) {
        for (const patient of ['child-9y', 'child-12y-pounds']) {
          const { answer } = await play(service.url, services, patient, { hook, ...CALLS[hook] });
          const actions = answer.cards.flatMap(actionsOf);
          expect(actions.flatMap((action) => orderedBy(action, 'MedicationRequest'))).toEqual([]);
          expect(answer.cards.map(({ detail }) => detail).join()).toContain('15 mg/kg');
        }
      }
    });
  },
);

test('of the services that a card suggests none excludes another: those that suggest several were looked at', () => {
  const several = [...guideline.cards, ...guideline.off].flatMap(({ file, suggestions }) => {
    const ordered = suggestions.flatMap(({ order }) =>
      order?.file.resource.resourceType === 'ServiceRequest' ? [order.file.id] : [],
    );
    return ordered.length < 2 ? [] : [[file.id, ...ordered]];
  });
  expect(several).toEqual([
    // Two opinions, one before the other.
    ['localised-resection', 'referral-sarcoma-surgery', 'referral-radiation-oncology'],
  ]);
});

test('no two cards have one topic in the code that Epic keeps overrides by, whatever the case (CH-100)', () => {
  const profile = clientProfile('epic');
  const contents = [...guideline.cards, ...guideline.off].map(({ file: { id, title } }) => ({
    id,
    title,
    summary: 'x',
    detail: '',
    indicator: 'info' as const,
    source: { label: 'x' },
    suggestions: [],
    overrideReasons: [],
    links: [],
  }));
  const answer = respond(contents, { topicSystem: guideline.file.topicSystem, profile });
  const codes = answer.cards.map(({ source }) => source.topic?.code.toLowerCase());
  expect(codes).toHaveLength(36);
  expect(new Set(codes).size).toBe(36);
  expect(profileProblems(profile)(answer)).toEqual([]);
});

function withGuideline(own: Guideline) {
  return { guidelines: { forClient: () => own, ofSite: () => own, siteOf: () => undefined } };
}

/** Puts an entry of the preference list before the codes of an order. */
function addPreferenceList({ id, resource }: Content): void {
  const { code, medicationCodeableConcept = code } = resource as Record<string, { coding?: object[] }>;
  if (medicationCodeableConcept === undefined) throw new Error('The order says what is ordered');
  const entry = { system: EPIC_PREFERENCE_LIST, code: `KEY-OF-${String(id)}`, display: 'From our preference list' };
  medicationCodeableConcept.coding = [entry, ...(medicationCodeableConcept.coding ?? [])];
}

function actionsOf({ suggestions = [] }: Card): readonly Action[] {
  return suggestions.flatMap(({ actions = [] }) => actions);
}

function orderedBy(action: Action, type: 'MedicationRequest' | 'ServiceRequest'): readonly CodedText[] {
  if (action.type === 'delete' || action.resource.resourceType !== type) return [];
  const { medicationCodeableConcept, code } = { ...action.resource } as Readonly<Record<string, unknown>>;
  return [readCodedText(medicationCodeableConcept ?? code)];
}

function removedBy(actions: readonly Action[]): readonly string[] {
  return actions.flatMap((action) => ('resourceId' in action ? [action.resourceId] : []));
}

/** With a placeholder for each uuid, in the order in which they stand there. */
function withoutUuids(answers: Answers): unknown {
  const names = new Map<string, string>();
  const text = JSON.stringify(answers).replaceAll(/"uuid":"([^"]+)"/g, (_member, uuid: string) => {
    const name = names.get(uuid) ?? `uuid-${names.size + 1}`;
    names.set(uuid, name);
    return `"uuid":"${name}"`;
  });
  return JSON.parse(text);
}
