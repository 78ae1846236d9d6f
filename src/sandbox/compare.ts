import type { JsonObject } from '../cds-hooks/json.ts';
import type { Resource } from '../ehr-demo/patient-store.ts';

/** A card as far as it is compared. */
export type CardMark = { readonly id: string; readonly indicator: string };

/** The cards of two answers are the same: ids, indicators and their order. */
export function sameCards(some: readonly CardMark[], others: readonly CardMark[]): boolean {
  return some.length === others.length && some.every((card, at) => marked(card) === marked(others[at]));
}

/**
 * The members in which the cards of two answers are not the same, by card: what a clinician reads, clicks and is linked to. Cards
 * get new UUIDs for every answer; those do not count. Cards that are not the same ones are not compared.
 */
export function memberDifferences(
  some: readonly JsonObject[],
  others: readonly JsonObject[],
  marks: readonly CardMark[],
): readonly string[] {
  if (some.length !== others.length) return [];
  return some.flatMap((card, at) => {
    const other = others[at] ?? {};
    const members = [...new Set([...Object.keys(card), ...Object.keys(other)])];
    const different = members.filter((member) => withoutUuids(card[member]) !== withoutUuids(other[member]));
    return different.length === 0 ? [] : [`${marks[at]?.id}: ${different.join(', ')}`];
  });
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

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function withoutUuids(value: unknown): string {
  return (JSON.stringify(value) ?? '').replaceAll(UUID, 'uuid');
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
