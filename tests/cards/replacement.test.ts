import { describe, expect, test } from '@jest/globals';
import { loadPatient } from '../../src/ehr-demo/scenarios.ts';
import { recommend } from '../../src/guideline/recommend.ts';
import { type ChartOptions, chartOf, chartOfResources } from '../guideline/patient-chart.ts';
import { guideline } from '../support/service.ts';

interface Offered {
  readonly label: string;
  readonly isRecommended: boolean;
  readonly actions: readonly string[];
}

/** What one card offers for a patient; undefined if it does not come. */
async function offered(
  card: string,
  patient: string,
  hook: string,
  options: ChartOptions = {},
): Promise<readonly Offered[] | undefined> {
  const chart = await chartOf(patient, options);
  const { shown } = recommend(guideline, chart, { hook, today: '2026-11-22', maxCards: 0 });
  return shown
    .find(({ id }) => id === card)
    ?.suggestions.map(({ label, isRecommended, actions }) => ({
      label,
      isRecommended,
      actions: actions.map(({ type }) => type),
    }));
}

const creates = (all: readonly Offered[] | undefined) =>
  (all ?? []).filter(({ actions }) => actions.includes('create'));

test.each([
  ['atezolizumab-first-line', 'metastatic-untreated', 'patient-view', undefined, true],
  ['atezolizumab-first-line', 'stable-on-pazopanib-naive', 'patient-view', undefined, false],
  ['atezolizumab-first-line', 'metastatic-untreated', 'order-sign', 'ifosfamide-gemcitabine', false],
  ['avoid-anthracycline-first-line', 'metastatic-untreated', 'order-sign', 'doxorubicin', true],
  ['immunotherapy-before-tki', 'metastatic-untreated', 'order-sign', 'pazopanib-800', true],
  ['immunotherapy-before-tki', 'stable-on-pazopanib-naive', 'order-sign', 'pazopanib-800', false],
  ['pembrolizumab-tmb-high', 'metastatic-untreated', 'order-sign', 'pembrolizumab-200', false],
  ['tki-after-immunotherapy', 'progressed-on-atezolizumab', 'patient-view', undefined, true],
  ['immunotherapy-rechallenge', 'progressed-on-atezolizumab', 'order-sign', 'pembrolizumab-200', false],
] as const)('%s offers an order to %s on %s (%s); recommended: %s', async (card, patient, hook, draft, recommended) => {
  const orders = creates(await offered(card, patient, hook, draft === undefined ? {} : { draft }));
  expect(orders).not.toEqual([]);
  expect(orders.some(({ isRecommended }) => isRecommended)).toBe(recommended);
});

describe('no order is offered, though the card comes', () => {
  test.each([
    ['a pregnancy', 'atezolizumab-first-line', 'pregnancy-test-positive', 'patient-view', undefined],
    ['a transplant', 'atezolizumab-first-line', 'kidney-transplant-metastatic', 'patient-view', undefined],
    ['a pregnancy', 'avoid-anthracycline-first-line', 'pregnancy-test-positive', 'order-sign', 'doxorubicin'],
    ['a pregnancy', 'pembrolizumab-tmb-high', 'pregnancy-test-positive', 'order-sign', 'pembrolizumab-200'],
    ['liver failure', 'tki-after-immunotherapy', 'liver-failure-long-qt', 'patient-view', undefined],
    ['a CYP3A4 inhibitor', 'tki-after-immunotherapy', 'crohns-on-clarithromycin', 'patient-view', undefined],
    ['liver failure', 'immunotherapy-rechallenge', 'liver-failure-long-qt', 'order-sign', 'atezolizumab-1200'],
    ['another cancer', 'avoid-anthracycline-first-line', 'second-cancer-linked', 'order-sign', 'doxorubicin'],
    ['another cancer', 'avoid-cytotoxic-chemotherapy', 'second-cancer-linked', 'order-sign', 'ifosfamide-gemcitabine'],
    ['another cancer', 'immunotherapy-before-tki', 'second-cancer-linked', 'order-sign', 'pazopanib-800'],
    ['another cancer', 'pembrolizumab-tmb-high', 'second-cancer-linked', 'order-sign', 'pembrolizumab-200'],
    ['another cancer', 'immunotherapy-rechallenge', 'second-cancer-progressed', 'order-sign', 'pembrolizumab-200'],
    ['a TKI beside it', 'pembrolizumab-tmb-high', 'metastatic-untreated', 'order-sign', 'axitinib-and-pembrolizumab'],
    [
      'a TKI beside it',
      'immunotherapy-rechallenge',
      'progressed-on-atezolizumab',
      'order-sign',
      'axitinib-and-pembrolizumab',
    ],
  ] as const)('for %s: %s, %s', async (why, card, patient, hook, draft) => {
    const all = await offered(card, patient, hook, draft === undefined ? {} : { draft });
    expect(all).toBeDefined();
    expect(creates(all)).toEqual([]);
    // An order that may be for another cancer is not removed either.
    expect(why === 'another cancer' ? all : []).toEqual([]);
  });
});

test.each([
  ['doxorubicin', 'avoid-anthracycline-first-line'],
  ['ifosfamide-gemcitabine', 'atezolizumab-first-line'],
  ['pazopanib-800', 'immunotherapy-before-tki'],
  ['doxorubicin-and-pazopanib', 'avoid-anthracycline-first-line'],
])('of all cards on a draft of %s one offers atezolizumab: %s', async (draft, card) => {
  const chart = await chartOf('metastatic-untreated', { draft });
  const { shown } = recommend(guideline, chart, { hook: 'order-sign', today: '2026-11-22', maxCards: 0 });
  const offering = shown.filter(({ suggestions }) =>
    suggestions.some(
      ({ label, actions }) => /atezolizumab/i.test(label) && actions.some(({ type }) => type === 'create'),
    ),
  );
  expect(offering.map(({ id }) => id)).toEqual([card]);
});

test('what could not be read hides no order', async () => {
  const omit = ['observationsLaboratory', 'procedures'];
  const first = await offered('atezolizumab-first-line', 'metastatic-untreated', 'patient-view', { omit });
  expect(creates(first)).not.toEqual([]);
  const tki = await offered('tki-after-immunotherapy', 'progressed-on-atezolizumab', 'patient-view', { omit });
  expect(creates(tki)).not.toEqual([]);
});

test('local therapy: a referral is offered, and not recommended', async () => {
  const all = await offered('oligometastatic-local-therapy', 'on-atezolizumab-lung-bone', 'patient-view');
  expect(all).toMatchObject([{ isRecommended: false, actions: ['create'] }]);
});

test('local therapy: no second referral beside the one for a positive margin', async () => {
  const patient = 'on-atezolizumab-lung-bone';
  const resection = loadPatient('margin-positive').resources.filter((resource) =>
    /excision|pathology/i.test(JSON.stringify(resource['code'] ?? '')),
  );
  expect(resection).not.toEqual([]);
  const moved = JSON.parse(JSON.stringify(resection).replaceAll('margin-positive', patient));
  const chart = await chartOfResources(patient, [...loadPatient(patient).resources, ...moved]);
  const { shown } = recommend(guideline, chart, { hook: 'patient-view', today: '2026-11-22', maxCards: 0 });
  const referring = shown.filter(({ suggestions }) =>
    suggestions.some(({ label }) => /radiation oncology/.test(label)),
  );
  expect(referring.map(({ id }) => id)).toEqual(['positive-margin-radiotherapy']);
  expect(shown.map(({ id }) => id)).toContain('oligometastatic-local-therapy');
});
