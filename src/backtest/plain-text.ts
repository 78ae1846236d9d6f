/** Controls, and characters that turn or hide what stands beside them. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** For a terminal: what names in an export hold of controls is shown as `�`, and does nothing. */
export function plainText(text: string): string {
  return text.replaceAll(UNSEEN, '\u{FFFD}');
}

/** A JSON document that is the same to whoever reads it, and plain to whoever looks at it. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll(UNSEEN, (character) =>
    Array.from(
      { length: character.length },
      (_unused, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
