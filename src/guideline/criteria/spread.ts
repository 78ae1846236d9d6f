import type { Criterion } from './criterion.ts';
import { METASTASES, OTHER_CANCERS, STAGE } from './value-sets.ts';

export const SPREAD_CRITERIA: readonly Criterion[] = [
  {
    id: 'metastatic',
    question: 'Is the ASPS metastatic: a secondary malignancy that is its own, an M1 category or a stage group IV?',
    basis: ['F-MET', 'rule 5', 'M2'],
    valueSets: [...METASTASES, ...STAGE, ...OTHER_CANCERS],
    label: 'metastasis',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.spread.metastatic,
  },
  {
    id: 'unresectable',
    question: 'Does the chart call the ASPS unresectable, in a code or in so many words?',
    basis: ['F-UNRES', 'M7'],
    valueSets: ['asps-unresectable'],
    label: 'unresectable disease',
    shows: ['yes'],
    evaluate: (chart) => chart.spread.unresectable,
  },
  {
    id: 'stage-found',
    question: 'Is anything said of the stage: a metastasis, an M category, a stage group, or the word localised?',
    basis: ['S-016'],
    valueSets: [...METASTASES, ...STAGE],
    label: 'a stage, an M category or a metastasis',
    shows: ['no', 'unknown'],
    evaluate: (chart) => chart.spread.stageFound,
  },
];
