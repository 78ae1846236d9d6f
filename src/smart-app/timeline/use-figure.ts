import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Extent } from './extent.ts';
import type { Days } from './placement.ts';
import { middleOf, panned, type TimeWindow, within, zoomed } from './time-window.ts';

/** Until the width is known, and where it never is. */
const WIDTH = 960;
const CLOSER = 0.5;
const STEP = 0.25;
/** A pointer that moves less has clicked. */
const DRAG_PIXELS = 4;

export interface Moves {
  readonly closer: () => void;
  readonly wider: () => void;
  readonly earlier: () => void;
  readonly later: () => void;
  readonly all: () => void;
}

/** The part of the span that is shown, and how it is moved. All of it, until someone moves it; all of a longer one too. */
export function useTimeWindow(span: Days) {
  const [moved, setMoved] = useState<TimeWindow | undefined>(undefined);
  const window = moved === undefined ? span : within(moved, span);
  const zoom = (factor: number, about: number) => show(zoomed(window, factor, about, span));
  const pan = (share: number, from = window) => show(panned(from, share, span));
  const moves: Moves = {
    closer: () => zoom(CLOSER, middleOf(window)),
    wider: () => zoom(1 / CLOSER, middleOf(window)),
    earlier: () => pan(-STEP),
    later: () => pan(STEP),
    all: () => setMoved(undefined),
  };
  return { window, isAll: moved === undefined, moves, zoom, pan };

  function show(next: TimeWindow): void {
    setMoved(next.from <= span.from && next.to >= span.to ? undefined : next);
  }
}

const KEYS: ReadonlyMap<string, keyof Moves> = new Map([
  ['+', 'closer'],
  ['=', 'closer'],
  ['-', 'wider'],
  ['_', 'wider'],
  ['ArrowLeft', 'earlier'],
  ['ArrowRight', 'later'],
  ['Home', 'all'],
]);

/** What a key does while the figure has the focus; combinations are the browser's. */
export function onKey(moves: Moves) {
  return (event: KeyboardEvent): void => {
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS.get(event.key);
    if (move === undefined) return;
    event.preventDefault();
    moves[move]();
  };
}

interface Grip {
  readonly plot: Extent;
  readonly window: TimeWindow;
  readonly zoom: (factor: number, about: number) => void;
  readonly pan: (share: number, from: TimeWindow) => void;
}

interface Drag {
  /** Where it began, and what was shown then. */
  readonly x: number;
  readonly window: TimeWindow;
  /** The farthest from there, in pixels. */
  readonly travelled: number;
}

/** Dragging pans, the wheel with the control key zooms about the pointer. */
export function usePointer({ plot, window, zoom, pan }: Grip) {
  const drag = useRef<Drag | undefined>(undefined);
  const length = plot.right - plot.left;
  return {
    /** Was the last press a drag, and its click none? */
    hasDragged: () => (drag.current?.travelled ?? 0) > DRAG_PIXELS,
    onPointerDown: ({ clientX, button }: PointerEvent): void => {
      if (button === 0) drag.current = { x: clientX, window, travelled: 0 };
    },
    onPointerMove: ({ clientX, buttons }: PointerEvent): void => {
      if (drag.current === undefined || buttons !== 1) return;
      const { x, window: grasped } = drag.current;
      const travelled = Math.max(drag.current.travelled, Math.abs(clientX - x));
      drag.current = { x, window: grasped, travelled };
      if (travelled > DRAG_PIXELS) pan((x - clientX) / length, grasped);
    },
    onWheel: (event: WheelEvent): void => {
      if (!event.ctrlKey || !(event.currentTarget instanceof Element)) return;
      event.preventDefault();
      const x = event.clientX - event.currentTarget.getBoundingClientRect().left - plot.left;
      const about = window.from + (Math.min(Math.max(x, 0), length) / length) * (window.to - window.from);
      zoom(2 ** (event.deltaY / 240), about);
    },
  };
}

/** The width that an element has for its content, in pixels. */
export function useWidth(): readonly [RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(WIDTH);
  useEffect(() => {
    const { current } = element;
    if (current === null || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const found = Math.floor(entry?.contentRect.width ?? 0);
      if (found > 0) setWidth(found);
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
