import type { TimelineEvent } from './event.ts';
import { type Extent, type Extents, extentsOf } from './extent.ts';
import { type Tick, ticksIn } from './ticks.ts';
import type { TimeWindow } from './time-window.ts';
import type { Lane, TimelineView, Track } from './view.ts';

/** From this width on, the names of tracks and rows stand beside them, else above. */
const WIDE = 760;
const AXIS = 34;
const TITLES = 150;
/** Roughly what a letter takes at the picture's sizes of text, in pixels. */
const LETTER = 6.8;
const GAP = 5;
/** More marks than these in one row cannot be told apart. */
const MOST_IN_ROW = 60;

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly plot: Extent;
  readonly ticks: readonly PlacedTick[];
  /** Undefined when it lies outside of the window. */
  readonly today: number | undefined;
  readonly rows: readonly Row[];
}

export interface PlacedTick extends Tick {
  readonly x: number;
  /** The middle of its label, which stays within the picture. */
  readonly labelX: number;
}

export interface Row {
  readonly key: string;
  /** Of the track, in its first row. */
  readonly title: string | undefined;
  readonly titleAt: number;
  readonly label: string;
  readonly labelAt: number;
  readonly labelLeft: number;
  /** The middle of what is drawn. */
  readonly middle: number;
  /** A line above parts the tracks; undefined within one. */
  readonly rule: number | undefined;
  readonly marks: readonly Mark[];
  /** In place of marks. */
  readonly emptyWords: string;
  /** So many in the window are left to the table. */
  readonly hidden: number;
}

export interface Mark {
  readonly event: TimelineEvent;
  readonly extents: Extents;
  readonly text: MarkText | undefined;
}

export interface MarkText {
  readonly x: number;
  readonly anchor: 'start' | 'end';
  /** So wide, where it stands on the mark itself and needs a ground. */
  readonly plate: number | undefined;
}

/** The picture of this window, so many pixels wide. */
export function layoutOf(view: TimelineView, window: TimeWindow, width: number): Layout {
  const isWide = width >= WIDE;
  const labels = isWide ? labelRoom(view.tracks) : 0;
  const plot = { left: isWide ? TITLES + labels : 8, right: width - 26 };
  const xOf = (day: number) =>
    rounded(plot.left + ((day - window.from) / (window.to - window.from)) * (plot.right - plot.left));
  const today = xOf(view.today + 0.5);
  const rows: Row[] = [];
  let y = AXIS;
  for (const track of view.tracks) {
    for (const [at, lane] of lanesOf(track).entries()) {
      const isFirst = at === 0;
      const rule = isFirst ? y : undefined;
      const titleAt = y + (isWide ? 17 : 16);
      if (!isWide) y += (isFirst ? 20 : 0) + (lane.label === '' ? 0 : 15);
      const height = isWide ? 25 : 23;
      const marks = marksOf(lane, xOf, plot, view.today);
      rows.push({
        key: `${track.id} ${lane.label}`,
        title: isFirst ? track.title : undefined,
        titleAt,
        label: isWide ? shortened(lane.label, labels - 12) : shortened(lane.label, plot.right - plot.left),
        labelAt: isWide ? y + 17 : y - 2,
        labelLeft: isWide ? TITLES : plot.left,
        middle: y + height / 2,
        rule,
        marks: marks.shown,
        emptyWords: marks.shown.length > 0 ? '' : emptyWords(lane, track),
        hidden: marks.hidden,
      });
      y += height;
    }
    y += isWide ? 2 : 5;
  }
  return {
    width,
    height: y + 4,
    plot,
    ticks: ticksIn(window, (plot.right - plot.left) / LETTER)
      .map((tick) => placedTick(tick, xOf(tick.day), width))
      .filter(({ x }) => x >= plot.left && x <= plot.right),
    today: today >= plot.left && today <= plot.right ? today : undefined,
    rows,
  };
}

/** To tenths of a pixel: more cannot be seen. */
function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function placedTick(tick: Tick, x: number, width: number): PlacedTick {
  const half = (tick.label.length * LETTER) / 2;
  return { ...tick, x, labelX: Math.min(Math.max(x, half), width - half) };
}

function emptyWords({ events }: Lane, track: Track): string {
  return events.length === 0 ? track.emptyWords : `${events.length} outside of this time`;
}

const NO_LANE: Lane = { label: '', events: [] };

function lanesOf({ lanes }: Track): readonly Lane[] {
  return lanes.length === 0 ? [NO_LANE] : lanes;
}

function labelRoom(tracks: readonly Track[]): number {
  const longest = Math.max(0, ...tracks.flatMap(({ lanes }) => lanes.map(({ label }) => label.length)));
  return Math.min(250, Math.max(100, longest * LETTER + 20));
}

function shortened(text: string, room: number): string {
  const most = Math.max(4, Math.floor(room / LETTER));
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}

/** What of a row lies in the window, each with its words where there is room for them. */
function marksOf(
  { events }: Lane,
  xOf: (day: number) => number,
  plot: Extent,
  today: number,
): { readonly shown: readonly Mark[]; readonly hidden: number } {
  const inside = events.flatMap((event) => {
    if (event.placement === undefined) return [];
    const extents = extentsOf(event.placement, xOf, today);
    return extents.whole.right < plot.left || extents.whole.left > plot.right ? [] : [{ event, extents }];
  });
  const shown = inside.slice(-MOST_IN_ROW);
  // The latest word first: where there is not room for all, the earlier ones give way.
  let limit = plot.right;
  const marks = shown.toReversed().map(({ event, extents }, at): Mark => {
    const before = shown[shown.length - 2 - at]?.extents.whole.right ?? plot.left;
    const text = textOf(event, extents, { from: Math.max(before, plot.left), to: limit });
    const isLeft = text?.anchor === 'end';
    limit = Math.min(limit, isLeft ? text.x - event.word.length * LETTER : extents.whole.left);
    return { event, extents, text };
  });
  return { shown: marks.toReversed(), hidden: inside.length - shown.length };
}

/** To the right of its mark, on what is hatched of a bar, or to the left; nowhere, where there is no room. */
function textOf(
  { word, placement }: TimelineEvent,
  { whole, uncertain }: Extents,
  free: { readonly from: number; readonly to: number },
): MarkText | undefined {
  const room = word.length * LETTER;
  if (word === '') return undefined;
  if (whole.right + GAP + room <= free.to) return { x: whole.right + GAP, anchor: 'start', plate: undefined };
  const band = placement?.kind === 'stretch' ? uncertain.at(-1) : undefined;
  const left = Math.max(band?.left ?? 0, free.from);
  if (band !== undefined && Math.min(band.right, free.to) - left > room + 3 * GAP)
    return { x: left + 2 * GAP, anchor: 'start', plate: room };
  if (whole.left - GAP - room >= free.from) return { x: whole.left - GAP, anchor: 'end', plate: undefined };
  return undefined;
}
