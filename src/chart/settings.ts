/** The intervals and thresholds of the rules, and what a site knows of itself (`cards/settings.yaml`; an overlay may change each). */
export interface Settings {
  /** Imaging this long before the diagnosis still belongs to its work-up. Days. */
  readonly workUpDays: number;
  /** A dose by weight needs a weight no older than this. Days. */
  readonly bodyWeightMaxAgeDays: number;
  /** Liver tests, creatinine and calcium older than this are not recent. Days. */
  readonly laboratoryMaxAgeDays: number;
  /** Brain imaging is repeated after so long in metastatic disease (S-019). Months; absent: no interval is set, and none is assumed. */
  readonly brainImagingIntervalMonths?: number;
  /** Chest imaging is repeated after so long once the tumour is resected or in remission (S-105). Months; absent: not set. */
  readonly chestImagingIntervalMonths?: number;
  /** The two chest CTs before a lung metastasectomy lie this far apart (S-076). Days. */
  readonly intervalCtDays: { readonly least: number; readonly most: number };
  /** The least disease-free interval at which lung metastasectomy is considered (S-080). Months. */
  readonly diseaseFreeIntervalMonths: number;
  /** So many metastatic sites on file are few (S-068). */
  readonly fewMetastaticSites: number;
  /** The least tumour mutation burden that counts as high (E-18). Mutations per megabase. */
  readonly tumourMutationBurdenHigh: number;
  /** Late responses to atezolizumab occurred up to this time (S-110). Months. */
  readonly lateResponseMonths: number;
  /** A treatment break was possible in the trial after this time on atezolizumab (S-111). Months. */
  readonly treatmentBreakMonths: number;
  /** Between these ages, both included, the move to adult care is planned (S-088). Years. */
  readonly transitionAge: { readonly from: number; readonly to: number };
  /** Words by which the site's sarcoma centres are known in care teams, encounters and referrals. Empty: none is configured. */
  readonly sarcomaCentres: readonly string[];
}
