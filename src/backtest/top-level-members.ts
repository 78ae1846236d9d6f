const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;

/**
 * The JSON of these members of the object in a line, without parsing all of it. Of members with the same name the last, as JSON.parse
 * has it. The line must be JSON, and spell no name with escapes.
 */
export function topLevelMembers(line: string, names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let depth = 0;
  /** The member whose value is being read, and where that begins. */
  let name: string | undefined;
  let start = 0;
  for (let at = 0; at < line.length; at++) {
    switch (line.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(line, at);
        if (depth === 1 && name === undefined) {
          const colon = afterSpace(line, end + 1);
          name = line.charCodeAt(colon) === COLON ? nameAt(line, at + 1, end, names) : undefined;
          start = colon + 1;
        }
        at = end;
        break;
      }
      case OPENING_BRACE:
      case OPENING_BRACKET:
        depth++;
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        depth--;
        if (depth === 0) endValue(at);
        break;
      case COMMA:
        if (depth === 1) endValue(at);
        break;
      default:
    }
  }
  return found;

  function endValue(at: number): void {
    if (name !== undefined) found.set(name, line.slice(start, at).trim());
    name = undefined;
  }
}

function nameAt(line: string, from: number, to: number, names: readonly string[]): string | undefined {
  return names.find((name) => name.length === to - from && line.startsWith(name, from));
}

/** Where the quote is that ends the string which begins here; the end of the line if there is none. */
function endOfString(line: string, start: number): number {
  for (let at = line.indexOf('"', start + 1); at >= 0; at = line.indexOf('"', at + 1)) {
    let escapes = 0;
    while (line.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return line.length;
}

function afterSpace(line: string, from: number): number {
  let at = from;
  while (line.charCodeAt(at) <= SPACE) at++;
  return at;
}
