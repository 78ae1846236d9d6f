import { Cautions } from './cautions.tsx';
import type { PlotGroup, PlotRow } from './response-view.ts';

const TICKS = [0, 25, 50, 75, 100] as const;
/** Of a row, in CSS pixels. */
const HEIGHT = 22;
const MIDDLE = HEIGHT / 2;

/** Response rates on one scale, those that disagree next to each other. To a screen reader each group is a picture with its figures in words. */
export function ResponsePlot({ groups }: { readonly groups: readonly PlotGroup[] }) {
  return (
    <div class="evidence-plot">
      <p class="quiet small">
        Share of patients whose tumour shrank enough to count as a response. Filled point with a line: 95 % confidence
        interval as published. Hollow point: no interval published, and none is computed here. Dashed: not or only
        partly verified.
      </p>
      {groups.map(({ title, rows, contrasts, inWords }) => (
        <div key={title}>
          <h4>{title}</h4>
          <div role="img" aria-label={inWords}>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
            <Axis />
          </div>
          {contrasts.map(({ between, why }) => (
            <p key={between} class="evidence-why">
              <strong>{between}:</strong> {why}
            </p>
          ))}
        </div>
      ))}
    </div>
  );
}

function Row({ row: { treatment, short, rate, interval, value, flags } }: { readonly row: PlotRow }) {
  return (
    <div class="evidence-row">
      <div class="evidence-row-name">
        <strong>{treatment}</strong> <span class="quiet">{short}</span>
        <Cautions texts={flags} />
      </div>
      <div class="evidence-row-value">{value}</div>
      <svg class="evidence-bar" width="100%" height={HEIGHT} aria-hidden="true">
        {TICKS.map((tick) => (
          <line key={tick} class="evidence-grid" x1={`${tick}%`} x2={`${tick}%`} y1={0} y2={HEIGHT} />
        ))}
        {interval?.map((end) => (
          <line key={end} class="evidence-interval" x1={`${end}%`} x2={`${end}%`} y1={MIDDLE - 5} y2={MIDDLE + 5} />
        ))}
        {interval !== undefined && (
          <line class="evidence-interval" x1={`${interval[0]}%`} x2={`${interval[1]}%`} y1={MIDDLE} y2={MIDDLE} />
        )}
        <circle class={`evidence-point ${pointOf(interval !== undefined, flags)}`} cx={`${rate}%`} cy={MIDDLE} r={5} />
      </svg>
    </div>
  );
}

function pointOf(hasInterval: boolean, flags: readonly string[]): string {
  if (flags.length > 0) return 'evidence-point-flagged';
  return hasInterval ? 'evidence-point-sure' : 'evidence-point-hollow';
}

function Axis() {
  return (
    <div class="evidence-row">
      <svg class="evidence-bar evidence-axis" width="100%" height={16} aria-hidden="true">
        {TICKS.map((tick) => (
          <text key={tick} x={`${tick}%`} y={12} text-anchor={anchorOf(tick)}>
            {tick === 100 ? '100 %' : tick}
          </text>
        ))}
      </svg>
    </div>
  );
}

function anchorOf(tick: (typeof TICKS)[number]): string {
  if (tick === 0) return 'start';
  return tick === 100 ? 'end' : 'middle';
}
