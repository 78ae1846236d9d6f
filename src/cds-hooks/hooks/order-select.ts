import type { ContextBundle, Invocation } from './invocation.ts';
import { contextBundle, fhirId, fhirReference, type ObjectSchema } from './schema.ts';

/** Orders were picked, before they are signed. */
export type OrderSelectRequest = Invocation<'order-select', OrderSelectContext>;

interface OrderSelectContext {
  readonly userId: string;
  readonly patientId: string;
  readonly encounterId?: string | undefined;
  /** The newly picked orders: `Type/id`, or from some clients the bare id. Missing or empty: every draft counts as picked (M-18). */
  readonly selections?: readonly string[] | undefined;
  /** All unsigned orders of the session. */
  readonly draftOrders: ContextBundle;
}

export const orderSelectContext: ObjectSchema = {
  type: 'object',
  required: ['userId', 'patientId', 'draftOrders'],
  properties: {
    userId: fhirReference,
    patientId: fhirId,
    encounterId: fhirId,
    selections: { type: 'array', stringsOnly: true },
    draftOrders: contextBundle,
  },
};
