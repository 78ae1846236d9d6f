import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClientAuthentication } from '../src/cds-hooks/authentication/authentication.ts';
import {
  CLIENT_FEATURES,
  type ClientFeature,
  clientProfile,
  PROFILE_IDS,
  type ProfileId,
} from '../src/cds-hooks/profile.ts';
import { respond } from '../src/cds-hooks/response.ts';
import type { CdsServiceResponse } from '../src/cds-hooks/types.ts';
import type { Client } from '../src/clients.ts';
import { buildHookRequest, type DiscoveredService, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { type Resource, storeOf } from '../src/ehr-demo/patient-store.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';
import { call, post, type Served } from './support/http.ts';
import { discover, play } from './support/play.ts';
import { discovery10Problems, discoveryProblems } from './support/schemas/cds-hooks-discovery.ts';
import { profileProblems } from './support/schemas/profile-response.ts';
import { guideline, serveService } from './support/service.ts';

const PATIENT = 'metastatic-untreated';
const CALLS = { 'patient-view': {}, 'order-sign': { draft: 'doxorubicin' } } as const;

type Answers = Readonly<Record<keyof typeof CALLS, CdsServiceResponse>>;

/** What is recorded: each profile as it is, and the default one with all that a client can know beyond it. */
const RECORDED: readonly (readonly [string, ProfileId, readonly ClientFeature[]])[] = [
  ...PROFILE_IDS.map((id) => [id, id, []] as const),
  ['cds-hooks-3.0', 'default', CLIENT_FEATURES],
];

/** Whoever calls is this client: who sends a JWT is judged elsewhere. */
function alwaysFrom(id: ProfileId, supports: readonly ClientFeature[]): ClientAuthentication<Client> {
  const client: Client = {
    name: `a client of ${id}`,
    iss: 'https://ehr.example.org',
    keys: { jwks: { keys: [] } },
    algorithms: ['ES384'],
    profile: clientProfile(id, supports),
    prefetch: 'full',
    rateLimitPerMinute: 600,
    fhirServers: [],
  };
  return { authenticate: async () => ({ state: 'authenticated', client }) };
}

describe.each(RECORDED)('%s (UPDATE_FIXTURES=1 records its answers)', (name, id, supports) => {
  const profile = clientProfile(id, supports);
  const file = new URL(`../fixtures/profiles/${name}.json`, import.meta.url);
  let service: Served;
  let services: readonly DiscoveredService[];
  let answers: Answers;

  beforeAll(async () => {
    service = await serveService({ authentication: alwaysFrom(id, supports), discoveryAuth: true });
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
