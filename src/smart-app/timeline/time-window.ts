import type { Days } from './placement.ts';

/** The part of the time that the picture shows; its ends need not be whole days. */
export type TimeWindow = Days;

/** No closer than this: a day stays a mark, and ticks stay a week apart. */
const LEAST_DAYS = 28;

/** Wider or narrower by a factor; the day that it is about keeps its place, as far as the span has room. */
export function zoomed(window: TimeWindow, factor: number, about: number, span: Days): TimeWindow {
  const width = window.to - window.from;
  const wanted = Math.min(Math.max(width * factor, LEAST_DAYS), span.to - span.from);
  const from = about - (about - window.from) * (wanted / width);
  return within({ from, to: from + wanted }, span);
}

/** Later by this share of its width, or earlier if it is negative. */
export function panned(window: TimeWindow, share: number, span: Days): TimeWindow {
  const shift = (window.to - window.from) * share;
  return within({ from: window.from + shift, to: window.to + shift }, span);
}

/** Moved, or narrowed, until it lies in the span. */
export function within({ from, to }: TimeWindow, span: Days): TimeWindow {
  const width = Math.min(to - from, span.to - span.from);
  if (from < span.from) return { from: span.from, to: span.from + width };
  if (to > span.to) return { from: span.to - width, to: span.to };
  return { from, to };
}

export function middleOf({ from, to }: TimeWindow): number {
  return (from + to) / 2;
}
