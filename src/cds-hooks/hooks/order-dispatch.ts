import type { Invocation } from './invocation.ts';
import { fhirId, fhirReference, type ObjectSchema } from './schema.ts';

/** A performer was chosen for orders that stand already; may come several times for one order. Neither user nor encounter. */
export type OrderDispatchRequest = Invocation<'order-dispatch', OrderDispatchContext>;

interface OrderDispatchContext {
  readonly patientId: string;
  /** The orders, as local references. */
  readonly dispatchedOrders: readonly string[];
  /** Who is asked to perform them. */
  readonly performer: string;
}

/** `fulfillmentTasks`, and `fulfillment-tasks` as the hook's own example has it, is ignored: nothing is asked of a task. */
export const orderDispatchContext: ObjectSchema = {
  type: 'object',
  required: ['patientId', 'dispatchedOrders', 'performer'],
  properties: {
    patientId: fhirId,
    dispatchedOrders: { type: 'array', stringsOnly: true },
    performer: fhirReference,
  },
  // Version 1.0 of the hook was of one order.
  formerly: { dispatchedOrders: 'order' },
};
