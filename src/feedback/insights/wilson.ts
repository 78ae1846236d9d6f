/** The 97.5 % quantile of the standard normal distribution: an interval of 95 %. */
const Z = 1.959963984540054;

/**
 * The interval in which a true proportion lies with 95 % confidence, after `count` of `of`: Wilson's score interval without
 * correction for continuity (Wilson 1927, J Am Stat Assoc 22:209–212; method 3 of Newcombe 1998, Stat Med 17:857–872). It stays
 * within 0 and 1, and holds for few observations and for rates near 0 or 1, where the usual one fails. Undefined of nothing.
 */
export function wilsonInterval(count: number, of: number): readonly [low: number, high: number] | undefined {
  if (of === 0) return undefined;
  const rate = count / of;
  const square = Z ** 2;
  const middle = rate + square / (2 * of);
  const spread = Z * Math.sqrt((rate * (1 - rate)) / of + square / (4 * of ** 2));
  const scale = 1 + square / of;
  // At these two the bound is the rate itself, and rounding may miss it by a hair.
  const low = count === 0 ? 0 : (middle - spread) / scale;
  const high = count === of ? 1 : (middle + spread) / scale;
  return [low, high];
}
