import { no, yes } from '../../chart/fact.ts';
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
    id: 'metastasis-undecided',
    question: 'Is a metastasis on file that may be another cancer’s, is only suspected, or is over?',
    basis: ['rule 5', 'M2', 'S-016'],
    label: 'a metastasis that nothing decides',
    shows: [],
    evaluate: ({ spread: { metastatic } }) =>
      metastatic.state === 'unknown' && metastatic.doubt !== 'not-recorded' && metastatic.evidence.length > 0
        ? yes(metastatic.evidence)
        : no([]),
  },
  {
    id: 'other-active-cancer',
    question: 'Is another active cancer on file, besides the ASPS?',
    basis: ['rule 5'],
    valueSets: OTHER_CANCERS,
    label: 'another active cancer',
    shows: ['yes'],
    evaluate: (chart) => chart.spread.otherActiveCancer,
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
