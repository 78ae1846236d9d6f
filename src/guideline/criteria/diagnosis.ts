import type { Chart } from '../../chart/chart.ts';
import { coverage, type Fact, no, unknown, yes } from '../../chart/fact.ts';
import type { Criterion } from './criterion.ts';

function when(holds: boolean, { diagnosis, readings }: Chart): Fact {
  const sources = coverage(readings, ['conditions']);
  if (holds) return yes(diagnosis.evidence, sources);
  return sources.unread.length === 0 ? no([], sources) : unknown([], sources);
}

export const DIAGNOSIS_CRITERIA: readonly Criterion[] = [
  {
    id: 'asps-established',
    question: 'Is ASPS established: coded, or named in full on a confirmed problem?',
    basis: ['F-ASPS', 'rule 3'],
    valueSets: ['asps'],
    label: 'ASPS diagnosis',
    shows: ['yes'],
    evaluate: (chart) => when(chart.diagnosis.certainty === 'established', chart),
  },
  {
    id: 'asps-suspected',
    question: 'Is ASPS only suspected: provisional, differential, unconfirmed, or free text that does not confirm it?',
    basis: ['F-SUSP', 'rule 3'],
    valueSets: ['asps'],
    label: 'suspected ASPS',
    shows: ['yes'],
    evaluate: (chart) => when(chart.diagnosis.certainty === 'suspected', chart),
  },
  {
    id: 'asps-by-text',
    question: 'Is ASPS established by its name in text alone, without a code for it?',
    basis: ['F-ASPS', 'rule 3', 'S-010'],
    valueSets: ['asps'],
    label: 'ASPS by text only',
    shows: [],
    evaluate: (chart) => when(chart.diagnosis.certainty === 'established' && chart.diagnosis.by === 'text', chart),
  },
  {
    id: 'asps-active',
    question: 'Is the ASPS active: not inactive, in remission, resolved or abated, or with a metastasis since?',
    basis: ['rule 4'],
    valueSets: ['asps'],
    label: 'active ASPS',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.active,
  },
];
