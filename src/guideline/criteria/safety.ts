import type { Chart } from '../../chart/chart.ts';
import { readDraftedDose } from '../../chart/drafted-dose.ts';
import { type Fact, no, unknown, withValue, yes } from '../../chart/fact.ts';
import type { Criterion } from './criterion.ts';

/** The full daily dose of pazopanib (E-21). */
const FULL_DOSE_MG = 800;

/** A dose or an interval that the draft does not give leaves it open: a strength on the label of a tablet is no dose. */
function pazopanibFullDose({ drafts }: Chart): Fact {
  const doses = (drafts ?? [])
    .filter(({ judged, indication }) => judged && indication !== 'other')
    .filter(({ drugs }) => drugs.some(({ drug }) => drug === 'pazopanib'))
    .map(({ resource, concept, evidence }) => {
      const { dose, everyDays } = readDraftedDose(resource, concept);
      const mgADay = dose !== undefined && 'mg' in dose && everyDays !== undefined ? dose.mg / everyDays : undefined;
      return { evidence, mgADay };
    });
  const full = doses.filter(({ mgADay }) => mgADay !== undefined && mgADay >= FULL_DOSE_MG);
  if (full.length > 0) return yes(full.map(({ evidence }) => evidence));
  const open = doses.filter(({ mgADay }) => mgADay === undefined);
  return open.length > 0
    ? unknown(
        open.map(({ evidence }) => evidence),
        undefined,
        'not-recorded',
      )
    : no(doses.map(({ evidence }) => evidence));
}

/** What may be named of a chart that speaks against a PD-1/PD-L1 inhibitor, in our words; a summary has room for so many. */
const CAUTIONS: readonly (readonly [name: string, of: (chart: Chart) => Fact])[] = [
  ['pregnancy', ({ safety }) => safety.pregnancy],
  ['organ transplant', ({ safety }) => safety.organTransplant],
  ['stem cell transplant', ({ safety }) => safety.stemCellTransplant],
  ['immune-related event', ({ safety }) => safety.immuneRelatedEvent],
  ['autoimmune disease', ({ safety }) => safety.autoimmuneDisease],
  ['interstitial lung disease or pneumonitis', ({ safety }) => safety.interstitialLungDisease],
];
const CAUTIONS_NAMED = 3;

