import { textTable } from '../terminal/text-table.ts';
import type { ExplainedLine, Explanation } from './explain.ts';

/** Puts a style on a text, or leaves it as it is. */
export type Style = (style: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string) => string;

const MARKS = { yes: '+', no: '-', unknown: '?' } as const;

/** The explanations as they read in a terminal: the cards that are shown first, those of other hooks by name alone. */
export function explanationText(explanations: readonly Explanation[], width: number, style: Style): string {
  const asked = explanations.filter(({ parts }) => parts.length > 0);
  const others = explanations.filter(({ parts }) => parts.length === 0);
  const shown = asked.filter(({ outcome }) => outcome !== 'not shown');
  const silent = asked.filter(({ outcome }) => outcome === 'not shown');
  const named = Map.groupBy(others, ({ outcome }) => outcome);
  return [
    ...[...shown, ...silent].flatMap((one) => [...cardText(one, width, style), '']),
    ...[...named].flatMap(([outcome, cards]) =>
      textTable([[`${outcome}:`, cards.map(({ card }) => card).join(', ')]], width),
    ),
    style('dim', '+ yes, - no, ? unknown. A card is shown when every line of its condition is yes.'),
    '',
  ].join('\n');
}

/** The lines of therapy that the criteria go by: what is said of progression or of a change rests on them. */
export function linesText(lines: readonly ExplainedLine[], width: number, style: Style): string {
  if (lines.length === 0) return '';
  const rows = lines.map(({ drug, start, end, stopReason }) => [`  ${drug}`, start, end, stopReason]);
  return [style('bold', 'Lines of therapy'), ...textTable([['  drug', 'start', 'end', ''], ...rows], width), ''].join(
    '\n',
  );
}

function cardText({ card, outcome, indicator, summary, parts }: Explanation, width: number, style: Style) {
  const told = outcome === 'not shown' ? style('dim', outcome) : style('green', outcome);
  const rows = parts.flatMap(({ condition, truth, criteria }) => {
    const [only] = criteria;
    const line = [`  ${MARKS[truth]} ${truth}`, condition];
    // A criterion alone is its own line; of a compound each criterion gets one below it.
    if (only !== undefined && criteria.length === 1 && only.id === condition) return [[...line, only.because]];
    return [line, ...criteria.map(({ id, truth: answer, because }) => ['', `    ${id}: ${answer}`, because])];
  });
  return [
    `${style('bold', card)}  ${told}${indicator === undefined ? '' : ` (${indicator})`}`,
    ...(summary === undefined ? [] : [`  ${summary}`]),
    ...textTable(rows, width),
  ];
}
