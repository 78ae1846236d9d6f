/** Deeper than any resource that means something; a serialiser that goes down without end runs out of stack. */
const MAX_DEPTH = 40;
/** A document or an image in a resource is not for reading. */
const MAX_STRING = 4000;
const MAX_TEXT = 100_000;

export interface RecordJson {
  readonly text: string;
  /** Some of it is left out. */
  readonly isCut: boolean;
}

/** The resource as JSON that can be read: all of it, unless it is beyond what anybody reads. */
export function recordJson(resource: unknown): RecordJson {
  let isCut = false;
  const text = visible(JSON.stringify(bounded(resource, 0), null, 2));
  if (text.length <= MAX_TEXT) return { text, isCut };
  return { text: `${text.slice(0, MAX_TEXT)}\n…`, isCut: true };

  function bounded(value: unknown, depth: number): unknown {
    if (typeof value === 'string' && value.length > MAX_STRING) {
      isCut = true;
      return `${value.slice(0, MAX_STRING)}… (${value.length - MAX_STRING} more characters)`;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= MAX_DEPTH) {
      isCut = true;
      return '… (more within)';
    }
    if (Array.isArray(value)) return value.map((item) => bounded(item, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, bounded(member, depth + 1)]));
  }
}

/** What cannot be seen, or turns the text around it, as JSON's own escapes: it says the same. */
function visible(json: string): string {
  return json.replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