/** Any of them is enough; that there is none takes every one of them. */
function immunotherapyCaution(chart: Chart): Fact {
  const answers = CAUTIONS.map(([name, of]) => ({ name, fact: of(chart) }));
  const found = answers.filter(({ fact }) => fact.state === 'yes');
  if (found.length > 0) {
    const named = found.slice(0, CAUTIONS_NAMED).map(({ name }) => name);
    const more = found.length - named.length;
    return withValue(
      yes(found.flatMap(({ fact }) => fact.evidence)),
      `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    );
  }
  const open = answers.find(({ fact }) => fact.state === 'unknown') ?? answers[0];
  return open?.fact ?? unknown([]);
}

export const SAFETY_CRITERIA: readonly Criterion[] = [
  {
    id: 'pregnancy',
    question: 'Is the patient pregnant, by a Condition of the last 300 days or a positive test of the last 60?',
    basis: ['S-129', 'E-08'],
    valueSets: ['pregnancy', 'pregnancy-test'],
    label: 'a pregnancy',
    shows: ['yes', 'unknown'],
    evaluate: (chart) => chart.safety.pregnancy,
  },
  {
    id: 'organ-transplant',
    question: 'Has the patient ever had a solid organ transplanted?',
    basis: ['S-034', 'S-129'],
    valueSets: ['organ-transplant'],
    label: 'a solid-organ transplant',
    shows: ['yes'],
    evaluate: (chart) => chart.safety.organTransplant,
  },
  {
    id: 'stem-cell-transplant',
    question: 'Has the patient ever had a stem cell transplant that is not recorded as autologous?',
    basis: ['S-129', 'E-07'],
    valueSets: ['stem-cell-transplant'],
    label: 'a stem cell transplant (not recorded as autologous)',
    shows: ['yes'],
    evaluate: (chart) => chart.safety.stemCellTransplant,
  },
  {
    id: 'autoimmune-disease',
    question:
      'Is an autoimmune disease active? Type 1 diabetes, thyroiditis, vitiligo and coeliac disease are not counted.',
    basis: ['S-034', 'S-129'],
    valueSets: ['autoimmune-disease'],
    label: 'active autoimmune disease',
    shows: ['yes'],
    evaluate: (chart) => chart.safety.autoimmuneDisease,
  },
  {
    id: 'interstitial-lung-disease',
    question: 'Has the patient, or had the patient ever, an interstitial lung disease or a pneumonitis?',
    basis: ['S-129', 'E-02'],
    valueSets: ['interstitial-lung-disease'],
    label: 'interstitial lung disease or pneumonitis',
    shows: ['yes'],
    evaluate: (chart) => chart.safety.interstitialLungDisease,
  },
  {
    id: 'immune-related-event',
    question: 'Is an earlier immune-related adverse event on file that is not recorded as grade 1 or 2?',
    basis: ['S-129', 'E-07', 'E-09'],
    valueSets: ['immune-related-event'],
    label: 'an earlier immune-related adverse event',
    shows: ['yes'],
    evaluate: (chart) => chart.safety.immuneRelatedEvent,
  },
  {
    id: 'immunotherapy-caution',
    question:
      'Is any of these on file: pregnancy, a transplant, autoimmune or interstitial lung disease, an immune-related event?',
    basis: ['S-129', 'E-02', 'E-07', 'E-08', 'E-09'],
    valueSets: [
      'pregnancy',
      'pregnancy-test',
      'organ-transplant',
      'stem-cell-transplant',
      'autoimmune-disease',
      'interstitial-lung-disease',
      'immune-related-event',
    ],
    longestValue: 'stem cell transplant, immune-related event, interstitial lung disease or pneumonitis',
    label: 'what speaks against a PD-1/PD-L1 inhibitor',
    shows: ['yes'],
    evaluate: immunotherapyCaution,
  },
  {
    id: 'hepatic-impairment',
    question: 'Is liver failure, cirrhosis or a severe impairment of the liver on file and active?',
    basis: ['S-035', 'E-21'],
    valueSets: ['hepatic-impairment'],
    label: 'liver failure or cirrhosis',
    shows: ['yes'],
    evaluate: (chart) => chart.safety.hepaticImpairment,
  },
  {
    id: 'qt-prolongation',
    question: 'Is a prolonged QT interval or torsades de pointes on file and active?',
    basis: ['S-035', 'E-21'],
    valueSets: ['qt-prolongation'],
    label: 'QT prolongation',
    shows: ['yes'],
    evaluate: (chart) => chart.safety.qtProlongation,
  },
  {
    id: 'strong-cyp3a4-inhibitor',
    question:
      'Is a strong CYP3A4 inhibitor that the prescribing information of pazopanib names on the active list, or drafted?',
    basis: ['S-035', 'E-21'],
    label: 'a strong CYP3A4 inhibitor',
    shows: ['yes'],
    evaluate: (chart) => chart.safety.strongCyp3a4Inhibitor,
  },
  {
    id: 'pazopanib-full-dose',
    question: 'Is pazopanib being ordered at 800 mg a day or more?',
    basis: ['S-035', 'E-21', 'M6'],
    valueSets: ['drug-pazopanib'],
    label: 'pazopanib at the full dose',
    shows: [],
    asksDrafts: true,
    evaluate: pazopanibFullDose,
  },
  {
    id: 'liver-tests-recent',
    question: 'Is an AST, an ALT or a bilirubin on file that is at most 30 days old (a setting)?',
    basis: ['S-035', 'S-129', 'M6'],
    valueSets: ['laboratory-test', 'liver-test'],
    label: 'recent liver tests (AST, ALT, bilirubin)',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.laboratory.liverTestsRecent,
  },
  {
    id: 'renal-function-recent',
    question: 'Is a creatinine or an estimated filtration rate on file that is at most 30 days old (a setting)?',
    basis: ['S-083', 'M6'],
    valueSets: ['laboratory-test', 'creatinine', 'egfr'],
    label: 'a recent creatinine or eGFR',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.laboratory.renalFunctionRecent,
  },
  {
    id: 'calcium-recent',
    question: 'Is a serum calcium on file that is at most 30 days old (a setting)?',
    basis: ['S-083', 'M6'],
    valueSets: ['laboratory-test', 'calcium'],
    label: 'a recent calcium',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.laboratory.calciumRecent,
  },
  {
    id: 'performance-status',
    question: 'Is a performance status (ECOG or Karnofsky) on file?',
    basis: ['F-ECOG', 'E-02', 'M6'],
    valueSets: ['performance-status', 'ecog', 'karnofsky'],
    label: 'a performance status',
    shows: ['yes'],
    evaluate: (chart) => chart.performanceStatus,
  },
];
