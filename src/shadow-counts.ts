/** How often each card in shadow would have been shown since the start. Kept in memory, and no more than a number a card. */
export interface ShadowCounts {
  readonly add: (cards: readonly string[]) => void;
  readonly total: () => Readonly<Record<string, number>>;
}

export function shadowCounts(): ShadowCounts {
  const counts = new Map<string, number>();
  return {
    add: (cards) => {
      for (const card of cards) counts.set(card, (counts.get(card) ?? 0) + 1);
    },
    total: () => Object.fromEntries(counts),
  };
}
