import { describe, expect, test } from '@jest/globals';
import type { Chart } from '../../../src/chart/chart.ts';
import { CRITERIA } from '../../../src/guideline/criteria/registry.ts';
import {
  asps,
  chartFrom,
  chartOf,
  clinically,
  coded,
  complete,
  condition,
  ICD,
  without,
} from '../../chart/builders.ts';

describe('other-active-cancer', () => {
  const answer = (chart: Chart) => CRITERIA.get('other-active-cancer')?.evaluate(chart);
  const breastCancer = condition(coded(ICD, 'C50.411', 'Malignant neoplasm of breast'), clinically('active'));

  test('is yes for another active cancer, and names it', () => {
    expect(answer(chartOf({ conditions: [asps(), breastCancer] }))).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'Condition/c1' }],
    });
  });

  test('is no for one that is over, and for the ASPS alone', () => {
    const over = { ...breastCancer, ...clinically('resolved') };
    expect(answer(chartOf({ conditions: [asps(), over] }))?.state).toBe('no');
    expect(answer(chartOf({}))?.state).toBe('no');
  });

  test('is unknown where the problems could not be read', () => {
    expect(answer(chartFrom(without(complete(), 'conditions')))?.state).toBe('unknown');
  });
});
