import type { ContextBundle, Invocation } from './invocation.ts';
import { contextBundle, fhirId, fhirReference, type ObjectSchema } from './schema.ts';

/** Future visits are being booked. */
export type AppointmentBookRequest = Invocation<'appointment-book', AppointmentBookContext>;

interface AppointmentBookContext {
  readonly userId: string;
  readonly patientId: string;
  readonly encounterId?: string | undefined;
  /** The Appointments as proposed, not yet booked. */
  readonly appointments: ContextBundle;
}

export const appointmentBookContext: ObjectSchema = {
  type: 'object',
  required: ['userId', 'patientId', 'appointments'],
  properties: { userId: fhirReference, patientId: fhirId, encounterId: fhirId, appointments: contextBundle },
};
