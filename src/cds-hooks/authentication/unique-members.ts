// Every string of a JSON text in turn; the group is there if it names a member. What lies between strings holds no quote.
const STRINGS = /"(?:[^"\\]|\\.)*"(?<colon>\s*:)?/g;

/**
 * Is no member of this JSON text there twice? Readers differ in which of two they take, and RFC 7515 (4) and RFC 7519 (4)
 * let a receiver refuse such a text. `parsed` is what the text was parsed to, with one of each left.
 */
export function hasUniqueMembers(text: string, parsed: unknown): boolean {
  let named = 0;
  for (const { groups } of text.matchAll(STRINGS)) if (groups?.['colon'] !== undefined) named += 1;
  return named === countMembers(parsed);
}

function countMembers(parsed: unknown): number {
  let members = 0;
  // A list that grows while it is walked, and no recursion: how deep the text goes is its sender's choice.
  const values = [parsed];
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    const inside: readonly unknown[] = Object.values(value);
    if (!Array.isArray(value)) members += inside.length;
    for (const member of inside) values.push(member);
  }
  return members;
}
