/** How a JSON text is built, as far as it can be said without parsing it. */
export interface JsonStructure {
  /** How many objects and arrays stand inside one another at most. */
  readonly depth: number;
  /** How many there are in all. */
  readonly containers: number;
  /** The members of all objects. */
  readonly members: number;
  /** The most members of one object. */
  readonly widest: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** More than is let through. */
const COUNTED_DEPTH = 128;

/**
 * Counts the brackets and colons of a JSON text in UTF-8 that stand outside its strings: exact for JSON down to a depth of 126,
 * and for anything else some number. Ten megabytes of nothing but brackets, or of members of one object, take seconds to parse and
 * ten times their size in memory; to count them takes a fraction.
 */
export function structureOf(text: Uint8Array): JsonStructure {
  let depth = 0;
  let open = 0;
  let containers = 0;
  let members = 0;
  let widest = 0;
  /** The members so far of each object that is open, by its depth; deeper ones count with the last. */
  const counts = new Uint32Array(COUNTED_DEPTH);
  for (let at = 0; at < text.length; at += 1) {
    // UTF-8 holds none of these bytes but as these characters.
    switch (text[at]) {
      case QUOTE:
        at += 1;
        while (at < text.length && text[at] !== QUOTE) at += text[at] === BACKSLASH ? 2 : 1;
        break;
      case 0x5b: // [
      case 0x7b: // {
        containers += 1;
        open += 1;
        if (open > depth) depth = open;
        counts[Math.min(open, COUNTED_DEPTH - 1)] = 0;
        break;
      case COLON: {
        const level = Math.max(0, Math.min(open, COUNTED_DEPTH - 1));
        const count = (counts[level] ?? 0) + 1;
        counts[level] = count;
        members += 1;
        if (count > widest) widest = count;
        break;
      }
      case 0x5d: // ]
      case 0x7d: // }
        open -= 1;
        break;
      default:
    }
  }
  return { depth, containers, members, widest };
}
