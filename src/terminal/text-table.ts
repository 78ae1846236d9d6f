import { wrap } from './wrap-text.ts';

const GAP = 2;
/** A last column narrower than this is not worth wrapping. */
const LEAST = 30;

/** Rows in columns as wide as they need, the last one wrapped to what is left of the width. */
export function textTable(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const columns = Math.max(0, ...rows.map(({ length }) => length));
  const widths = Array.from({ length: Math.max(0, columns - 1) }, (_unused, at) =>
    Math.max(0, ...rows.filter(({ length }) => at < length - 1).map((row) => (row[at] ?? '').length)),
  );
  return rows.flatMap((row) => {
    const lead = row
      .slice(0, -1)
      .map((cell, at) => cell.padEnd((widths[at] ?? 0) + GAP))
      .join('');
    const indent = ' '.repeat(lead.length);
    const [first = '', ...more] = wrap(row.at(-1) ?? '', Math.max(width, lead.length + LEAST), indent);
    return [`${lead}${first.trimStart()}`.trimEnd(), ...more];
  });
}
