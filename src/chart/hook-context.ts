import type { ContextResources } from './context-resources.ts';
import { asObject, asObjects } from './json.ts';
import type { JsonObject } from './reading.ts';

/**
 * What of a hook's context belongs to the chart (rule 6). What a hook does not define is ignored, whoever sends it (CH-33).
 * `medications` are the Medications that draft orders refer to, where the client has sent them beside the drafts (CH-57).
 */
export function contextOf(
  hook: string,
  context: Readonly<Record<string, unknown>>,
  medications: readonly JsonObject[] = [],
): ContextResources {
  switch (hook) {
    case 'order-select': {
      const draftOrders = draftsWith(medications, context['draftOrders']);
      return draftOrders === undefined ? {} : { drafts: { draftOrders, selections: textsOf(context['selections']) } };
    }
    case 'order-sign': {
      const draftOrders = draftsWith(medications, context['draftOrders']);
      return draftOrders === undefined ? {} : { drafts: { draftOrders } };
    }
    case 'appointment-book': {
      const appointments = asObject(context['appointments']);
      return appointments === undefined ? {} : { appointments };
    }
    case 'problem-list-item-create': {
      const conditions = asObject(context['conditions']);
      return conditions === undefined ? {} : { conditions };
    }
    default:
      // order-dispatch: its orders stand in the chart, in force. The others have no resources.
      return {};
  }
}

/** As if the client had put them into the Bundle, as some do; a Medication that is in the Bundle itself comes first. */
function draftsWith(medications: readonly JsonObject[], value: unknown): JsonObject | undefined {
  const draftOrders = asObject(value);
  if (draftOrders === undefined || medications.length === 0) return draftOrders;
  const beside = medications
    .filter(({ resourceType }) => resourceType === 'Medication')
    .map((resource) => ({ resource }));
  return { ...draftOrders, entry: [...beside, ...asObjects(draftOrders['entry'])] };
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
