/** Columns that every record system shows without breaking lines of its own. */
const WIDTH = 100;
const INDENT = '  ';

/** Breaks a line at its spaces; what is too long without one stays whole. Every further line is set in. */
export function wrap(line: string): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current === '') current = lines.length === 0 ? word : `${INDENT}${word}`;
    else if (current.length + 1 + word.length <= WIDTH) current += ` ${word}`;
    else {
      lines.push(current);
      current = `${INDENT}${word}`;
    }
  }
  return [...lines, current];
}
