import type { Assessment } from '../../guideline/assess.ts';

/** What a clinician looks for together, and the cards of it, by id. Within a group they stand by their priority. */
export const GROUPS: readonly { readonly title: string; readonly cards: ReadonlySet<string> }[] = [
  {
    title: 'Diagnosis and staging',
    cards: new Set([
      'confirm-diagnosis',
      'tfe3-confirmation',
      'record-stage',
      'baseline-brain-mri',
      'brain-imaging-surveillance',
      'staging-chest-ct',
      'primary-site-mri',
    ]),
  },
  {
    title: 'Systemic therapy',
    cards: new Set([
      'pathway-position',
      'atezolizumab-first-line',
      'atezolizumab-dose',
      'immunotherapy-safety',
      'immunotherapy-rechallenge',
      'avoid-anthracycline-first-line',
      'avoid-cytotoxic-chemotherapy',
      'immunotherapy-before-tki',
      'tki-after-immunotherapy',
      'tki-when-immunotherapy-contraindicated',
      'pazopanib-label-check',
      'pembrolizumab-tmb-high',
      'refractory-combination-or-trial',
      'stable-disease-valid-goal',
      'treatment-break-after-two-years',
      'pd-l1-not-required',
    ]),
  },
  {
    title: 'Surgery and local therapy',
    cards: new Set([
      'localised-resection',
      'biopsy-before-excision',
      'limb-sparing-opinion',
      'positive-margin-radiotherapy',
      'lung-metastasectomy-candidate',
      'interval-ct-before-metastasectomy',
      'metastasectomy-extrapulmonary-disease',
      'oligometastatic-local-therapy',
    ]),
  },
  {
    title: 'Supportive care, referral and follow-up',
    cards: new Set([
      'palliative-care-referral',
      'bone-protection',
      'sarcoma-centre-referral',
      'adult-care-transition',
      'surveillance-due',
    ]),
  },
];

const WARNINGS = 'Warnings';
/** A site's guideline may have cards that nobody here has heard of. */
const OTHERS = 'Other cards';

export interface CardGroup {
  readonly title: string;
  readonly assessments: readonly Assessment[];
}

/** Warnings first, then by subject; empty groups are left out. */
export function grouped(assessments: readonly Assessment[]): readonly CardGroup[] {
  const byTitle = Map.groupBy(assessments, titleOf);
  return [WARNINGS, ...GROUPS.map(({ title }) => title), OTHERS].flatMap((title) => {
    const ofTitle = byTitle.get(title);
    return ofTitle === undefined ? [] : [{ title, assessments: ofTitle }];
  });
}

function titleOf({ card, texts }: Assessment): string {
  if (texts !== undefined && texts.indicator !== 'info') return WARNINGS;
  return GROUPS.find(({ cards }) => cards.has(card.file.id))?.title ?? OTHERS;
}
