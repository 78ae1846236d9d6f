// The value sets that several criteria share, by id; a class of drugs stands for the value sets of its drugs.

/** Secondary malignancies, one value set a site. */
export const METASTASES: readonly string[] = [
  'asps-metastatic',
  'metastasis-lung',
  'metastasis-pleura-mediastinum',
  'metastasis-cns',
  'metastasis-bone',
  'metastasis-liver',
  'metastasis-lymph-node',
  'metastasis-other',
];

/** Stages, and the Observations that hold them. */
export const STAGE: readonly string[] = [
  'tnm-stage-group',
  'tnm-m-category',
  'metastatic-history',
  'stage-iv',
  'stage-below-iv',
  'm1',
  'm0',
  'asps-localised',
];

/** Whether another cancer is meant (rule 5). */
export const OTHER_CANCERS: readonly string[] = ['malignant-neoplasm', 'soft-tissue-sarcoma', 'asps-site-malignancy'];

/** Operations that take the primary out. */
export const RESECTIONS: readonly string[] = ['tumour-resection', 'limb-amputation'];

/** How the disease goes under treatment, and why a treatment was ended. */
export const PROGRESSION: readonly string[] = [
  'disease-status',
  'disease-worsened',
  'disease-stable',
  'disease-improved',
  'no-response-to-treatment',
  'treatment-not-tolerated',
];

/** The classes of drugs that treat the sarcoma. */
export const SYSTEMIC_DRUGS: readonly string[] = [
  'pd-1-pd-l1-inhibitor',
  'anti-angiogenic-tki',
  'anthracycline',
  'other-cytotoxic',
];
