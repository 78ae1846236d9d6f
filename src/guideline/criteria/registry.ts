import { BIOMARKER_CRITERIA } from './biomarkers.ts';
import type { Criterion } from './criterion.ts';
import { DIAGNOSIS_CRITERIA } from './diagnosis.ts';
import { DRAFTED_DRUG_CRITERIA } from './drafted-drugs.ts';
import { FOLLOW_UP_CRITERIA } from './follow-up.ts';
import { IMAGING_CRITERIA } from './imaging.ts';
import { PATIENT_CRITERIA } from './patient.ts';
import { SAFETY_CRITERIA } from './safety.ts';
import { SPREAD_CRITERIA } from './spread.ts';
import { SURGERY_CRITERIA } from './surgery.ts';
import { SYSTEMIC_THERAPY_CRITERIA } from './systemic-therapy.ts';
import { THERAPY_CRITERIA } from './therapy.ts';

/** Every criterion that a card may name, by its id. */
export const CRITERIA: ReadonlyMap<string, Criterion> = new Map(
  [
    ...DIAGNOSIS_CRITERIA,
    ...SPREAD_CRITERIA,
    ...IMAGING_CRITERIA,
    ...SYSTEMIC_THERAPY_CRITERIA,
    ...DRAFTED_DRUG_CRITERIA,
    ...THERAPY_CRITERIA,
    ...SURGERY_CRITERIA,
    ...PATIENT_CRITERIA,
    ...SAFETY_CRITERIA,
    ...BIOMARKER_CRITERIA,
    ...FOLLOW_UP_CRITERIA,
  ].map((criterion) => [criterion.id, criterion]),
);
