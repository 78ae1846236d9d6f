import type { TimelineEvent } from './event.ts';
import type { Layout, Row } from './layout.ts';
import { Drawn, FILLS, Hatches } from './marks.tsx';
import { eventInWords } from './words.ts';

interface PictureProps {
  readonly layout: Layout;
  /** Begins the ids of this picture: there may be two of one view. */
  readonly ids: string;
  readonly title: string;
  readonly description: string;
  readonly onPick?: ((event: TimelineEvent) => void) | undefined;
}

/** The tracks over one axis of time. The table says the same to whoever cannot see it. */
export function Picture({ layout, ids, title, description, onPick }: PictureProps) {
  const { width, height, plot, ticks, today, rows } = layout;
  return (
    <svg
      class="timeline-picture"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-labelledby={`${ids}-title`}
      aria-describedby={`${ids}-description`}
    >
      <title id={`${ids}-title`}>{title}</title>
      <desc id={`${ids}-description`}>{description}</desc>
      <Hatches ids={ids} fills={FILLS} />
      <clipPath id={`${ids}-plot`}>
        <rect x={plot.left - 7} y="0" width={plot.right - plot.left + 20} height={height} />
      </clipPath>
      {ticks.map(({ x, labelX, label }) => (
        <g key={label}>
          <line x1={x} x2={x} y1="20" y2={height} class="timeline-tick" />
          <text x={labelX} y="13" text-anchor="middle">
            {label}
          </text>
        </g>
      ))}
      {today !== undefined && <Today x={today} plot={plot} height={height} />}
      {rows.map((row) => (
        <RowPicture key={row.key} row={row} layout={layout} ids={ids} onPick={onPick} />
      ))}
    </svg>
  );
}

function Today({ x, plot, height }: { readonly x: number; readonly plot: Layout['plot']; readonly height: number }) {
  return (
    <g class="timeline-today">
      <line x1={x} x2={x} y1="30" y2={height} />
      <text x={x} y="27" text-anchor={x > plot.right - 24 ? 'end' : 'middle'}>
        today
      </text>
    </g>
  );
}

interface RowProps {
  readonly row: Row;
  readonly layout: Layout;
  readonly ids: string;
  readonly onPick: PictureProps['onPick'];
}

function RowPicture({ row, layout: { plot, width }, ids, onPick }: RowProps) {
  return (
    <g>
      {row.rule !== undefined && <line x1="0" x2={width} y1={row.rule} y2={row.rule} class="timeline-rule" />}
      {row.title !== undefined && (
        <text x="0" y={row.titleAt} class="timeline-track">
          {row.title}
        </text>
      )}
      <text x={row.labelLeft} y={row.labelAt}>
        {row.label}
      </text>
      {row.emptyWords !== '' && (
        <text x={plot.left} y={row.middle + 4} class="timeline-word timeline-quiet">
          {row.emptyWords}
        </text>
      )}
      <g clip-path={`url(#${ids}-plot)`}>
        {row.marks.map(({ event, extents, text }) => (
          <g key={event.id} class="timeline-event" onClick={onPick === undefined ? undefined : () => onPick(event)}>
            <title>{eventInWords(event)}</title>
            <Drawn look={event.look} extents={extents} middle={row.middle} ids={ids} />
            {text?.plate !== undefined && (
              <rect x={text.x - 3} y={row.middle - 8} width={text.plate + 6} height="16" class="timeline-plate" />
            )}
            {text !== undefined && (
              <text x={text.x} y={row.middle + 4} text-anchor={text.anchor} class="timeline-word">
                {event.word}
              </text>
            )}
          </g>
        ))}
      </g>
    </g>
  );
}
