import { inflateSync } from 'node:zlib';

const PAGE = /\/Type \/Page\n[^]*?\/Contents (\d+) 0 R/g;
const SHOWN = /<([0-9A-Fa-f]+)>/g;
/** Hexadecimal, of most fonts. */
const DIGITS_PER_GLYPH = 4;

/** About how many glyphs stand on each page of a PDF as Chromium writes it: its pages as text, what is on them deflated. */
export function glyphsByPage(pdf: Buffer): readonly number[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(PAGE)].map(([, id]) => {
    const start = text.indexOf('stream\n', text.indexOf(`\n${id} 0 obj`)) + 'stream\n'.length;
    const content = inflateSync(pdf.subarray(start)).toString('latin1');
    const digits = [...content.matchAll(SHOWN)].reduce((all, [, shown = '']) => all + shown.length, 0);
    return Math.round(digits / DIGITS_PER_GLYPH);
  });
}
