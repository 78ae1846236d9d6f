import type { ContextBundle, Invocation } from './invocation.ts';
import { contextBundle, fhirId, fhirReference, type ObjectSchema } from './schema.ts';

/** Orders are about to be signed; revised ones among them may no longer be drafts. */
export type OrderSignRequest = Invocation<'order-sign', OrderSignContext>;

interface OrderSignContext {
  readonly userId: string;
  readonly patientId: string;
  readonly encounterId?: string | undefined;
  readonly draftOrders: ContextBundle;
}

export const orderSignContext: ObjectSchema = {
  type: 'object',
  required: ['userId', 'patientId', 'draftOrders'],
  properties: { userId: fhirReference, patientId: fhirId, encounterId: fhirId, draftOrders: contextBundle },
};
