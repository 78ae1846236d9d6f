import type { Chart } from '../../chart/chart.ts';
import { type Fact, newestFirst, no, notFound, unknown, yes } from '../../chart/fact.ts';
import { exposureToAny } from '../../chart/systemic-therapy.ts';
import type { Drug, DrugClass } from '../../chart/terminology.ts';
import type { Criterion } from './criterion.ts';
import { SYSTEMIC_DRUGS } from './value-sets.ts';

const DISEASE_STATUS = ['disease-status', 'disease-worsened', 'disease-stable', 'disease-improved'];
const PROGRESSION = [...DISEASE_STATUS, 'no-response-to-treatment'];

/** Does a drug of the class go on, as its lines of therapy have it? */
function goesOn({ therapy, readings }: Chart, drugClass: DrugClass): Fact {
  const lines = therapy.lines.filter(({ drug }) => drug.class === drugClass);
  const newestOf = (state: 'yes' | 'unknown') =>
    lines.filter(({ ongoing }) => ongoing === state).flatMap(({ evidence }) => evidence.slice(0, 1));
  const ongoing = newestOf('yes');
  if (ongoing.length > 0) return yes(ongoing);
  const none = notFound(readings, ['medicationRequests', 'medicationAdministrations'], ['medicationStatements']);
  const open = newestOf('unknown');
  return open.length > 0 ? unknown(open, none, 'date-not-comparable') : none;
}

/** Immunotherapy and a TKI side by side: one of them alone is no combination. */
function combinationOngoing(chart: Chart): Fact {
  const both = [goesOn(chart, 'pd-1-pd-l1-inhibitor'), goesOn(chart, 'anti-angiogenic-tki')];
  return (
    both.find(({ state }) => state === 'no') ??
    both.find(({ state }) => state === 'unknown') ??
    yes(both.flatMap(({ evidence }) => evidence))
  );
}

/** An order that stands and is not past the time for which it was written. */
function immunotherapyOrderActive({ exposures, readings, today }: Chart): Fact {
  const active = exposures.filter(
    ({ drug, ordered, end, indication }) =>
      ordered &&
      drug.class === 'pd-1-pd-l1-inhibitor' &&
      indication !== 'other' &&
      (end === undefined || end.end >= today),
  );
  return active.length > 0 ? yes(newestFirst(active)) : notFound(readings, ['medicationRequests']);
}

/** Nothing progresses under a drug that was never had: that much is settled, and worth no line. */
function progressedWhereHad({ exposureTo }: Chart, drugClass: DrugClass, progression: Fact): Fact {
  return exposureTo[drugClass].state === 'no' ? no([]) : progression;
}

const isCytotoxic = ({ class: drugClass }: Drug) => drugClass === 'anthracycline' || drugClass === 'other-cytotoxic';

