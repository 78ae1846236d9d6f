import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadCases, loadScenarios } from '../../src/ehr-demo/scenarios.ts';
import type { Source } from '../../src/guideline/card.ts';
import { cdsServices } from '../../src/services.ts';
import { shipped } from '../guideline/folder.ts';
import { guideline } from '../support/service.ts';

const cards = guideline.cards.map((card) => [card.file.id, card] as const);
const sources = parse(shipped.get('sources.yaml') ?? '') as readonly Source[];
const reasons = (parse(shipped.get('override-reasons.yaml') ?? '') as readonly { code: string }[]).map(
  ({ code }) => code,
);
const orders = [...shipped.keys()].flatMap((path) => /^orders\/(.+)\.yaml$/.exec(path)?.[1] ?? []);
const served = new Set<string>(cdsServices({}).map(({ hook }) => hook));

const calls = loadScenarios().flatMap((scenario) => scenario.calls);

/** Every call that is tried: with all the cards it shows, or with what one card does on it. */
const tried: readonly { readonly hook: string; readonly shown: readonly string[]; readonly about?: string }[] = [
  ...calls.map(({ hook, cards: shown }) => ({ hook, shown: Object.keys(shown) })),
  ...loadCases().flatMap((file) =>
    file.cases.flatMap(({ card, fires, silent, missing }) =>
      [...fires, ...silent, ...missing].map(({ hook, expect: expected }) => ({
        hook,
        shown: expected === 'none' ? [] : [card],
        about: card,
      })),
    ),
  ),
];

describe.each(cards)('the card %s', (id, { file, hooks, sources: cited, overrideReasons }) => {
  const text = shipped.get(`${id}.yaml`) ?? '';

  test('does not name the figure that is known to be wrong', () => {
    expect(text).not.toMatch(/\b28(\.0)?[\s-]*months?\b|twenty-eight months/i);
    expect(text).not.toMatch(/S-027/);
  });

  test('says something under each part of its detail', () => {
    for (const part of [file.detail.consider, file.detail.evidence, file.detail.regulatory]) {
      expect(part.trim().length).toBeGreaterThan(10);
    }
  });

  test('rests on statements, evidence items or conflicts, each once', () => {
    expect(file.statements.length).toBeGreaterThan(0);
    expect(file.statements.filter((statement) => !/^(S-\d{3}|E-\d{2}|X-\d{2})$/.test(statement))).toEqual([]);
    expect(new Set(file.statements).size).toBe(file.statements.length);
  });

  test('has sources and override reasons that exist', () => {
    expect(cited.map((source) => source.id)).toEqual(file.sources);
    expect(file.sources.filter((source) => !sources.some((one) => one.id === source))).toEqual([]);
    expect(overrideReasons.map(({ code }) => code)).toEqual(file.overrideReasons);
    expect(file.overrideReasons.filter((code) => !reasons.includes(code))).toEqual([]);
  });

  test('is reviewed, and due again later', () => {
    expect(file.reviewed < file.reviewDue).toBe(true);
  });

  test('is never critical by default', () => {
    expect(JSON.stringify(file.indicator)).not.toContain('critical');
  });

  test('says what to consider, not what must be done', () => {
    expect(file.summary).toMatch(/consider/i);
    expect(file.summary).not.toMatch(/\b(must|never|was not done)\b/i);
  });

  test('is on hooks that the service has', () => {
    expect([...hooks.keys()].filter((hook) => !served.has(hook))).toEqual([]);
  });

  test('fires on each of its hooks for someone, and stays away from someone', () => {
    const seen = [...hooks.keys()].map((hook) => {
      const ofHook = tried.filter((one) => one.hook === hook);
      return {
        hook,
        there: ofHook.some(({ shown }) => shown.includes(id)),
        away: ofHook.some(({ shown, about }) => (about === undefined || about === id) && !shown.includes(id)),
      };
    });
    expect(seen).toEqual([...hooks.keys()].map((hook) => ({ hook, there: true, away: true })));
  });
});

test('no card of the scenarios is unknown', () => {
  const named = new Set(calls.flatMap((call) => Object.keys(call.cards)));
  expect([...named].filter((id) => !cards.some(([card]) => card === id))).toEqual([]);
});

describe.each(sources.map((source) => [source.id, source] as const))('the source %s', (_id, source) => {
  test('says of whom it speaks, and is of no year to come', () => {
    expect(source.population.trim().length).toBeGreaterThan(10);
    expect(source.year ?? 2026).toBeLessThanOrEqual(2026);
  });

  test('names the regulator where it is regulatory', () => {
    expect(source.regulator !== undefined).toBe(source.level === 'regulatory');
  });
});

test('ids of sources and codes of override reasons are unique', () => {
  const ids = sources.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(reasons).size).toBe(reasons.length);
});

test('every order and every override reason is used by a card', () => {
  const created = new Set(cards.flatMap(([, { file }]) => (file.suggestions ?? []).map(({ create }) => create)));
  const offered = new Set(cards.flatMap(([, { file }]) => file.overrideReasons));
  expect(orders.filter((id) => !created.has(id))).toEqual([]);
  expect(reasons.filter((code) => !offered.has(code))).toEqual([]);
});

test('no two cards have the same priority and title', () => {
  const titles = cards.map(([, { file }]) => file.title);
  expect(new Set(titles).size).toBe(titles.length);
  const priorities = cards.map(([, { file }]) => file.priority);
  expect(new Set(priorities).size).toBe(priorities.length);
});
