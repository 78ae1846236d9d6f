/** Longer chart texts are cut: a name is short, and a card has to stay readable. */
const MAX_CHART_TEXT = 80;
/** Line breaks, controls, zero-width and bidirectional characters can change what surrounds them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;

/** What most chart texts are made of. */
const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9 ,;()/%-]{0,78}[A-Za-z0-9)]$/;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
]);

/** Where a space keeps an address from linking itself, in renderers that look before and after resolving entities. */
const ADDRESS = /(?<=:\/)(?=\/)|(?<=www)(?=\.)|(?<=@)(?=\S)|(?<=(?:mailto|xmpp|javascript):)(?=\S)/gi;

/** Text on one line, without characters that cannot be seen. */
export function plainText(text: string): string {
  return text.replaceAll(INVISIBLE, ' ').trim();
}

/**
 * Chart text for use inside GitHub Flavored Markdown: nothing in it is markup, a link or HTML any more, neither for a
 * renderer that follows GFM nor for one that passes HTML on, as the public Sandbox does (CH-94, M-24).
 */
export function escapeMarkdown(text: string): string {
  if (HARMLESS.test(text)) return text;
  const line = plainText(text);
  return shortened(line.replaceAll(ADDRESS, ' '))
    .replaceAll(/[<>&]/g, (character) => ENTITIES.get(character) ?? '')
    .replaceAll(/[\\`*_[\]|~#!{}]/g, (character) => `\\${character}`);
}

function shortened(line: string): string {
  if (line.length <= MAX_CHART_TEXT) return line;
  // A character of two UTF-16 units is not cut in half.
  const cut = line.slice(0, MAX_CHART_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.trimEnd()}…`;
}