export const THERAPY_CRITERIA: readonly Criterion[] = [
  {
    id: 'pembrolizumab-exposure',
    question: 'Has the patient had pembrolizumab?',
    basis: ['F-ICI', 'M3', 'S-024'],
    valueSets: ['drug-pembrolizumab'],
    label: 'pembrolizumab',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => exposureToAny(({ drug }) => drug === 'pembrolizumab', chart),
  },
  {
    id: 'cytotoxic-exposure',
    question: 'Has the patient had an anthracycline or another cytotoxic drug?',
    basis: ['F-CHEMO', 'M3', 'E-21', 'E-22'],
    valueSets: ['anthracycline', 'other-cytotoxic'],
    label: 'cytotoxic chemotherapy',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => exposureToAny(isCytotoxic, chart),
  },
  {
    id: 'systemic-therapy-ongoing',
    question:
      'Does a systemic drug for the ASPS go on: ordered and in force, or given in the last 60 days and not stopped?',
    basis: ['F-ICI', 'F-TKI', 'S-068', 'M5'],
    valueSets: SYSTEMIC_DRUGS,
    label: 'systemic therapy going on',
    shows: ['yes', 'unknown'],
    evaluate: ({ therapy }) => therapy.ongoing,
  },
  {
    id: 'combination-ongoing',
    question: 'Do a PD-1/PD-L1 inhibitor and an anti-angiogenic TKI both go on?',
    basis: ['F-ICI', 'F-TKI', 'S-043', 'M5'],
    valueSets: ['pd-1-pd-l1-inhibitor', 'anti-angiogenic-tki'],
    label: 'a PD-1/PD-L1 inhibitor and a TKI going on together',
    shows: [],
    evaluate: combinationOngoing,
  },
  {
    id: 'immunotherapy-order-active',
    question: 'Does an order for a PD-1/PD-L1 inhibitor stand: active or on hold, and not past its end?',
    basis: ['F-ICI', 'S-036', 'M5'],
    valueSets: ['pd-1-pd-l1-inhibitor'],
    label: 'active order for a PD-1/PD-L1 inhibitor',
    shows: [],
    evaluate: immunotherapyOrderActive,
  },
  {
    id: 'progression-on-systemic-therapy',
    question: 'Has the disease progressed since the current systemic therapy, or the last one, was started?',
    basis: ['F-ICI-PD', 'F-TKI-PD', 'S-068', 'M5'],
    valueSets: PROGRESSION,
    label: 'progression since the systemic therapy was started',
    shows: ['yes', 'unknown'],
    evaluate: ({ therapy }) => therapy.progressionOnLatest,
  },
  {
    id: 'progression-on-tki',
    question: 'Has the disease progressed under an anti-angiogenic TKI?',
    basis: ['F-TKI-PD', 'S-043', 'M5'],
    valueSets: PROGRESSION,
    label: 'progression under an anti-angiogenic TKI',
    shows: ['yes'],
    presupposes: 'anti-angiogenic-tki-exposure',
    evaluate: ({ therapy }) => therapy.progressionOnTki,
  },
  {
    id: 'immunotherapy-ongoing',
    question: 'Does a PD-1/PD-L1 inhibitor go on: ordered and in force, or given in the last 60 days and not stopped?',
    basis: ['F-ICI', 'S-084', 'S-110', 'M5'],
    valueSets: ['pd-1-pd-l1-inhibitor'],
    label: 'a PD-1/PD-L1 inhibitor going on',
    shows: ['yes'],
    evaluate: (chart) => goesOn(chart, 'pd-1-pd-l1-inhibitor'),
  },
  {
    id: 'immunotherapy-progressed',
    question: 'Where a PD-1/PD-L1 inhibitor was had, or may have been: has the disease progressed under it?',
    basis: ['F-ICI', 'F-ICI-PD', 'S-036', 'S-089', 'M5'],
    valueSets: ['pd-1-pd-l1-inhibitor', ...PROGRESSION],
    label: 'progression on a PD-1/PD-L1 inhibitor',
    shows: ['yes', 'unknown'],
    evaluate: (chart) => progressedWhereHad(chart, 'pd-1-pd-l1-inhibitor', chart.therapy.progressionOnImmunotherapy),
  },
  {
    id: 'tki-progressed',
    question: 'Where an anti-angiogenic TKI was had, or may have been: has the disease progressed under it?',
    basis: ['F-TKI', 'F-TKI-PD', 'S-043', 'S-089', 'M5'],
    valueSets: ['anti-angiogenic-tki', ...PROGRESSION],
    label: 'progression on an anti-angiogenic TKI',
    shows: ['yes', 'unknown'],
    evaluate: (chart) => progressedWhereHad(chart, 'anti-angiogenic-tki', chart.therapy.progressionOnTki),
  },
  {
    id: 'disease-worsened',
    question: 'Does the latest disease status say that the disease has worsened?',
    basis: ['S-069', 'M5'],
    valueSets: DISEASE_STATUS,
    label: 'worsened disease',
    shows: ['yes', 'no', 'unknown'],
    evaluate: ({ therapy }) => therapy.worsened,
  },
  {
    id: 'stable-or-better',
    question: 'Does the last disease status on the current systemic drug say stable or improved?',
    basis: ['S-084', 'M5'],
    valueSets: DISEASE_STATUS,
    label: 'stable or improved disease on the current drug',
    shows: ['yes'],
    evaluate: ({ therapy }) => therapy.stableOrBetter,
  },
  {
    id: 'responding',
    question: 'Does the last disease status on the current systemic drug say improved, or in remission?',
    basis: ['S-111', 'M5'],
    valueSets: DISEASE_STATUS,
    label: 'response to the current drug',
    shows: ['yes'],
    evaluate: ({ therapy }) => therapy.responding,
  },
  {
    id: 'late-response-window',
    question:
      'Is the patient on immunotherapy for less time than the latest response in the trial took, without recorded progression?',
    basis: ['S-110', 'M5'],
    valueSets: ['pd-1-pd-l1-inhibitor', ...PROGRESSION],
    longestValue: '12 to 18 months',
    label: 'immunotherapy begun not long ago, no progression recorded',
    shows: ['yes'],
    evaluate: ({ therapy }) => therapy.lateResponseWindow,
  },
  {
    id: 'immunotherapy-not-tolerated',
    question: 'Was a PD-1 or PD-L1 inhibitor stopped since it was not tolerated?',
    basis: ['S-129', 'E-04', 'M5'],
    valueSets: ['pd-1-pd-l1-inhibitor', 'treatment-not-tolerated'],
    label: 'PD-1/PD-L1 inhibitor stopped as not tolerated',
    shows: ['yes'],
    evaluate: ({ therapy }) => therapy.immunotherapyNotTolerated,
  },
  {
    id: 'atezolizumab-long',
    question: 'Is the patient on atezolizumab for as long as those of the trial who paused it?',
    basis: ['S-111', 'M5'],
    longestValue: '120 to 132 months',
    valueSets: ['drug-atezolizumab'],
    label: 'long treatment with atezolizumab',
    shows: ['yes'],
    evaluate: ({ therapy }) => therapy.atezolizumabLong,
  },
];
