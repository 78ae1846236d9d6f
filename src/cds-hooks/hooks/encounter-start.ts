import type { Invocation } from './invocation.ts';
import { fhirId, fhirReference, type ObjectSchema } from './schema.ts';

/** An encounter begins: an admission, a check-in. May come several times for one encounter. */
export type EncounterStartRequest = Invocation<'encounter-start', EncounterStartContext>;

interface EncounterStartContext {
  readonly userId: string;
  readonly patientId: string;
  /** The encounter that begins; required here. */
  readonly encounterId: string;
}

export const encounterStartContext: ObjectSchema = {
  type: 'object',
  required: ['userId', 'patientId', 'encounterId'],
  properties: { userId: fhirReference, patientId: fhirId, encounterId: fhirId },
};
