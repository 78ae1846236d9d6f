import { describe, expect, test } from '@jest/globals';
import { criteriaOf } from '../../../src/guideline/compile.ts';
import { CRITERIA } from '../../../src/guideline/criteria/registry.ts';
import { guideline } from '../../support/service.ts';
import { chartOf } from '../patient-chart.ts';

const criteria = [...CRITERIA.values()].map((criterion) => [criterion.id, criterion] as const);

/** Criteria that no card asks for yet. */
const UNUSED: readonly string[] = [];

describe.each(criteria)('%s', (id, criterion) => {
  test('is registered under its own id', () => {
    expect(CRITERIA.get(id)).toBe(criterion);
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  test('asks a question, says what it rests on, and has a label for "No record of …"', () => {
    expect(criterion.question).toMatch(/^[A-Z].*\?/);
    expect(criterion.basis.length).toBeGreaterThan(0);
    for (const basis of criterion.basis) {
      expect(basis).toMatch(/^(S-\d{3}|E-\d{2}|X-\d{2}|F-[A-Z][A-Z0-9]*(-[A-Z]+)*|M\d+|rule \d+)$/);
    }
    expect(criterion.label.trim()).not.toBe('');
    expect(criterion.label).not.toMatch(/[.?<>*_`]/);
    expect(new Set(criterion.shows).size).toBe(criterion.shows.length);
  });
});

test('ids and labels are unique', () => {
  const labels = criteria.map(([, { label }]) => label);
  expect(new Set(labels).size).toBe(labels.length);
});

test('every criterion is used by a card, but those listed here', () => {
  const used = new Set(guideline.cards.flatMap((card) => criteriaOf(card)));
  expect([...CRITERIA.keys()].filter((id) => !used.has(id))).toEqual(UNUSED);
});

test('every criterion answers every chart, also one of which nothing could be read, and the same twice', async () => {
  const charts = await Promise.all([
    chartOf('metastatic-untreated', { draft: 'doxorubicin-and-ct' }),
    chartOf('metastatic-untreated', {
      omit: ['procedures', 'medicationRequests', 'medicationAdministrations', 'serviceRequests', 'diagnosticReports'],
    }),
    chartOf('primary-care'),
  ]);
  for (const chart of charts) {
    for (const [, criterion] of criteria) {
      const fact = criterion.evaluate(chart);
      expect(['yes', 'no', 'unknown']).toContain(fact.state);
      expect(criterion.evaluate(chart)).toEqual(fact);
    }
  }
});
