import type { Invocation } from './invocation.ts';
import { fhirId, fhirReference, type ObjectSchema } from './schema.ts';

/** An encounter is about to end; may come anywhere within the discharge. */
export type EncounterDischargeRequest = Invocation<'encounter-discharge', EncounterDischargeContext>;

interface EncounterDischargeContext {
  readonly userId: string;
  readonly patientId: string;
  /** The encounter that ends; required here. */
  readonly encounterId: string;
}

export const encounterDischargeContext: ObjectSchema = {
  type: 'object',
  required: ['userId', 'patientId', 'encounterId'],
  properties: { userId: fhirReference, patientId: fhirId, encounterId: fhirId },
};
