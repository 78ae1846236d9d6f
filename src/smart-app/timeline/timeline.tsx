import { useContext, useId, useMemo, useState } from 'preact/hooks';
import { Panel } from '../parts/panel.tsx';
import { OpenRecordContext } from '../parts/records.tsx';
import type { Situation } from '../situation.ts';
import type { TimelineEvent } from './event.ts';
import { Gaps } from './gaps.tsx';
import { layoutOf } from './layout.ts';
import { Legend } from './legend.tsx';
import { Picture } from './picture.tsx';
import { eventsOf, TimelineTable } from './table.tsx';
import { dayInWords } from './ticks.ts';
import type { TimeWindow } from './time-window.ts';
import { type Moves, onKey, usePointer, useTimeWindow, useWidth } from './use-figure.ts';
import { type TimelineView, timelineOf } from './view.ts';

/** The disease on one axis of time, and the same as a table. */
export function Timeline({ situation }: { readonly situation: Situation }) {
  return (
    <Panel id="timeline" title="Timeline" aside={`today ${dayInWords(situation.chart.today)}`}>
      <TimelineBody situation={situation} />
    </Panel>
  );
}

/** Paper has no width of its own that a script could know. */
const PRINT_WIDTH = 700;

function TimelineBody({ situation }: { readonly situation: Situation }) {
  const view = useMemo(() => timelineOf(situation), [situation]);
  const events = useMemo(() => view.tracks.flatMap(eventsOf), [view]);
  const [shown, setShown] = useState<'picture' | 'table'>('picture');
  const ids = useId();
  const table = useMemo(() => <TimelineTable tracks={view.tracks} />, [view]);
  const printed = useMemo(() => layoutOf(view, view.span, PRINT_WIDTH), [view]);
  return (
    <>
      <div class="timeline-choice no-print" role="group" aria-label="Show the timeline as">
        <button type="button" aria-pressed={shown === 'picture'} onClick={() => setShown('picture')}>
          Picture
        </button>
        <button type="button" aria-pressed={shown === 'table'} onClick={() => setShown('table')}>
          Table
        </button>
      </div>
      {shown === 'picture' && <Figure view={view} ids={ids} />}
      <div class="timeline-print">
        <Picture layout={printed} ids={`${ids}-print`} title="Timeline, all of it" description={descriptionOf(view)} />
      </div>
      <div class={shown === 'picture' ? 'timeline-legend-place' : 'timeline-print'}>
        <Legend events={events} ids={ids} />
      </div>
      <div class={shown === 'table' ? undefined : 'timeline-print'}>{table}</div>
      <Gaps tracks={view.tracks} />
    </>
  );
}

function Figure({ view, ids }: { readonly view: TimelineView; readonly ids: string }) {
  const [element, width] = useWidth();
  const { window, isAll, moves, zoom, pan } = useTimeWindow(view.span);
  const layout = useMemo(() => layoutOf(view, window, width), [view, window, width]);
  const { hasDragged, ...pointer } = usePointer({ plot: layout.plot, window, zoom, pan });
  const open = useContext(OpenRecordContext);
  const pick = (event: TimelineEvent) => {
    const reference = event.evidence.find((one) => one.reference !== undefined)?.reference;
    if (reference !== undefined && !hasDragged()) open?.(reference);
  };
  const showing = `Showing ${rangeInWords(window)}`;
  const hidden = layout.rows.reduce((sum, row) => sum + row.hidden, 0);
  return (
    <div class="no-print">
      <Controls moves={moves} isAll={isAll} showing={showing} />
      <div
        ref={element}
        class="timeline-figure"
        role="group"
        tabIndex={0}
        aria-label="Timeline picture: plus and minus zoom, the arrow keys move, Home shows all"
        onKeyDown={onKey(moves)}
        {...pointer}
      >
        <Picture
          layout={layout}
          ids={ids}
          title={`Timeline, ${rangeInWords(window)}`}
          description={descriptionOf(view)}
          onPick={pick}
        />
      </div>
      {hidden > 0 && <p class="small">{hidden} more in the table: too many to draw in one row.</p>}
    </div>
  );
}

interface ControlsProps {
  readonly moves: Moves;
  readonly isAll: boolean;
  readonly showing: string;
}

function Controls({ moves, isAll, showing }: ControlsProps) {
  return (
    <div class="timeline-controls">
      <div role="group" aria-label="Time shown" class="timeline-buttons">
        <button type="button" onClick={moves.closer}>
          Zoom in
        </button>
        <button type="button" onClick={moves.wider} aria-disabled={isAll}>
          Zoom out
        </button>
        <button type="button" onClick={moves.earlier} aria-disabled={isAll}>
          Earlier
        </button>
        <button type="button" onClick={moves.later} aria-disabled={isAll}>
          Later
        </button>
        <button type="button" onClick={moves.all} aria-disabled={isAll}>
          All
        </button>
      </div>
      <p class="small quiet" role="status">
        {showing}
      </p>
    </div>
  );
}

/** Closer than this, months are too coarse to say what is shown. */
const CLOSE_DAYS = 120;

function rangeInWords({ from, to }: TimeWindow): string {
  const length = to - from < CLOSE_DAYS ? 10 : 7;
  return `${dayInWords(from, length)} to ${dayInWords(to, length)}`;
}

function descriptionOf({ tracks }: TimelineView): string {
  const counts = tracks.map((track) => `${track.title}: ${eventsOf(track).length}`);
  return `Events by track – ${counts.join(', ')}. The table holds the same events with their records.`;
}
