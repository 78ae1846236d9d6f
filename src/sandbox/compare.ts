import type { Resource } from '../ehr-demo/patient-store.ts';

/** A card as far as it is compared. */
export type CardMark = { readonly id: string; readonly indicator: string };

/** The cards of two answers are the same: ids, indicators and their order. */
export function sameCards(some: readonly CardMark[], others: readonly CardMark[]): boolean {
  return some.length === others.length && some.every((card, at) => marked(card) === marked(others[at]));
}

/** The cards in one line. */
export function cardsText(cards: readonly CardMark[]): string {
  return cards.length === 0 ? 'no cards' : cards.map((card) => marked(card)).join(', ');
}

/**
 * `Type/id` of what an answer to the same queries should hold and does not: by key, what one EHR finds and another does not.
 * A key that is not there at all is told elsewhere.
 */
export function missingResources(
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): readonly string[] {
  const missing = Object.entries(expected).flatMap(([key, value]) => {
    if (!Object.hasOwn(found, key)) return [];
    const there = new Set(referencesOf(found[key]));
    return referencesOf(value).filter((reference) => !there.has(reference));
  });
  return [...new Set(missing)];
}

function marked(card: CardMark | undefined): string {
  return card === undefined ? '' : `${card.id} ${card.indicator}`;
}

/** Of a Bundle its entries, of any other resource the resource. */
function referencesOf(value: unknown): readonly string[] {
  const { resourceType, id, entry } = value as Partial<Resource> & { entry?: readonly { resource: Resource }[] };
  if (resourceType !== 'Bundle') return [`${resourceType}/${id}`];
  return (entry ?? []).flatMap(({ resource }) => referencesOf(resource));
}
