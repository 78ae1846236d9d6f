import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import { asps, chartOf, clinically, coded, condition, ICD, verified } from './builders.ts';

const resolved = (more: JsonObject = {}) => asps({ ...clinically('resolved'), onsetDateTime: '2010-03-01', ...more });
const lung = (more: JsonObject = {}) =>
  condition(coded(ICD, 'C78.01', 'Secondary malignant neoplasm of right lung'), {
    id: 'lung',
    ...verified('confirmed'),
    ...clinically('active'),
    onsetDateTime: '2026-09-21',
    ...more,
  });
const active = (...conditions: readonly JsonObject[]) => chartOf({ conditions }).active;

describe('is the ASPS active', () => {
  test('as long as nothing says that it is over', () => {
    expect(active(asps())).toMatchObject({ state: 'yes', evidence: [] });
  });

  test('not when it is resolved, and the record says so', () => {
    expect(active(resolved())).toMatchObject({ state: 'no', evidence: [{ reference: 'Condition/asps' }] });
  });

  test.each([
    ['without an end', {}],
    ['with an end', { abatementDateTime: '2010-12-01' }],
    ['in remission', clinically('remission')],
  ])('again with a metastasis since: resolved %s', (_claim, more) => {
    expect(active(resolved(more), lung())).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'Condition/lung' }],
    });
  });

  test.each([
    ['that was there before the end', resolved({ abatementDateTime: '2026-10' }), lung()],
    ['that may have been there before the end', resolved({ abatementDateTime: '2026' }), lung()],
    ['without a date', resolved(), lung({ onsetDateTime: undefined })],
    ['found with the tumour', resolved(), lung({ onsetDateTime: '2010-04-01' })],
    ['when nobody knows when the disease began', resolved({ onsetDateTime: undefined }), lung()],
  ])('contradicted by a metastasis %s', (_claim, ...conditions) => {
    expect(active(...conditions)).toMatchObject({ state: 'unknown', doubt: 'contradictory' });
  });

  test.each([
    ['resolved', lung(clinically('resolved'))],
    ['only suspected', lung(verified('provisional'))],
  ])('not by a metastasis that is %s', (_claim, metastasis) => {
    expect(active(resolved(), metastasis).state).toBe('no');
  });

  test("not by a metastasis that may be another cancer's", () => {
    const renal = condition(coded(ICD, 'C64.1', 'Renal cell carcinoma'), { id: 'renal', ...clinically('active') });
    expect(active(resolved(), lung(), renal).state).toBe('no');
  });
});
