import { fitted, widthOf } from './svg.ts';

/** The words of a text in lines of this width, at most so many; what is left over ends in an ellipsis. */
export function wrapped(text: string, width: number, mostLines: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const kept = lines.slice(0, mostLines);
  const rest = lines.slice(mostLines - 1).join(' ');
  return lines.length > mostLines
    ? [...kept.slice(0, -1), fitted(rest, width)]
    : kept.map((line) => fitted(line, width));
}
