import { describe, expect, test } from '@jest/globals';
import type { Chart } from '../../../src/chart/chart.ts';
import type { JsonObject } from '../../../src/chart/reading.ts';
import { SAFETY_CRITERIA } from '../../../src/guideline/criteria/safety.ts';
import {
  asps,
  chartFrom,
  chartOf,
  clinically,
  coded,
  complete,
  condition,
  draftsOf,
  ICD,
  LOINC,
  medicated,
  observation,
  RXNORM,
  without,
} from '../../chart/builders.ts';

function answer(id: string, chart: Chart) {
  const criterion = SAFETY_CRITERIA.find((one) => one.id === id);
  if (criterion === undefined) throw new Error(`There is no criterion ${id}`);
  return criterion.evaluate(chart);
}

describe('pazopanib at the full dose', () => {
  const PAZOPANIB = coded(RXNORM, '714438', 'pazopanib');
  const daily = { timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } } };
  const drafted = (dosage: JsonObject | undefined, more: JsonObject = {}) =>
    medicated('MedicationRequest', PAZOPANIB, {
      id: 'd1',
      status: 'draft',
      ...(dosage === undefined ? {} : { dosageInstruction: [dosage] }),
      ...more,
    });
  const mg = (value: number) => ({ ...daily, doseAndRate: [{ doseQuantity: { value, unit: 'mg', code: 'mg' } }] });
  const fullDose = (...drafts: readonly JsonObject[]) => answer('pazopanib-full-dose', chartOf({}, draftsOf(drafts)));

  test.each([
    ['800 mg a day', drafted(mg(800)), 'yes'],
    ['in words', drafted({ text: '800 mg by mouth once daily' }), 'yes'],
    ['more', drafted(mg(1000)), 'yes'],
    ['400 mg a day', drafted(mg(400)), 'no'],
    ['no dose', drafted(undefined), 'unknown'],
    ['a dose without an interval', drafted({ doseAndRate: [{ doseQuantity: { value: 800, unit: 'mg' } }] }), 'unknown'],
    ['for another cancer', drafted(mg(800), { reasonCode: [{ text: 'Renal cell carcinoma' }] }), 'no'],
    ['another drug', medicated('MedicationRequest', 'sunitinib', { status: 'draft' }), 'no'],
  ])('%s: %s', (_claim, draft, state) => {
    expect(fullDose(draft).state).toBe(state);
  });

  test('names the draft', () => {
    expect(fullDose(drafted(mg(800))).evidence).toMatchObject([
      { reference: 'MedicationRequest/d1', drug: 'pazopanib' },
    ]);
    expect(answer('pazopanib-full-dose', chartOf({})).state).toBe('no');
  });
});

describe('what speaks against immunotherapy', () => {
  const cautionOf = (...conditions: readonly JsonObject[]) =>
    answer('immunotherapy-caution', chartOf({ conditions: [asps(), ...conditions] }));

  test('is named in our words, the first three of them', () => {
    expect(cautionOf(condition('Kidney transplant status'))).toMatchObject({
      state: 'yes',
      value: 'organ transplant',
      evidence: [{ reference: 'Condition/c1' }],
    });
    const all = [
      'Pregnancy',
      'Kidney transplant',
      'Allogeneic stem cell transplant',
      'Psoriasis',
      'Pneumonitis',
      'Immune-related colitis',
    ].map((text, at) => condition(text, { id: `c${at}`, ...clinically('active') }));
    expect(cautionOf(...all).value).toBe('pregnancy, organ transplant, stem cell transplant and 3 more');
  });

  test('is no only when all of it was looked for', () => {
    expect(cautionOf().state).toBe('no');
    for (const key of ['procedures', 'observationsLaboratory'] as const) {
      expect(answer('immunotherapy-caution', chartFrom(without(complete(), key))).state).toBe('unknown');
    }
    expect(cautionOf(condition('Possible sarcoidosis')).state).toBe('unknown');
  });
});

test.each<[string, Chart]>([
  ['pregnancy', chartOf({ conditions: [asps(), condition('Pregnancy', clinically('active'))] })],
  ['organ-transplant', chartOf({ conditions: [asps(), condition(coded(ICD, 'Z94.0'))] })],
  ['stem-cell-transplant', chartOf({ conditions: [asps(), condition(coded(ICD, 'Z94.84'))] })],
  ['autoimmune-disease', chartOf({ conditions: [asps(), condition('Psoriasis')] })],
  ['interstitial-lung-disease', chartOf({ conditions: [asps(), condition('Pneumonitis')] })],
  ['immune-related-event', chartOf({ conditions: [asps(), condition('Immune-related colitis')] })],
  ['hepatic-impairment', chartOf({ conditions: [asps(), condition('Liver failure')] })],
  ['qt-prolongation', chartOf({ conditions: [asps(), condition('Long QT')] })],
  [
    'strong-cyp3a4-inhibitor',
    chartOf({ medicationRequests: [medicated('MedicationRequest', 'itraconazole', { status: 'active' })] }),
  ],
  ...(
    [
      ['liver-tests-recent', '1742-6'],
      ['renal-function-recent', '2160-0'],
      ['calcium-recent', '17861-6'],
    ] as const
  ).map(([id, code]): [string, Chart] => [
    id,
    chartOf({
      observationsLaboratory: [
        observation(coded(LOINC, code), {
          valueQuantity: { value: 1, unit: 'mg/dL' },
          effectiveDateTime: '2026-11-10',
        }),
      ],
    }),
  ]),
  [
    'performance-status',
    chartOf({
      observationsPerformanceStatus: [
        observation(coded(LOINC, '89247-1'), { valueInteger: 1, effectiveDateTime: '2026-11-10' }),
      ],
    }),
  ],
])('%s: yes with what decided it, no for an empty chart, unknown for one that was not read', (id, chart) => {
  expect(answer(id, chart)).toMatchObject({ state: 'yes', evidence: [{ text: expect.any(String) }] });
  expect(answer(id, chartOf({})).state).toBe('no');
  const unread = without(
    complete(),
    'conditions',
    'medicationRequests',
    'observationsLaboratory',
    'observationsPerformanceStatus',
  );
  expect(answer(id, chartFrom(unread)).state).toBe('unknown');
});
