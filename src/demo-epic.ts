import { parse } from 'yaml';
import { isJsonObject, type JsonObject } from './cds-hooks/json.ts';
import { EPIC_PREFERENCE_LIST } from './cds-hooks/profile.ts';
import type { Overlay } from './guideline/overlay.ts';
import type { GuidelineFiles } from './guideline/source-file.ts';

/**
 * The overlay of the demo EHR that behaves like Epic: every order with an entry of its preference list, as a site writes them
 * that has mapped its orders. Without them an Epic shows texts and removals alone.
 */
export function mappedOrders(cards: GuidelineFiles): Overlay {
  const orders = [...cards].filter(([path]) => path.startsWith('orders/'));
  return {
    folder: 'demo-epic/',
    files: new Map(orders.map(([path, text]) => [path, JSON.stringify(mapped(parse(text)))])),
  };
}

function mapped(order: unknown): unknown {
  if (!isJsonObject(order) || !isJsonObject(order['resource'])) return order;
  const { id, resource } = order;
  const member = 'medicationCodeableConcept' in resource ? 'medicationCodeableConcept' : 'code';
  return { ...order, resource: { ...resource, [member]: withEntry(resource[member], `DEMO-${String(id)}`) } };
}

function withEntry(concept: unknown, code: string): JsonObject {
  const { coding, ...said } = isJsonObject(concept) ? concept : {};
  const others: readonly unknown[] = Array.isArray(coding) ? coding : [];
  // A site's own overlay may have mapped it.
  if (others.some((other) => isJsonObject(other) && other['system'] === EPIC_PREFERENCE_LIST))
    return { coding, ...said };
  return { coding: [{ system: EPIC_PREFERENCE_LIST, code, display: said['text'] }, ...others], ...said };
}
