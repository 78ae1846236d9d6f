/** Chance that falls the same way each time it is begun with the same number. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number;
  /** True so often out of 1. */
  happens(probability: number): boolean;
  /** How often something happened that happens so often on average (Poisson). */
  times(average: number): number;
  /** One of them, by weight; undefined of none. */
  pick<Item>(items: readonly (readonly [item: Item, weight: number])[]): Item | undefined;
  /** A random UUID (RFC 9562, version 4). */
  uuid(): string;
}

/** Mulberry32, a small generator by Tommy Ettinger (public domain): enough for made-up data, and for nothing else. */
export function chance(seed: number): Chance {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const hexDigits = (length: number) => Array.from({ length }, () => Math.floor(next() * 16).toString(16)).join('');
  return {
    next,
    happens: (probability) => next() < probability,
    times(average) {
      // Knuth's method is slow for large averages; many small ones add up to the same.
      const parts = Math.max(1, Math.ceil(average / 20));
      const limit = Math.exp(-average / parts);
      let count = 0;
      for (let part = 0; part < parts; part += 1) {
        for (let product = next(); product > limit; product *= next()) count += 1;
      }
      return count;
    },
    pick(items) {
      let left = next() * items.reduce((total, [, weight]) => total + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return items.at(-1)?.[0];
    },
    uuid: () =>
      `${hexDigits(8)}-${hexDigits(4)}-4${hexDigits(3)}-${'89ab'[Math.floor(next() * 4)]}${hexDigits(3)}-${hexDigits(12)}`,
  };
}
