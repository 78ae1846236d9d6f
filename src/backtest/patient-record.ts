import type { JsonObject } from '../chart/reading.ts';

/** All that an export holds of one patient, and the Medications that it refers to. */
export interface PatientRecord {
  readonly id: string;
  /** Each once, in the version that was updated last. */
  readonly resources: readonly JsonObject[];
}
