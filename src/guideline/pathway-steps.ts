import type { Expression } from './expression.ts';

/**
 * Where a chart stands on one step: begun, begun with progression on it, next, possible beside the others, not yet, spoken
 * against by the chart, or not decided by it.
 */
export type Position = 'begun' | 'passed' | 'next' | 'possible' | 'not-yet' | 'not-supported' | 'undecided';

/**
 * What has to be added to a position: a caution is on file; it may have begun, which the chart leaves open; it has ended,
 * for a reason or without one; its drugs are on file, though not as this step has them.
 */
export type Qualifier =
  | 'caution-on-file'
  | 'unless-given'
  | 'not-tolerated'
  | 'not-ongoing'
  | 'tki-on-file'
  | 'both-ongoing';

export type StepNumber = 1 | 2 | 3 | 4 | 5;

export interface PositionRule {
  readonly position: Position;
  readonly when: Expression;
  readonly qualifier?: Qualifier;
}

export interface StepDefinition {
  readonly number: StepNumber;
  readonly title: string;
  /** The steps beside which it is open; other steps follow each other. */
  readonly beside?: string;
  /** The first that holds; none: undecided. */
  readonly rules: readonly PositionRule[];
  /** What no chart tells, and a clinician has to judge (M7). */
  readonly judgement: readonly string[];
  /** Ids of the step's cards, the one that opens it first. */
  readonly cards: readonly string[];
}

const PD1 = 'pd-1-pd-l1-exposure';
const TKI = 'anti-angiogenic-tki-exposure';
const AFTER_PD1 = 'progression-on-immunotherapy';
const AFTER_TKI = 'progression-on-tki';
const BOTH = 'combination-ongoing';
/** An order that stands is not over, whichever line of therapy it is counted to. */
const PD1_ENDED: Expression = { all: [{ not: 'immunotherapy-ongoing' }, { not: 'immunotherapy-order-active' }] };
/** The chart speaks against one of them at least. */
const anyNot = (...criteria: readonly string[]): Expression => ({ any: criteria.map((not) => ({ not })) });

/** The five steps of metastatic ASPS (S-089), by the rules of the card pathway-position; a test holds the two together. */
export const PATHWAY_STEPS: readonly StepDefinition[] = [
  {
    number: 1,
    title: 'Immunotherapy',
    rules: [
      { position: 'passed', when: { all: [PD1, AFTER_PD1] } },
      { position: 'begun', when: { all: [PD1, PD1_ENDED, 'immunotherapy-not-tolerated'] }, qualifier: 'not-tolerated' },
      { position: 'begun', when: { all: [PD1, PD1_ENDED] }, qualifier: 'not-ongoing' },
      { position: 'begun', when: PD1 },
      { position: 'next', when: { all: [{ not: PD1 }, 'immunotherapy-caution'] }, qualifier: 'caution-on-file' },
      { position: 'next', when: { not: PD1 } },
    ],
    judgement: ['Symptoms and fitness, which are seldom coded.'],
    cards: ['atezolizumab-first-line', 'immunotherapy-safety', 'atezolizumab-dose'],
  },
  {
    number: 2,
    title: 'Metastasectomy after an interval CT',
    beside: 'beside 1 and 3',
    rules: [
      {
        position: 'not-supported',
        when: {
          any: ['extrapulmonary-metastasis', { not: 'lung-only-metastases' }, { not: 'disease-free-interval-long' }],
        },
      },
      { position: 'possible', when: { all: ['lung-only-metastases', 'disease-free-interval-long'] } },
    ],
    judgement: [
      'How many lesions there are in each lung, and whether all of them can be removed.',
      'How fast they grow: a second chest CT after the interval shows it, and any new lesion.',
    ],
    cards: [
      'lung-metastasectomy-candidate',
      'interval-ct-before-metastasectomy',
      'metastasectomy-extrapulmonary-disease',
    ],
  },
  {
    number: 3,
    title: 'TKI after progression on immunotherapy',
    rules: [
      { position: 'passed', when: { all: [AFTER_PD1, TKI, AFTER_TKI] } },
      { position: 'begun', when: { all: [AFTER_PD1, TKI] } },
      { position: 'next', when: { all: [AFTER_PD1, { not: TKI }] } },
      { position: 'next', when: AFTER_PD1, qualifier: 'unless-given' },
      { position: 'not-yet', when: { all: [TKI, anyNot(AFTER_PD1, PD1)] }, qualifier: 'tki-on-file' },
      { position: 'not-yet', when: anyNot(AFTER_PD1, PD1) },
      { position: 'undecided', when: TKI, qualifier: 'tki-on-file' },
    ],
    judgement: ['Whether growth on the scans is progression, where no disease status is recorded.'],
    cards: ['tki-after-immunotherapy', 'pazopanib-label-check'],
  },
  {
    number: 4,
    title: 'Local therapy for oligoprogression',
    beside: 'beside 1 and 3',
    rules: [
      {
        position: 'not-supported',
        when: anyNot('few-metastatic-sites', 'progression-on-systemic-therapy', 'systemic-therapy-ongoing'),
      },
      {
        position: 'possible',
        when: { all: ['few-metastatic-sites', 'progression-on-systemic-therapy', 'systemic-therapy-ongoing'] },
      },
    ],
    judgement: ['How many lesions grow, and whether each of them can be treated locally.'],
    cards: ['oligometastatic-local-therapy'],
  },
  {
    number: 5,
    title: 'Refractory: a combination or a trial',
    rules: [
      { position: 'passed', when: { all: [AFTER_PD1, AFTER_TKI, BOTH, 'progression-on-systemic-therapy'] } },
      { position: 'begun', when: { all: [AFTER_PD1, AFTER_TKI, BOTH] } },
      { position: 'next', when: { all: [AFTER_PD1, AFTER_TKI, { not: BOTH }] } },
      { position: 'next', when: { all: [AFTER_PD1, AFTER_TKI] }, qualifier: 'unless-given' },
      { position: 'not-yet', when: { all: [BOTH, anyNot(AFTER_PD1, AFTER_TKI, PD1, TKI)] }, qualifier: 'both-ongoing' },
      { position: 'not-yet', when: anyNot(AFTER_PD1, AFTER_TKI, PD1, TKI) },
      { position: 'undecided', when: BOTH, qualifier: 'both-ongoing' },
    ],
    judgement: ['Whether a trial is open and within reach.'],
    cards: ['refractory-combination-or-trial'],
  },
];

/** Which step the chart places the patient at: the first that holds. None: the history of treatment is not certain. */
export const PLACES: readonly { readonly step: StepNumber; readonly when: Expression }[] = [
  { step: 5, when: { all: [AFTER_PD1, AFTER_TKI] } },
  { step: 3, when: AFTER_PD1 },
  { step: 1, when: { any: [PD1, { not: PD1 }] } },
];
