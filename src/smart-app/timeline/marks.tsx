import type { Fill, Look, Shape } from './event.ts';
import type { Extent } from './extent.ts';
import type { Mark } from './layout.ts';

export const FILLS: readonly Fill[] = ['immunotherapy', 'tki', 'cytotoxic', 'surgery', 'radiotherapy', 'ink'];
const HALF = 6;
/** Within a circle of this radius, around the origin. */
const PATHS: Readonly<Record<Exclude<Shape, 'bar' | 'line'>, string>> = {
  circle: 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z',
  square: 'M-4.5-4.5h9v9h-9Z',
  diamond: 'M0-6 6 0 0 6-6 0Z',
  up: 'M0-6 6 5H-6Z',
  down: 'M0 6 6-5H-6Z',
  unclear: 'M-5-5 5 5M5-5-5 5',
};

interface HatchesProps {
  readonly ids: string;
  readonly fills: readonly Fill[];
}

/** Stripes for what is not known; one for each fill, under ids that begin so. */
export function Hatches({ ids, fills }: HatchesProps) {
  return (
    <defs>
      {fills.map((fill) => (
        <pattern
          key={fill}
          id={`${ids}-${fill}`}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <line x1="1" x2="1" y1="0" y2="6" class={`timeline-stroke-${fill}`} stroke-width="2" />
        </pattern>
      ))}
    </defs>
  );
}

interface DrawnProps {
  readonly look: Look;
  readonly extents: Mark['extents'];
  readonly middle: number;
  readonly ids: string;
}

/** An event: what is certain of it filled, what is not hatched, a moment by its shape. */
export function Drawn({ look, extents, middle, ids }: DrawnProps) {
  const { shape, fill } = look;
  const { solid, uncertain, mark, goesOn } = extents;
  const half = shape === 'line' ? 3 : HALF;
  return (
    <>
      {uncertain.map(({ left, right }) => (
        <rect
          key={left}
          x={left}
          y={middle - HALF}
          width={Math.max(right - left, 1)}
          height={2 * HALF}
          class={`timeline-hatch timeline-stroke-${fill}`}
          fill={`url(#${ids}-${fill})`}
        />
      ))}
      {solid !== undefined && <Solid solid={solid} look={look} middle={middle} half={shape === 'line' ? 1.5 : half} />}
      {goesOn && solid !== undefined && (
        <path
          d={`M${solid.right} ${middle - half - 1}l8 ${half + 1}l-8 ${half + 1}Z`}
          class={`timeline-fill-${fill} timeline-stroke-${fill}`}
        />
      )}
      {shape === 'line' && <Shaped look={{ ...look, shape: 'circle' }} x={mark} y={middle} />}
      {shape !== 'bar' && shape !== 'line' && <Shaped look={look} x={mark} y={middle} />}
    </>
  );
}

interface SolidProps {
  readonly solid: Extent;
  readonly look: Look;
  readonly middle: number;
  readonly half: number;
}

/** The class of a drug by its texture too: one light line lengthwise for a TKI, dashes for cytotoxic drugs. */
function Solid({ solid: { left, right }, look: { fill, isHollow }, middle, half }: SolidProps) {
  const kind = isHollow ? `timeline-hollow timeline-stroke-${fill}` : `timeline-fill-${fill} timeline-stroke-${fill}`;
  return (
    <>
      <rect x={left} y={middle - half} width={Math.max(right - left, 2)} height={2 * half} class={kind} />
      {(fill === 'tki' || fill === 'cytotoxic') && !isHollow && (
        <line x1={left} x2={right} y1={middle} y2={middle} class={`timeline-texture-${fill}`} />
      )}
    </>
  );
}

interface ShapedProps {
  readonly look: Look;
  readonly x: number;
  readonly y: number;
}

function Shaped({ look: { shape, fill, isHollow }, x, y }: ShapedProps) {
  if (shape === 'bar' || shape === 'line') return null;
  const kind = isHollow || shape === 'unclear' ? 'timeline-hollow' : `timeline-fill-${fill}`;
  return (
    <path
      d={PATHS[shape]}
      transform={`translate(${x} ${y})`}
      class={`timeline-shape ${kind} timeline-stroke-${fill}`}
    />
  );
}
