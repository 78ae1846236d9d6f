/** How a made-up clinic meets one card of the guideline. All of it is invented: it says nothing of what clinicians do. */
export interface MadeUpCard {
  readonly cardId: string;
  /** Of the answers for patients with ASPS on its hooks, in how many it applies. */
  readonly applies: number;
  readonly indicator: 'info' | 'warning' | 'critical';
  /** Of those shown, how many are answered. */
  readonly answered: number;
  /** Of those answered, how many are accepted. */
  readonly accepted: number;
  /** Codes of the guideline's override reasons, by weight; '' for none. */
  readonly reasons: readonly (readonly [code: string, weight: number])[];
  /** The version that was there before, and how it fared. */
  readonly before?: { readonly version: string; readonly until: number; readonly accepted: number };
  readonly isInShadow?: boolean;
}

export const MADE_UP_CARDS: readonly MadeUpCard[] = [
  {
    cardId: 'baseline-brain-mri',
    applies: 0.3,
    indicator: 'warning',
    answered: 0.6,
    accepted: 0.62,
    reasons: [
      ['done-elsewhere', 6],
      ['patient-declined', 1],
      ['contraindicated', 1],
      ['', 2],
    ],
    // It did not know of MRI from elsewhere.
    before: { version: '0.9.0', until: 0.55, accepted: 0.3 },
  },
  {
    cardId: 'staging-chest-ct',
    applies: 0.25,
    indicator: 'info',
    answered: 0.55,
    accepted: 0.58,
    reasons: [
      ['done-elsewhere', 5],
      ['tumour-board', 1],
      ['', 2],
    ],
  },
  {
    cardId: 'surveillance-due',
    applies: 0.35,
    indicator: 'info',
    answered: 0.45,
    accepted: 0.45,
    reasons: [
      ['done-elsewhere', 3],
      ['patient-declined', 2],
      ['not-accessible', 1],
      ['', 2],
    ],
    before: { version: '0.8.0', until: 0.35, accepted: 0.25 },
  },
  {
    cardId: 'sarcoma-centre-referral',
    applies: 0.4,
    indicator: 'info',
    answered: 0.65,
    accepted: 0.14,
    reasons: [
      ['done-elsewhere', 9],
      ['patient-declined', 1],
      ['not-accessible', 2],
      ['', 1],
    ],
  },
  {
    cardId: 'avoid-anthracycline-first-line',
    applies: 0.3,
    indicator: 'warning',
    answered: 0.8,
    accepted: 0.66,
    reasons: [
      ['other-cancer', 2],
      ['trial-protocol', 3],
      ['tumour-board', 3],
      ['disagree', 1],
    ],
  },
  {
    cardId: 'atezolizumab-first-line',
    applies: 0.15,
    indicator: 'info',
    answered: 0.5,
    accepted: 0.52,
    reasons: [
      ['trial-protocol', 3],
      ['tumour-board', 3],
      ['not-accessible', 2],
      ['disagree', 1],
      ['', 1],
    ],
  },
  {
    cardId: 'tfe3-confirmation',
    applies: 0.12,
    indicator: 'info',
    answered: 0.5,
    accepted: 0.55,
    reasons: [
      ['done-elsewhere', 4],
      ['diagnosis-differs', 1],
      ['', 1],
    ],
  },
  {
    cardId: 'palliative-care-referral',
    applies: 0.06,
    indicator: 'info',
    answered: 0.4,
    accepted: 0.4,
    reasons: [
      ['patient-declined', 3],
      ['done-elsewhere', 2],
      ['', 1],
    ],
  },
  {
    cardId: 'immunotherapy-safety',
    applies: 0.2,
    indicator: 'warning',
    answered: 0.7,
    // It offers nothing that could be accepted.
    accepted: 0,
    reasons: [
      ['risk-discussed', 8],
      ['tumour-board', 1],
      ['', 2],
    ],
  },
  {
    cardId: 'record-stage',
    applies: 0.2,
    indicator: 'info',
    answered: 0.15,
    accepted: 0.5,
    reasons: [['', 1]],
  },
  {
    cardId: 'pathway-position',
    applies: 0.5,
    indicator: 'info',
    answered: 0,
    accepted: 0,
    reasons: [],
    isInShadow: true,
  },
  {
    cardId: 'bone-protection',
    applies: 0.05,
    indicator: 'info',
    answered: 0,
    accepted: 0,
    reasons: [],
    isInShadow: true,
  },
];
