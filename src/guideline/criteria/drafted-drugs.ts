import { type AtezolizumabDose, readAtezolizumabDose } from '../../chart/atezolizumab-dose.ts';
import type { Chart } from '../../chart/chart.ts';
import type { DraftOrder } from '../../chart/draft-orders.ts';
import { type Fact, no, yes } from '../../chart/fact.ts';
import { type Drug, treatsCancer } from '../../chart/terminology.ts';
import type { Criterion } from './criterion.ts';
import { SYSTEMIC_DRUGS } from './value-sets.ts';

/** The judged drafts of such a drug that are not for another cancer, each as an order of that drug. */
function judgedDrafts({ drafts }: Chart, is: (drug: Drug) => boolean): Fact {
  const found = (drafts ?? [])
    .filter(({ judged, indication }) => judged && indication !== 'other')
    .flatMap(({ drugs, evidence }: DraftOrder) => {
      const drug = drugs.find(is);
      return drug === undefined ? [] : [{ ...evidence, drug: drug.drug }];
    });
  return found.length > 0 ? yes(found) : no([]);
}

function otherSystemicDrug(chart: Chart): Fact {
  // One that may go on is no change either.
  const current = new Set(chart.therapy.lines.filter(({ ongoing }) => ongoing !== 'no').map(({ drug }) => drug.drug));
  return judgedDrafts(chart, (drug) => treatsCancer(drug) && !current.has(drug.drug));
}

/** Among the drafts of the batch, judged or not: what is not selected now counts as ordered (rule 6). */
function tkiBeside({ drafts }: Chart): Fact {
  const found = (drafts ?? []).filter(
    ({ drugs, indication }) =>
      indication !== 'other' && drugs.some(({ class: drugClass }) => drugClass === 'anti-angiogenic-tki'),
  );
  return found.length > 0 ? yes(found.map(({ evidence }) => evidence)) : no([]);
}

function dose({ drafts, age, weight }: Chart): AtezolizumabDose {
  return readAtezolizumabDose(drafts ?? [], age, weight.weight);
}

const isDrug = (name: string) => (drug: Drug) => drug.drug === name;

