import type { Chart } from '../../chart/chart.ts';
import { type Fact, no, yes } from '../../chart/fact.ts';
import { noChestImagingSince } from '../../chart/follow-up.ts';
import { REQUIRED_VALUE_SETS } from '../../chart/terminology.ts';
import type { Criterion } from './criterion.ts';

const CHEST: readonly string[] = ['ct-chest', 'pet-ct'];
const SITES = REQUIRED_VALUE_SETS.filter((id) => id.startsWith('site-') || id.startsWith('side-'));
const LONGEST_DATE = 'until 2026-11-22';

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
    question: 'Was a brain MRI done since the diagnosis, the work-up before it included?',
    basis: ['F-BRAIN-IMG', 'S-018', 'S-020'],
    valueSets: ['mri-brain'],
    label: 'brain MRI since the diagnosis',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.brainMri.done,
  },
  {
    id: 'brain-mri-ordered',
    question: 'Is a brain MRI on order, or among the draft orders?',
    basis: ['F-BRAIN-IMG', 'rule 6'],
    valueSets: ['mri-brain'],
    label: 'a brain MRI order',
    shows: ['unknown'],
    evaluate: (chart) => chart.brainMri.ordered,
  },
  {
    id: 'ct-head-done',
    question: 'Was a CT of the head done? It does not replace the MRI and is named.',
    basis: ['S-018'],
    valueSets: ['ct-head'],
    label: 'CT of the head (does not replace the MRI)',
    shows: ['yes'],
    evaluate: headCtDone,
  },
  {
    id: 'staging-imaging-drafted',
    question: 'Is a chest CT or a PET among the draft orders that are judged?',
    basis: ['S-018'],
    valueSets: CHEST,
    label: 'staging imaging being ordered',
    shows: ['yes'],
    asksDrafts: true,
    evaluate: stagingImagingDrafted,
  },
  {
    id: 'chest-ct-since-diagnosis',
    question: 'Was a chest CT or a PET-CT done since the diagnosis, the work-up before it included?',
    basis: ['F-CT', 'S-003', 'X-20'],
    valueSets: CHEST,
    label: 'chest CT or PET-CT since the diagnosis',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.chestCt.done,
  },
  {
    id: 'chest-ct-ordered',
    question: 'Is a chest CT or a PET-CT on order, or among the draft orders?',
    basis: ['F-CT', 'rule 6'],
    valueSets: CHEST,
    label: 'a chest CT order',
    shows: ['unknown'],
    evaluate: (chart) => chart.chestCt.ordered,
  },
  {
    id: 'primary-site-known',
    question: 'Does the ASPS on file say where it began? The answer names the place.',
    basis: ['S-002', 'S-004'],
    valueSets: SITES,
    longestValue: 'right abdomen and retroperitoneum and pelvis',
    label: 'the primary site',
    shows: ['yes', 'unknown'],
    evaluate: (chart) => chart.primarySite.known,
  },
  {
    id: 'primary-site-mri-done',
    question: 'Was an MRI of the primary site done since the diagnosis, the work-up before it included?',
    basis: ['S-002', 'S-004'],
    valueSets: ['mri-primary-site', ...SITES],
    label: 'MRI of the primary site since the diagnosis',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.primarySite.mri.done,
  },
  {
    id: 'primary-site-mri-ordered',
    question: 'Is an MRI of the primary site on order, or among the draft orders?',
    basis: ['S-002', 'rule 6'],
    valueSets: ['mri-primary-site', ...SITES],
    label: 'an order for an MRI of the primary site',
    shows: ['unknown'],
    evaluate: (chart) => chart.primarySite.mri.ordered,
  },
  {
    id: 'brain-imaging-overdue',
    question: "Is the last brain MRI older than the site's interval? Never, where no interval is set.",
    basis: ['S-019', 'F-BRAIN-IMG'],
    valueSets: ['mri-brain'],
    longestValue: LONGEST_DATE,
    label: 'last brain MRI',
    shows: [],
    evaluate: (chart) => chart.followUp.brain.overdue,
  },
  {
    id: 'brain-imaging-pending',
    question: 'Is a brain MRI on order, drafted or booked since the last one?',
    basis: ['S-019', 'rule 6'],
    valueSets: ['mri-brain'],
    label: 'a pending brain MRI',
    shows: ['unknown'],
    evaluate: (chart) => chart.followUp.brain.pending,
  },
  {
    id: 'chest-imaging-overdue',
    question: "Is the last chest CT or PET-CT older than the site's interval? Never, where no interval is set.",
    basis: ['S-105', 'E-39'],
    valueSets: CHEST,
    longestValue: LONGEST_DATE,
    label: 'last chest imaging',
    shows: ['yes'],
    evaluate: (chart) => chart.followUp.chest.overdue,
  },
  {
    id: 'no-chest-imaging-since-resection',
    question: 'Was the primary resected longer ago than a work-up takes, and is no chest CT or PET-CT on file since?',
    basis: ['S-105', 'E-39'],
    valueSets: CHEST,
    label: 'no chest CT or PET-CT on file after the resection',
    shows: ['yes'],
    evaluate: ({ imaging, surgery, settings, readings, today }) =>
      noChestImagingSince(imaging, surgery.primaryResected, settings.workUpDays, readings, today),
  },
  {
    id: 'chest-imaging-pending',
    question: 'Is a chest CT or a PET-CT on order, drafted or booked since the last one?',
    basis: ['S-105', 'rule 6'],
    valueSets: CHEST,
    label: 'pending chest imaging',
    shows: ['unknown'],
    evaluate: (chart) => chart.followUp.chest.pending,
  },
  {
    id: 'neurological-symptoms',
    question: 'Is a new headache, seizure or focal deficit coded since the diagnosis?',
    basis: ['S-162'],
    valueSets: ['neurological-symptoms'],
    label: 'coded neurological symptoms',
    shows: ['yes'],
    evaluate: (chart) => chart.neurologicalSymptoms,
  },
];
