import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DiscoveredService } from '../src/ehr-demo/hook-request.ts';
import { loadScenarios } from '../src/ehr-demo/scenarios.ts';
import { fhirErrors } from './support/fhir-schema.ts';
import type { Served } from './support/http.ts';
import { discover, play } from './support/play.ts';
import { responseProblems } from './support/schemas/cds-hooks-response.ts';
import { serveService } from './support/service.ts';

let service: Served;
let services: readonly DiscoveredService[];

beforeAll(async () => {
  service = await serveService();
  services = await discover(service.url);
});
afterAll(() => service.close());

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
    const { status, answer } = await play(service.url, services, scenario.patient, expected);
    expect(status).toBe(200);
    expect(answer.cards.map(({ source, indicator }) => [source.topic?.code, indicator])).toEqual(
      Object.entries(expected.cards),
    );

    expect(responseProblems(answer)).toEqual([]);
    for (const text of expected.wording ?? []) {
      expect(answer.cards.map(({ detail }) => detail).join('\n')).toContain(text);
    }
    for (const card of answer.cards) {
      // Rule 7: about 1,200 characters, chart text included.
      expect({ card: card.source.topic?.code, fits: (card.detail ?? '').length <= 1350 }).toEqual({
        card: card.source.topic?.code,
        fits: true,
      });
      const actions = card.suggestions?.flatMap((suggestion) => suggestion.actions ?? []) ?? [];
      const resources = actions.flatMap((action) => (action.type === 'delete' ? [] : [action.resource]));
      expect(resources.flatMap(fhirErrors)).toEqual([]);
    }
  });
});
