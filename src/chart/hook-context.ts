import type { ContextResources } from './context-resources.ts';
import { asObject } from './json.ts';

/** What of a hook's context belongs to the chart (rule 6). What a hook does not define is ignored, whoever sends it (CH-33). */
export function contextOf(hook: string, context: Readonly<Record<string, unknown>>): ContextResources {
  switch (hook) {
    case 'order-select': {
      const draftOrders = asObject(context['draftOrders']);
      return draftOrders === undefined ? {} : { drafts: { draftOrders, selections: textsOf(context['selections']) } };
    }
    case 'order-sign': {
      const draftOrders = asObject(context['draftOrders']);
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

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
