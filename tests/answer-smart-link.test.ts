import { expect, test } from '@jest/globals';
import { type AnswerDependencies, createAnswer } from '../src/answer.ts';
import { clientProfile } from '../src/cds-hooks/profile.ts';
import { parseHookRequest } from '../src/cds-hooks/request.ts';
import { chartQueries } from '../src/chart/queries.ts';
import type { Client } from '../src/clients.ts';
import { buildHookRequest } from '../src/ehr-demo/hook-request.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';
import { createFhirServer } from '../src/fhir/fhir-server.ts';
import { rememberServers } from '../src/fhir/server-memories.ts';
import { cdsServices } from '../src/services.ts';
import { registeredClient } from './support/registered-client.ts';
import { responseProblems } from './support/schemas/cds-hooks-response.ts';
import { guideline, PUBLIC_URL, rememberRecord, TODAY } from './support/service.ts';

const queries = chartQueries(guideline.terminology);
const LAUNCH_URL = `${PUBLIC_URL}/smart/launch`;
const LINK = { label: 'This patient in the ASPS app', url: LAUNCH_URL, type: 'smart' };
const smartClientId = 'the app';

/** The cards that this client gets for a patient with untreated metastatic ASPS. */
async function cardsFor(
  client: Client | undefined,
  app: Pick<AnswerDependencies, 'launchUrl'> = { launchUrl: () => LAUNCH_URL },
) {
  const answer = createAnswer({
    guidelineFor: () => guideline,
    queries,
    servers: {
      port: createFhirServer(),
      memories: rememberServers(),
      traffic: { exchanged: () => {}, spared: () => {} },
      budgetMs: 1500,
    },
    recorder: rememberRecord(),
    maxCards: 4,
    evidenceUrl: (card) => `${PUBLIC_URL}/evidence/${card}`,
    ...app,
    now: () => TODAY,
  });
  const service = cdsServices(queries).find(({ hook }) => hook === 'patient-view');
  if (service === undefined) throw new Error('no service for patient-view');
  const request = buildHookRequest({ patient: loadPatient('metastatic-untreated'), hook: 'patient-view' }, service);
  const { signal } = new AbortController();
  const { cards } = await answer(service, parseHookRequest(request, service), {
    client,
    log: { add: () => {} },
    signal,
  });
  expect(cards).toHaveLength(4);
  return cards;
}

test('who knows the app gets it with each card, after the evidence, and the app is told the card (CH-126, CH-127)', async () => {
  const cards = await cardsFor(registeredClient({ smartClientId }));
  for (const { links = [], source } of cards) {
    expect(links[0]?.url).toBe(`${PUBLIC_URL}/evidence/${source.topic?.code}`);
    expect(links[1]).toEqual({ ...LINK, appContext: `{"card":"${source.topic?.code}"}` });
  }
  expect(responseProblems({ cards })).toEqual([]);
});

test('who passes no appContext on gets the link without it', async () => {
  const oracle = registeredClient({ smartClientId, profile: clientProfile('oracle-health') });
  for (const { links = [] } of await cardsFor(oracle)) expect(links[1]).toEqual(LINK);
});

test.each([
  ['a client at which the app is not registered', registeredClient()],
  ['a client that launches no app', registeredClient({ smartClientId, profile: clientProfile('sandbox') })],
  ['nobody who is known', undefined],
])('%s gets no link to it', async (_name, client) => {
  const links = (await cardsFor(client)).flatMap(({ links: all = [] }) => all);
  expect(links.map(({ type }) => type)).toEqual(links.map(() => 'absolute'));
  expect(links.length).toBeGreaterThanOrEqual(4);
});

test('a service without the app offers it to nobody', async () => {
  const cards = await cardsFor(registeredClient({ smartClientId }), {});
  expect(JSON.stringify(cards)).not.toContain('"smart"');
});
