import { readCodedText } from './coding.ts';
import { classify } from './condition.ts';
import { asObjects, asText } from './json.ts';
import { namesOtherCancer } from './other-cancer.ts';
import type { JsonObject, Readings } from './reading.ts';
import { referencedId, resourcesOf } from './resource.ts';
import type { Terminology } from './terminology.ts';

/** Does the reason of an order, in words, codes or by reference, name a cancer other than the ASPS? */
export function isForAnotherCancer(order: JsonObject, readings: Readings, terminology: Terminology): boolean {
  if (order['reasonCode'] === undefined && order['reasonReference'] === undefined) return false;
  const reasons = asObjects(order['reasonCode']).map((reason) => readCodedText(reason));
  for (const reference of asObjects(order['reasonReference'])) {
    const target = asText(reference['reference']);
    const condition = target === undefined ? undefined : conditionById(readings, referencedId(target));
    reasons.push(readCodedText(condition?.['code'], { text: reference['display'] }));
  }
  return reasons.some((reason) => namesOtherCancer(classify(reason, terminology))) && !reasons.some(namesAsps);

  function namesAsps(reason: ReturnType<typeof readCodedText>): boolean {
    return terminology.isIn(reason, 'asps') || reason.texts.some((text) => /alveolar[\s-]+soft|\basps\b/i.test(text));
  }
}

/** Is any reason given at all? */
export function hasReason(order: JsonObject): boolean {
  return asObjects(order['reasonCode']).length > 0 || asObjects(order['reasonReference']).length > 0;
}

function conditionById(readings: Readings, id: string): JsonObject | undefined {
  return resourcesOf(readings, 'conditions', 'Condition').find((condition) => condition['id'] === id);
}