export const DRAFTED_DRUG_CRITERIA: readonly Criterion[] = [
  {
    id: 'pd-1-pd-l1-order',
    question: 'Is a PD-1 or PD-L1 inhibitor among the draft orders that are judged, and not for another cancer?',
    basis: ['S-032', 'rule 5', 'rule 6'],
    valueSets: ['pd-1-pd-l1-inhibitor'],
    label: 'PD-1/PD-L1 inhibitor being ordered',
    namesOrders: true,
    shows: ['yes'],
    asksDrafts: true,
    evaluate: (chart) => judgedDrafts(chart, (drug) => drug.class === 'pd-1-pd-l1-inhibitor'),
  },
  {
    id: 'atezolizumab-drafted',
    question: 'Is atezolizumab among the draft orders that are judged, and not for another cancer?',
    basis: ['S-031', 'rule 5', 'rule 6'],
    valueSets: ['drug-atezolizumab'],
    label: 'atezolizumab being ordered',
    namesOrders: true,
    shows: ['yes'],
    asksDrafts: true,
    evaluate: (chart) => judgedDrafts(chart, isDrug('atezolizumab')),
  },
  {
    id: 'pembrolizumab-drafted',
    question: 'Is pembrolizumab among the draft orders that are judged, and not for another cancer?',
    basis: ['S-024', 'rule 5', 'rule 6'],
    valueSets: ['drug-pembrolizumab'],
    label: 'pembrolizumab being ordered',
    namesOrders: true,
    shows: ['yes'],
    asksDrafts: true,
    evaluate: (chart) => judgedDrafts(chart, isDrug('pembrolizumab')),
  },
  {
    id: 'pazopanib-drafted',
    question: 'Is pazopanib among the draft orders that are judged, and not for another cancer?',
    basis: ['S-035', 'rule 5', 'rule 6'],
    valueSets: ['drug-pazopanib'],
    label: 'pazopanib being ordered',
    namesOrders: true,
    shows: ['yes'],
    asksDrafts: true,
    evaluate: (chart) => judgedDrafts(chart, isDrug('pazopanib')),
  },
  {
    id: 'anti-angiogenic-tki-drafted',
    question: 'Is an anti-angiogenic TKI among the draft orders that are judged, and not for another cancer?',
    basis: ['S-033', 'S-034', 'rule 5', 'rule 6'],
    valueSets: ['anti-angiogenic-tki'],
    label: 'anti-angiogenic TKI being ordered',
    namesOrders: true,
    shows: ['yes'],
    asksDrafts: true,
    evaluate: (chart) => judgedDrafts(chart, (drug) => drug.class === 'anti-angiogenic-tki'),
  },
  {
    id: 'anti-angiogenic-tki-beside',
    question: 'Is an anti-angiogenic TKI among the draft orders, judged or not, and not for another cancer?',
    basis: ['E-27', 'rule 5', 'rule 6'],
    valueSets: ['anti-angiogenic-tki'],
    label: 'an anti-angiogenic TKI in the same batch of orders',
    shows: ['yes'],
    asksDrafts: true,
    evaluate: tkiBeside,
  },
  {
    id: 'other-systemic-drug-drafted',
    question: 'Is a systemic drug that is not the current one among the draft orders that are judged?',
    basis: ['S-084', 'S-110', 'rule 5', 'rule 6'],
    valueSets: SYSTEMIC_DRUGS,
    label: 'another systemic drug being ordered',
    namesOrders: true,
    shows: ['yes'],
    asksDrafts: true,
    evaluate: otherSystemicDrug,
  },
  {
    id: 'atezolizumab-dose-outside-label',
    question: 'Is the drafted dose, interval or route of atezolizumab outside the US label for the age?',
    basis: ['S-031', 'E-04', 'E-05', 'E-13', 'M6'],
    valueSets: ['drug-atezolizumab', 'body-weight'],
    longestValue: '1200 mg IV every 3 weeks, more than 1185 mg for 78.9 kg',
    label: 'dose outside the label',
    shows: [],
    asksDrafts: true,
    evaluate: (chart) => dose(chart).outsideLabel,
  },
  {
    id: 'atezolizumab-dose-missing',
    question: 'Does a draft of atezolizumab lack a dose or an interval that can be read, in milligrams?',
    basis: ['S-031', 'M6'],
    valueSets: ['drug-atezolizumab'],
    label: 'no dose and interval that can be read',
    shows: ['yes'],
    asksDrafts: true,
    evaluate: (chart) => dose(chart).doseMissing,
  },
  {
    id: 'atezolizumab-weight-needed',
    question: 'Is a dose of atezolizumab drafted for a child without a recent and plausible body weight?',
    basis: ['S-031', 'E-04', 'M6'],
    valueSets: ['drug-atezolizumab', 'body-weight'],
    label: 'dose that needs a recent weight',
    shows: [],
    asksDrafts: true,
    evaluate: (chart) => dose(chart).weightNeeded,
  },
  {
    id: 'atezolizumab-age-needed',
    question:
      'Is a drafted dose of atezolizumab within the US label at one of the ages that the birth date leaves possible only?',
    basis: ['S-031', 'E-04', 'E-13', 'M6'],
    valueSets: ['drug-atezolizumab'],
    label: 'dose that depends on the exact age',
    shows: [],
    asksDrafts: true,
    evaluate: (chart) => dose(chart).ageNeeded,
  },
  {
    id: 'atezolizumab-drafted-twice',
    question: 'Is atezolizumab drafted more than once in this batch of orders, and not for another cancer?',
    basis: ['S-031', 'E-04', 'rule 5', 'rule 6'],
    valueSets: ['drug-atezolizumab'],
    label: 'more than one order of atezolizumab',
    shows: ['yes'],
    asksDrafts: true,
    evaluate: (chart) => dose(chart).draftedTwice,
  },
  {
    id: 'atezolizumab-hyaluronidase-drafted',
    question: 'Is the product of atezolizumab with hyaluronidase, for subcutaneous use, drafted?',
    basis: ['E-13'],
    valueSets: ['drug-atezolizumab'],
    label: 'atezolizumab with hyaluronidase being ordered',
    shows: [],
    asksDrafts: true,
    evaluate: (chart) => dose(chart).withHyaluronidase,
  },
];
