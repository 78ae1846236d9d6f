import type { Chart } from '../../chart/chart.ts';
import { type Fact, no, yes } from '../../chart/fact.ts';
import type { Criterion } from './criterion.ts';

/** Imaging by which a sarcoma is staged; where it is ordered, the brain is easily forgotten (S-018). */
function stagingImagingDrafted({ drafts }: Chart): Fact {
  const staging = (drafts ?? []).filter(
    ({ judged, studies }) => judged && studies.some((study) => study === 'ct-chest' || study === 'pet-ct'),
  );
  return staging.length > 0 ? yes(staging.map(({ evidence }) => evidence)) : no([]);
}

function headCtDone({ imaging }: Chart): Fact {
  const scans = imaging.filter(({ study, state }) => study === 'ct-head' && state === 'done');
  return scans.length > 0 ? yes(scans.map(({ evidence }) => evidence)) : no([]);
}

export const IMAGING_CRITERIA: readonly Criterion[] = [
  {
    id: 'brain-mri-since-diagnosis',
    question: 'Was a brain MRI done since the diagnosis, the 90 days before it included?',
    basis: ['F-BRAIN-IMG', 'S-018', 'S-020'],
    label: 'brain MRI since the diagnosis',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.brainMri.done,
  },
  {
    id: 'brain-mri-ordered',
    question: 'Is a brain MRI on order, or among the draft orders?',
    basis: ['F-BRAIN-IMG', 'rule 6'],
    label: 'a brain MRI order',
    shows: ['unknown'],
    evaluate: (chart) => chart.brainMri.ordered,
  },
  {
    id: 'ct-head-done',
    question: 'Was a CT of the head done? It does not replace the MRI and is named.',
    basis: ['S-018'],
    label: 'CT of the head (does not replace the MRI)',
    shows: ['yes'],
    evaluate: headCtDone,
  },
  {
    id: 'staging-imaging-drafted',
    question: 'Is a chest CT or a PET among the draft orders that are judged?',
    basis: ['S-018'],
    label: 'staging imaging being ordered',
    shows: ['yes'],
    evaluate: stagingImagingDrafted,
  },
  {
    id: 'neurological-symptoms',
    question: 'Is a new headache, seizure or focal deficit coded since the diagnosis?',
    basis: ['S-162'],
    label: 'coded neurological symptoms',
    shows: ['yes'],
    evaluate: (chart) => chart.neurologicalSymptoms,
  },
];
