import { scaleLinear } from 'd3-scale';
import type { BarPlot } from './plot.ts';
import { element, FONT_SIZE, fitted, LINE_HEIGHT, type Markup, picture, WIDTH, widthOf } from './svg.ts';
import { wrapped } from './wrapped.ts';

type Bar = BarPlot['bars'][number];

const BAR_HEIGHT = 12;
const ROW_GAP = 10;
const MARGIN = 8;
/** What stands beside a bar may take no more. */
const MOST_NOTE_WIDTH = 150;
const LABEL_LINES = 2;
const TICKS = 4;

/**
 * Bars with their names above them, so that long names need no room beside, and a whisker for each interval. SVG to be put into
 * a page.
 */
export function barPlot({ title, description, unit, bars }: BarPlot): string {
  const noteWidth = Math.min(MOST_NOTE_WIDTH, Math.max(0, ...bars.map((bar) => widthOf(noteOf(bar)))));
  const right = WIDTH - noteWidth - 2 * MARGIN;
  const most = Math.max(0, ...bars.flatMap(({ value, interval }) => [value, ...(interval ?? [])]));
  const x = scaleLinear([0, most > 0 ? most : 1], [MARGIN, right]).nice(TICKS);

  let y = LINE_HEIGHT;
  const rows = bars.map((bar) => {
    const lines = wrapped(bar.label, WIDTH - 2 * MARGIN, LABEL_LINES);
    const top = y + (lines.length - 1) * LINE_HEIGHT + 5;
    const row = element(
      'g',
      {},
      ...lines.map((line, at) => element('text', { x: MARGIN, y: y + at * LINE_HEIGHT }, line)),
      ...barMarks(bar, x, top),
      element('text', { x: right + MARGIN, y: top + BAR_HEIGHT - 1 }, fitted(noteOf(bar), MOST_NOTE_WIDTH)),
    );
    y = top + BAR_HEIGHT + ROW_GAP + FONT_SIZE;
    return row;
  });

  if (rows.length === 0) {
    const nothing = element('text', { x: MARGIN, y }, 'Nothing to show.');
    return picture({ title, description, height: y + MARGIN }, nothing);
  }
  const bottom = y - FONT_SIZE;
  const units = wrapped(unit, WIDTH - 2 * MARGIN, LABEL_LINES);
  return picture(
    { title, description, height: bottom + (1 + units.length) * LINE_HEIGHT + MARGIN },
    ...axis(x, bottom),
    ...rows,
    ...units.map((line, at) => element('text', { x: MARGIN, y: bottom + (2 + at) * LINE_HEIGHT }, line)),
  );
}

type Scale = ReturnType<typeof scaleLinear<number, number>>;

function barMarks({ value, interval }: Bar, x: Scale, top: number): readonly Markup[] {
  const bar = element('rect', {
    x: x(0),
    y: top,
    width: Math.max(0, x(value) - x(0)),
    height: BAR_HEIGHT,
    'fill-opacity': '0.3',
    stroke: 'currentColor',
  });
  if (interval === undefined) return [bar];
  const [low, high] = [x(interval[0]), x(interval[1])];
  const middle = top + BAR_HEIGHT / 2;
  const ends = [low, high].map((end) => `M${end.toFixed(1)} ${middle - 4}v8`).join('');
  const whisker = `M${low.toFixed(1)} ${middle}H${high.toFixed(1)}${ends}`;
  return [bar, element('path', { d: whisker, stroke: 'currentColor', 'stroke-width': '2' })];
}

function axis(x: Scale, bottom: number): readonly Markup[] {
  const write = x.tickFormat(TICKS);
  const ticks = x.ticks(TICKS);
  // Counts have no halves.
  const whole = ticks.some((tick) => tick > 1) ? ticks.filter((tick) => Number.isInteger(tick)) : ticks;
  const shown = whole.filter((_, at) => whole.length <= TICKS + 2 || at % 2 === 0);
  return shown.map((tick, at) =>
    element(
      'g',
      {},
      element('path', {
        d: `M${x(tick).toFixed(1)} 2V${bottom.toFixed(1)}`,
        stroke: 'currentColor',
        'stroke-opacity': '0.25',
      }),
      element('text', { x: x(tick), y: bottom + FONT_SIZE, 'text-anchor': at === 0 ? 'start' : 'middle' }, write(tick)),
    ),
  );
}

function noteOf({ note, value }: Bar): string {
  return note ?? String(Math.round(value * 10) / 10);
}
