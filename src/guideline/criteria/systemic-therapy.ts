import type { Chart } from '../../chart/chart.ts';
import type { DraftOrder } from '../../chart/draft-orders.ts';
import { type Fact, no, notFound, yes } from '../../chart/fact.ts';
import type { Exposure } from '../../chart/systemic-therapy.ts';
import type { DrugClass } from '../../chart/terminology.ts';
import type { Criterion } from './criterion.ts';
import { METASTASES, OTHER_CANCERS, PROGRESSION } from './value-sets.ts';

const CYTOTOXIC: readonly DrugClass[] = ['anthracycline', 'other-cytotoxic'];
const SYSTEMIC: readonly DrugClass[] = [...CYTOTOXIC, 'pd-1-pd-l1-inhibitor', 'anti-angiogenic-tki'];

/**
 * The orders of the classes at hand: the draft orders that are judged, or – on hooks without drafts – the orders that
 * stand. Those for another cancer are none of the guideline's business (rule 5).
 */
function ordersAtHand({ drafts, exposures }: Chart, classes: readonly DrugClass[]): readonly (DraftOrder | Exposure)[] {
  const orders =
    drafts === undefined
      ? exposures.filter(({ drug, ordered }) => ordered && classes.includes(drug.class))
      : drafts.filter(({ judged, drugs }) => judged && drugs.some((drug) => classes.includes(drug.class)));
  return orders.filter(({ indication }) => indication !== 'other');
}

function atHand(chart: Chart, classes: readonly DrugClass[]): Fact {
  const orders = ordersAtHand(chart, classes);
  if (orders.length > 0) return yes(orders.map(({ evidence }) => evidence));
  return chart.drafts === undefined ? notFound(chart.readings, ['medicationRequests']) : no([]);
}

/** Draft orders of a class, judged or not: each counts as ordered (rule 6). */
function drafted({ drafts }: Chart, drugClass: DrugClass): Fact {
  const found = (drafts ?? []).filter(({ drugs }) => drugs.some((drug) => drug.class === drugClass));
  return found.length > 0 ? yes(found.map(({ evidence }) => evidence)) : no([]);
}

/**
 * Another active cancer, and an order at hand that does not say what it is for: it may be for the other one. Among draft
 * orders any systemic drug; where a chart is opened the cytotoxics, since the cards argue with no other standing order.
 */
function indicationOpen(chart: Chart): Fact {
  const other = chart.spread.otherActiveCancer;
  if (other.state !== 'yes') return other.state === 'no' ? no([]) : other;
  const classes = chart.drafts === undefined ? CYTOTOXIC : SYSTEMIC;
  const open = ordersAtHand(chart, classes).some(({ indication }) => indication === 'open');
  return open ? yes(other.evidence) : no([]);
}

export const SYSTEMIC_THERAPY_CRITERIA: readonly Criterion[] = [
  {
    id: 'pd-1-pd-l1-exposure',
    question: 'Has the patient had a PD-1 or PD-L1 inhibitor?',
    basis: ['F-ICI', 'M3', 'S-021'],
    valueSets: ['pd-1-pd-l1-inhibitor'],
    label: 'a PD-1/PD-L1 inhibitor',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.exposureTo['pd-1-pd-l1-inhibitor'],
  },
  {
    id: 'pd-1-pd-l1-drafted',
    question: 'Is a PD-1 or PD-L1 inhibitor among the draft orders?',
    basis: ['rule 6'],
    valueSets: ['pd-1-pd-l1-inhibitor'],
    label: 'a drafted PD-1/PD-L1 inhibitor',
    shows: [],
    asksDrafts: true,
    evaluate: (chart) => drafted(chart, 'pd-1-pd-l1-inhibitor'),
  },
  {
    id: 'anti-angiogenic-tki-exposure',
    question: 'Has the patient had an anti-angiogenic tyrosine kinase inhibitor?',
    basis: ['F-TKI', 'M3', 'S-036'],
    valueSets: ['anti-angiogenic-tki'],
    label: 'an anti-angiogenic TKI',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.exposureTo['anti-angiogenic-tki'],
  },
  {
    id: 'progression-on-immunotherapy',
    question: 'Has the disease progressed since a PD-1/PD-L1 inhibitor was started?',
    basis: ['F-ICI-PD', 'S-036', 'M5'],
    valueSets: ['pd-1-pd-l1-inhibitor', ...PROGRESSION, ...METASTASES],
    label: 'progression since a PD-1/PD-L1 inhibitor was started',
    shows: ['yes'],
    presupposes: 'pd-1-pd-l1-exposure',
    evaluate: (chart) => chart.therapy.progressionOnImmunotherapy,
  },
  {
    id: 'anthracycline-order',
    question: 'Is an anthracycline being ordered, or does an order for one stand?',
    basis: ['S-046', 'S-047', 'rule 5'],
    valueSets: ['anthracycline', ...OTHER_CANCERS],
    label: 'anthracycline order',
    namesOrders: true,
    shows: ['yes'],
    evaluate: (chart) => atHand(chart, ['anthracycline']),
  },
  {
    id: 'other-cytotoxic-order',
    question: 'Is another cytotoxic drug being ordered, or does an order for one stand?',
    basis: ['S-046', 'rule 5'],
    valueSets: ['other-cytotoxic', ...OTHER_CANCERS],
    label: 'cytotoxic order',
    namesOrders: true,
    shows: ['yes'],
    evaluate: (chart) => atHand(chart, ['other-cytotoxic']),
  },
  {
    id: 'ordering',
    question: 'Are orders being picked or signed?',
    basis: ['rule 6'],
    label: 'draft orders',
    shows: [],
    asksDrafts: true,
    evaluate: (chart) => (chart.drafts === undefined ? no([]) : yes([])),
  },
  {
    id: 'indication-open',
    question: 'Is another active cancer on file, and does an order at hand not say what it is for?',
    basis: ['rule 5', 'S-046'],
    valueSets: ['anthracycline', 'other-cytotoxic', ...OTHER_CANCERS],
    label: 'another active cancer, and no indication on the order',
    shows: ['yes'],
    evaluate: indicationOpen,
  },
];
