import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CdsServiceResponse } from '../src/cds-hooks/types.ts';
import { buildHookRequest, type DiscoveredService, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { loadDraft, loadPatient, loadScenarios, type Scenario, type ScenarioCall } from '../src/ehr-demo/scenarios.ts';
import { fhirErrors } from './support/fhir-schema.ts';
import { call, post, type Served } from './support/http.ts';
import { responseProblems } from './support/schemas/cds-hooks-response.ts';
import { serveService } from './support/service.ts';

let service: Served;
let services: readonly DiscoveredService[];

beforeAll(async () => {
  service = await serveService();
  services = ((await call(`${service.url}/cds-services`)).body as { services: DiscoveredService[] }).services;
});
afterAll(() => service.close());

/** What an EHR with this chart gets on this call. */
async function play(scenario: Scenario, { hook, draft, selections, omit }: ScenarioCall) {
  const target = serviceForHook(services, hook);
  if (target === undefined) throw new Error(`no service for ${hook}`);
  const request = buildHookRequest(
    {
      patient: loadPatient(scenario.patient),
      hook,
      draft: draft === undefined ? undefined : loadDraft(draft, scenario.patient),
      selections,
      omit,
    },
    target,
  );
  const reply = await post(`${service.url}/cds-services/${target.id}`, request);
  return { status: reply.status, answer: reply.body as CdsServiceResponse };
}

const calls = loadScenarios().flatMap((scenario) =>
  scenario.calls.map((one) => {
    const how = [one.draft, one.selections?.join(), one.omit && `without ${one.omit.join()}`]
      .filter(Boolean)
      .join(', ');
    return [`${scenario.patient}, ${one.hook}${how === '' ? '' : ` (${how})`}`, scenario, one] as const;
  }),
);

describe('each synthetic patient gets exactly the cards that the guideline says, and valid ones', () => {
  test.each(calls)('%s', async (_name, scenario, expected) => {
    const { status, answer } = await play(scenario, expected);
    expect(status).toBe(200);
    expect(answer.cards.map(({ source, indicator }) => [source.topic.code, indicator])).toEqual(
      Object.entries(expected.cards),
    );

    expect(responseProblems(answer)).toEqual([]);
    for (const text of expected.wording ?? []) {
      expect(answer.cards.map(({ detail }) => detail).join('\n')).toContain(text);
    }
    for (const card of answer.cards) {
      // Rule 7: about 1,200 characters, chart text included.
      expect({ card: card.source.topic.code, fits: (card.detail ?? '').length <= 1350 }).toEqual({
        card: card.source.topic.code,
        fits: true,
      });
      const actions = card.suggestions?.flatMap((suggestion) => suggestion.actions ?? []) ?? [];
      const resources = actions.flatMap((action) => (action.type === 'delete' ? [] : [action.resource]));
      expect(resources.flatMap(fhirErrors)).toEqual([]);
    }
  });
});
