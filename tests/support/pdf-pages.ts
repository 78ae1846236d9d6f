import { inflateSync } from 'node:zlib';

const PAGE = /\/Type \/Page\n[^]*?\/Contents (\d+) 0 R/g;
/** Four hexadecimal digits a glyph, between the operators that show them. */
const SHOWN = /<([0-9A-Fa-f]+)> ?(?:Tj|\])|<([0-9A-Fa-f]+)>/g;

/** How many glyphs stand on each page of a PDF as Chromium writes it: the objects of its pages as text, their content deflated. */
export function glyphsByPage(pdf: Buffer): readonly number[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(PAGE)].map(([, id]) => {
    const from = text.indexOf(`\n${id} 0 obj`);
    const start = text.indexOf('stream\n', from) + 'stream\n'.length;
    const content = inflateSync(pdf.subarray(start)).toString('latin1');
    return [...content.matchAll(SHOWN)].reduce((all, [, one, other]) => all + (one ?? other ?? '').length / 4, 0);
  });
}
