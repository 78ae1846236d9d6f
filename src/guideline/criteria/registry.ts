import type { Criterion } from './criterion.ts';
import { DIAGNOSIS_CRITERIA } from './diagnosis.ts';
import { IMAGING_CRITERIA } from './imaging.ts';
import { PATIENT_CRITERIA } from './patient.ts';
import { SPREAD_CRITERIA } from './spread.ts';
import { SYSTEMIC_THERAPY_CRITERIA } from './systemic-therapy.ts';

/** Every criterion that a card may name, by its id. */
export const CRITERIA: ReadonlyMap<string, Criterion> = new Map(
  [
    ...DIAGNOSIS_CRITERIA,
    ...SPREAD_CRITERIA,
    ...IMAGING_CRITERIA,
    ...SYSTEMIC_THERAPY_CRITERIA,
    ...PATIENT_CRITERIA,
  ].map((criterion) => [criterion.id, criterion]),
);
