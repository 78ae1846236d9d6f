import { afterAll, describe, expect, test } from '@jest/globals';
import type { DiscoveredService } from '../src/ehr-demo/hook-request.ts';
import { type CardCase, loadCases } from '../src/ehr-demo/scenarios.ts';
import { fhirErrors } from './support/fhir-schema.ts';
import type { Served } from './support/http.ts';
import { discover, play } from './support/play.ts';
import { responseProblems } from './support/schemas/cds-hooks-response.ts';
import { guideline, serveService } from './support/service.ts';

interface Site {
  readonly service: Served;
  readonly services: readonly DiscoveredService[];
}

/** One service a set of settings, started when a case first asks for it. */
const sites = new Map<string, Promise<Site>>();

function siteWith(settings: CardCase['settings'] = {}): Promise<Site> {
  const key = JSON.stringify(settings);
  const site = sites.get(key) ?? startSite(settings);
  sites.set(key, site);
  return site;
}

async function startSite(settings: NonNullable<CardCase['settings']>): Promise<Site> {
  const own = { ...guideline, settings: { ...guideline.settings, ...settings } };
  // Without a cap: a case is about its own card, not about which others there are.
  const guidelines = { forClient: () => own, ofSite: () => own, siteOf: () => undefined };
  const service = await serveService({ maxCards: 0, guidelines });
  return { service, services: await discover(service.url) };
}

afterAll(async () => {
  await Promise.all([...sites.values()].map(async (site) => (await site).service.close()));
});

describe.each(loadCases().flatMap(({ cases }) => cases))('$card', ({ card, fires, silent, missing }) => {
  const titled = (kind: string, cases: readonly CardCase[]) =>
    cases.map((one) => [`${kind}: ${one.patient}, ${one.hook} – ${one.because}`, one] as const);

  test.each([...titled('fires', fires), ...titled('is silent', silent), ...titled('data missing', missing)])(
    '%s',
    async (_name, expected) => {
      const { service, services } = await siteWith(expected.settings);
      const { status, answer } = await play(service.url, services, expected.patient, expected);
      expect(status).toBe(200);
      const shown = answer.cards.find(({ source }) => source.topic?.code === card);
      expect(shown?.indicator ?? 'none').toBe(expected.expect);
      expect(responseProblems(answer)).toEqual([]);
      for (const text of expected.wording ?? []) expect(`${shown?.summary}\n${shown?.detail}`).toContain(text);
      // Rule 7: about 1,200 characters, chart text included.
      expect((shown?.detail ?? '').length).toBeLessThanOrEqual(1350);
      const actions = shown?.suggestions?.flatMap((suggestion) => suggestion.actions ?? []) ?? [];
      const resources = actions.flatMap((action) => (action.type === 'delete' ? [] : [action.resource]));
      expect(resources.flatMap(fhirErrors)).toEqual([]);
    },
  );

  test('fires where it is said to fire, and nowhere where it is said to be silent', () => {
    expect(fires.filter((one) => one.expect === 'none')).toEqual([]);
    expect(silent.filter((one) => one.expect !== 'none')).toEqual([]);
  });
});
