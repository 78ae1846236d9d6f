import type { Invocation } from './invocation.ts';
import { fhirId, nonEmptyString, type ObjectSchema } from './schema.ts';

/** A chart was opened. */
export type PatientViewRequest = Invocation<'patient-view', PatientViewContext>;

interface PatientViewContext {
  /** Usually `Type/id`; the 2020 text lets a user be something else, so any string is taken. */
  readonly userId: string;
  readonly patientId: string;
  readonly encounterId?: string | undefined;
}

export const patientViewContext: ObjectSchema = {
  type: 'object',
  required: ['userId', 'patientId'],
  properties: { userId: nonEmptyString, patientId: fhirId, encounterId: fhirId },
};
