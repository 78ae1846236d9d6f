import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import { recommend } from '../../src/guideline/recommend.ts';
import {
  asps,
  chartOf,
  clinically,
  coded,
  condition,
  draftsOf,
  LOINC,
  medicated,
  observation,
  SNOMED,
} from '../chart/builders.ts';
import { guideline } from '../support/service.ts';

const order = (drug: string, more: JsonObject) =>
  medicated('MedicationRequest', drug, { id: `${drug}-order`, intent: 'order', ...more });
const chart = chartOf(
  {
    conditions: [
      asps({ onsetDateTime: '2023-01-10', ...clinically('active') }),
      condition("Crohn's disease", { id: 'crohn', ...clinically('active') }),
    ],
    medicationRequests: [
      order('atezolizumab', { status: 'stopped', authoredOn: '2024-05-06', statusReason: coded(SNOMED, '407563006') }),
      order('pazopanib', { status: 'active', authoredOn: '2025-06-16' }),
    ],
    observationsDiseaseStatus: [
      observation(coded(LOINC, '97509-4'), {
        effectiveDateTime: '2026-06-01',
        valueCodeableConcept: coded(SNOMED, '359746009'),
      }),
    ],
  },
  draftsOf([order('pembrolizumab', { id: 'draft', status: 'draft' })]),
);

test.each(['immunotherapy-safety', 'stable-disease-valid-goal'])(
  '%s tells that immunotherapy was not tolerated',
  (id) => {
    const { shown } = recommend(guideline, chart, { hook: 'order-sign', today: '2026-11-22', maxCards: 20 });
    const card = shown.find((one) => one.id === id);
    expect(card?.detail).toMatch(/stopped as not tolerated: .*atezolizumab/);
  },
);
