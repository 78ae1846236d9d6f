import type { Day } from '../../chart/calendar.ts';
import type { Placement } from './placement.ts';

/** A length of the axis, in pixels. */
export interface Extent {
  readonly left: number;
  readonly right: number;
}

/** What is drawn of a placement, each part from left to right. */
export interface Extents {
  /** For certain; undefined for a moment, and where nothing of a stretch is certain. */
  readonly solid: Extent | undefined;
  /** Somewhere in here it was, began or ended. */
  readonly uncertain: readonly Extent[];
  /** Where the mark of a moment, or of a beginning, stands. */
  readonly mark: number;
  /** It goes on after today. */
  readonly goesOn: boolean;
  /** All of it. */
  readonly whole: Extent;
}

/** What the chart does not bound is drawn so far, and no farther: its length means nothing. */
const OPEN = 18;
/** Half of a mark. */
const MARK = 6;
const ARROW = 8;

/** Where a placement lies on an axis. A day is as long as the axis makes it, from its first moment to its last. */
export function extentsOf(placement: Placement, xOf: (day: number) => number, today: Day): Extents {
  if (placement.kind === 'moment') {
    const { from, to } = placement.at;
    if (from === to) return moment(xOf(from + 0.5), []);
    const band = bounded(xOf(from), xOf(to + 1));
    return moment((band.left + band.right) / 2, [band]);
  }
  const { begin, end } = placement;
  const start = bounded(xOf(begin.from), xOf(begin.to));
  const goesOn = end === 'goes-on';
  const last = goesOn ? { from: Math.max(today, begin.to), to: Math.max(today, begin.to) } : end;
  const [certainTo, finish] = [xOf(last.from + 1), xOf(Math.max(last.to, begin.to) + 1)];
  const isCertain = last.from >= begin.to;
  const whole = { left: start.left, right: finish };
  const marked = { left: whole.left - MARK, right: goesOn ? whole.right + ARROW : whole.right };
  return {
    solid: isCertain ? { left: start.right, right: certainTo } : undefined,
    uncertain: isCertain
      ? [start, { left: certainTo, right: finish }].filter(({ left, right }) => right - left > 0.01)
      : [whole],
    mark: (start.left + start.right) / 2,
    goesOn,
    whole: marked,
  };
}

function moment(mark: number, uncertain: readonly Extent[]): Extents {
  const [band] = uncertain;
  const whole = {
    left: Math.min(mark - MARK, band?.left ?? mark),
    right: Math.max(mark + MARK, band?.right ?? mark),
  };
  return { solid: undefined, uncertain, mark, goesOn: false, whole };
}

function bounded(left: number, right: number): Extent {
  if (left === -Infinity) return { left: right - OPEN, right };
  return right === Infinity ? { left, right: left + OPEN } : { left, right };
}
