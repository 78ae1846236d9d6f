import { scaleLinear, scaleUtc } from 'd3-scale';
import { line, symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from 'd3-shape';
import type { TrendPlot } from './plot.ts';
import { element, FONT_SIZE, fitted, LINE_HEIGHT, type Markup, picture, WIDTH, widthOf } from './svg.ts';

type Series = TrendPlot['series'][number];

const LEFT = 38;
const RIGHT = WIDTH - 14;
const PLOT_HEIGHT = 130;
const Y_TICKS = 4;
const X_TICKS = 4;
const DAY_MS = 86_400_000;
const YEAR_MS = 366 * DAY_MS;
/** Beyond it they would touch. */
const MANY_POINTS = 60;
/** Each series has a dash and a shape of its own, since colour does not tell them apart for everyone, nor on paper. */
const LOOKS = [
  { dash: undefined, shape: symbolCircle },
  { dash: '6 3', shape: symbolSquare },
  { dash: '2 3', shape: symbolTriangle },
  { dash: '8 3 2 3', shape: symbolDiamond },
] as const;
/** Two marks on one line of text stand so far apart. */
const MARK_GAP = 6;
const MOST_MARK_WIDTH = 110;

/** Lines over days, with upright marks. A day on which there is nothing is a gap, not a zero. SVG to be put into a page. */
export function trendPlot(plot: TrendPlot): string {
  const { title, description, unit, series } = plot;
  const marks = placeMarks(plot);
  const markRows = Math.max(0, ...marks.map(({ row }) => row + 1));
  const unitY = LINE_HEIGHT;
  const top = unitY + markRows * LINE_HEIGHT + 10;
  const bottom = top + PLOT_HEIGHT;
  const values = series.flatMap(({ points }) => points.map(({ value }) => value ?? 0));
  const most = plot.max ?? Math.max(0, ...values);
  const y = scaleLinear([0, most > 0 ? most : 1], [bottom, top]);
  if (plot.max === undefined) y.nice(Y_TICKS);
  const x = timeScale(plot);

  const legendY = bottom + 2 * LINE_HEIGHT + 6;
  return picture(
    { title, description, height: legendY + (series.length - 1) * LINE_HEIGHT + 10 },
    element('text', { x: 2, y: unitY - 3 }, fitted(unit, WIDTH)),
    ...y.ticks(Y_TICKS).map((tick) => yTick(y(tick), y.tickFormat(Y_TICKS)(tick))),
    ...xTicks(plot, bottom),
    ...marks.map(({ at, label, row, anchor }) =>
      element(
        'g',
        {},
        element('path', {
          d: `M${at.toFixed(1)} ${unitY + row * LINE_HEIGHT + 5}V${bottom}`,
          stroke: 'currentColor',
          'stroke-dasharray': '1 3',
          'stroke-width': '2',
        }),
        element(
          'text',
          { x: anchor === 'end' ? at - 4 : at + 4, y: unitY + (row + 1) * LINE_HEIGHT - 1, 'text-anchor': anchor },
          label,
        ),
      ),
    ),
    ...series.map((one, at) => curve(one, lookOf(at), (day) => x(dayOf(day)), y)),
    ...series.map(({ name }, at) => legend(name, lookOf(at), legendY + at * LINE_HEIGHT)),
  );
}

type Look = (typeof LOOKS)[number];

function lookOf(at: number): Look {
  return LOOKS[at % LOOKS.length] ?? LOOKS[0];
}

function dayOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function timeScale({ from, to }: TrendPlot) {
  const [first, last] = [dayOf(from), dayOf(to)];
  // A window of one day has no width.
  const end = last.getTime() > first.getTime() ? last : new Date(first.getTime() + DAY_MS);
  return scaleUtc([first, end], [LEFT, RIGHT]).clamp(true);
}

function curve(
  { points }: Series,
  { dash, shape }: Look,
  x: (day: string) => number,
  y: (value: number) => number,
): Markup {
  const drawn = points.map(({ day, value }) => ({ at: x(day), value }));
  const path = line<(typeof drawn)[number]>()
    .defined(({ value }) => value !== undefined)
    .x(({ at }) => at)
    .y(({ value }) => y(value ?? 0))
    .digits(1);
  const dot = symbol(shape, points.length > MANY_POINTS ? 8 : 28).digits(1)();
  return element(
    'g',
    {},
    element('path', {
      d: path(drawn) ?? '',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': '1.5',
      'stroke-dasharray': dash,
    }),
    // A day between two gaps has no line, and would not be seen without them.
    ...drawn.flatMap(({ at, value }) =>
      value === undefined
        ? []
        : [element('path', { d: dot ?? '', transform: `translate(${at.toFixed(1)} ${y(value).toFixed(1)})` })],
    ),
  );
}

function legend(name: string, { dash, shape }: Look, y: number): Markup {
  const middle = y - FONT_SIZE / 2 + 2;
  return element(
    'g',
    {},
    element('path', {
      d: `M${LEFT} ${middle}h34`,
      stroke: 'currentColor',
      'stroke-width': '1.5',
      'stroke-dasharray': dash,
    }),
    element('path', { d: symbol(shape, 28).digits(1)() ?? '', transform: `translate(${LEFT + 17} ${middle})` }),
    element('text', { x: LEFT + 42, y }, fitted(name, WIDTH - LEFT - 42)),
  );
}

function yTick(at: number, label: string): Markup {
  return element(
    'g',
    {},
    element('path', { d: `M${LEFT} ${at.toFixed(1)}H${RIGHT}`, stroke: 'currentColor', 'stroke-opacity': '0.25' }),
    element('text', { x: LEFT - 5, y: at + 4, 'text-anchor': 'end' }, label),
  );
}

function xTicks(plot: TrendPlot, bottom: number): readonly Markup[] {
  const x = timeScale(plot);
  const isLong = dayOf(plot.to).getTime() - dayOf(plot.from).getTime() > YEAR_MS;
  const words = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    month: 'short',
    ...(isLong ? { year: 'numeric' } : { day: 'numeric' }),
  });
  const days = x.ticks(X_TICKS).filter((tick) => tick.getTime() % DAY_MS === 0);
  const shown = days.filter((_, at) => at % Math.ceil(days.length / (X_TICKS + 1)) === 0);
  return shown.map((tick) => {
    const at = x(tick);
    const half = widthOf(words.format(tick)) / 2;
    return element(
      'g',
      {},
      element('path', { d: `M${at.toFixed(1)} ${bottom}v5`, stroke: 'currentColor' }),
      element(
        'text',
        { x: Math.min(at, WIDTH - half), y: bottom + LINE_HEIGHT + 2, 'text-anchor': 'middle' },
        words.format(tick),
      ),
    );
  });
}

interface PlacedMark {
  readonly at: number;
  readonly label: string;
  readonly row: number;
  readonly anchor: 'start' | 'end';
}

/** Each label on the first line of text on which it hides no other. */
function placeMarks(plot: TrendPlot): readonly PlacedMark[] {
  const x = timeScale(plot);
  const ends: [number, number][][] = [];
  return plot.marks
    .filter(({ day }) => day >= plot.from && day <= plot.to)
    .toSorted((a, b) => (a.day < b.day ? -1 : 1))
    .map(({ day, label: whole }) => {
      const at = x(dayOf(day));
      const label = fitted(whole, MOST_MARK_WIDTH);
      const anchor = at + widthOf(label) + MARK_GAP > WIDTH ? 'end' : 'start';
      const [from, to] = anchor === 'end' ? [at - widthOf(label) - MARK_GAP, at] : [at, at + widthOf(label) + MARK_GAP];
      const free = ends.findIndex((taken) => taken.every(([start, end]) => to < start || from > end));
      const row = free === -1 ? ends.length : free;
      ends[row] = [...(ends[row] ?? []), [from, to]];
      return { at, label, row, anchor };
    });
}
