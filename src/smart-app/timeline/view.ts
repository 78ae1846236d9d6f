import { type Day, readDate } from '../../chart/calendar.ts';
import { coverage } from '../../chart/fact.ts';
import { resourcesOf } from '../../chart/resource.ts';
import { partsInWords } from '../../guideline/wording.ts';
import { gapInWords, gapOf } from '../parts/gap.ts';
import type { Situation } from '../situation.ts';
import { type EventDraft, merged, type TimelineEvent } from './event.ts';
import { boundsOf, type Days, daysOf, isPlausible } from './placement.ts';
import type { TrackContext, TrackSource } from './track.ts';
import { BIOMARKERS } from './tracks/biomarkers.ts';
import { DIAGNOSIS } from './tracks/diagnosis.ts';
import { DISEASE_STATUS } from './tracks/disease-status.ts';
import { IMAGING } from './tracks/imaging.ts';
import { RADIOTHERAPY, SURGERY } from './tracks/local-therapy.ts';
import { METASTASES } from './tracks/metastases.ts';
import { PERFORMANCE_STATUS } from './tracks/performance-status.ts';
import { SYSTEMIC_THERAPY } from './tracks/systemic-therapy.ts';

const SOURCES: readonly TrackSource[] = [
  DIAGNOSIS,
  METASTASES,
  SURGERY,
  RADIOTHERAPY,
  SYSTEMIC_THERAPY,
  DISEASE_STATUS,
  IMAGING,
  BIOMARKERS,
  PERFORMANCE_STATUS,
];
/** The picture shows half a year at least, and leaves this share of its time free at both ends. */
const LEAST_DAYS = 183;
const MARGIN = 0.04;

/** The disease over time, as plain data: what the picture and the table both show. */
export interface TimelineView {
  readonly tracks: readonly Track[];
  /** From the first to the last day that is drawn, today among them, with room to either side. */
  readonly span: Days;
  readonly today: Day;
}

export interface Track {
  readonly id: string;
  readonly title: string;
  readonly lanes: readonly Lane[];
  /** Without a date, or with one that cannot be right: drawn nowhere. */
  readonly unplaced: readonly TimelineEvent[];
  /** What could not be read, is still being read, or cannot be shown. */
  readonly remarks: readonly string[];
  /** In the place of a picture, where there is nothing to draw. */
  readonly emptyWords: string;
}

/** One row of the picture. */
export interface Lane {
  readonly label: string;
  /** By their time. */
  readonly events: readonly TimelineEvent[];
}

export function timelineOf({ chart, guideline, readings, pending }: Situation): TimelineView {
  const services = new Map(chart.services.map((service) => [service.evidence, service]));
  const { today } = chart;
  const context: TrackContext = {
    chart,
    terminology: guideline.terminology,
    today,
    died: chart.deceased ? diedOn(readings, today) : undefined,
    serviceOf: (evidence) => services.get(evidence),
  };
  const tracks = SOURCES.map((source) => trackOf(source, context, { readings, pending }));
  return { tracks, span: spanOf(tracks, today), today };
}

function diedOn(readings: Situation['readings'], today: Day): Days {
  const [patient] = resourcesOf(readings, 'patient', 'Patient');
  const { from, to } = daysOf(readDate(patient?.['deceasedDateTime'])) ?? { from: -Infinity, to: today };
  return { from: Math.min(from, today), to: Math.min(to, today) };
}

function trackOf(
  { id, title, keys, none = 'no record found', read, notes }: TrackSource,
  context: TrackContext,
  { readings, pending }: Pick<Situation, 'readings' | 'pending'>,
): Track {
  const events = merged(read(context)).map(
    (draft, at): TimelineEvent => ({ ...draft, id: `${id}-${at}`, remark: remarkOn(draft, context.today) }),
  );
  const isPlaced = ({ placement }: TimelineEvent) => placement !== undefined && isPlausible(placement, context.today);
  const placed = events.filter(isPlaced);
  const unplaced = events.filter((event) => !isPlaced(event));
  const { searched, unread } = coverage(readings, keys);
  const gap = gapOf({ unread }, pending);
  const remarks = [
    events.length === 0 && searched.length > 0 ? `${none} in ${partsInWords(searched)}` : '',
    gapInWords(gap),
    ...(notes?.(context) ?? []),
  ].filter((remark) => remark !== '');
  return { id, title, lanes: lanesOf(placed), unplaced, remarks, emptyWords: emptyWords() };

  function emptyWords(): string {
    if (unplaced.length > 0) return 'nothing with a date';
    if (gap.reading.length > 0) return 'still reading';
    return gap.unread.length > 0 ? 'not all could be read' : none;
  }
}

function remarkOn({ placement, look, remark }: EventDraft, today: Day): string | undefined {
  if (placement === undefined) return remark;
  const isAhead = !look.isHollow && Math.min(...boundsOf(placement)) > today;
  const words = [
    isPlausible(placement, today) ? '' : 'the date is not plausible',
    isAhead ? 'dated after today' : '',
    remark ?? '',
  ].filter((word) => word !== '');
  return words.length === 0 ? undefined : words.join('; ');
}

/** In the order in which they begin. */
function lanesOf(events: readonly TimelineEvent[]): readonly Lane[] {
  return [...Map.groupBy(events.toSorted(byTime), ({ lane }) => lane)].map(([label, ofLane]) => ({
    label,
    events: ofLane,
  }));
}

/** By the first day that is known of them. */
export function byTime(a: TimelineEvent, b: TimelineEvent): number {
  const [one, other] = [firstDay(a), firstDay(b)];
  return one === other ? 0 : one - other;
}

function firstDay({ placement }: TimelineEvent): number {
  return placement === undefined ? Infinity : Math.min(...boundsOf(placement));
}

function spanOf(tracks: readonly Pick<Track, 'lanes'>[], today: Day): Days {
  let [from, to] = [today, today];
  for (const { lanes } of tracks) {
    for (const { placement } of lanes.flatMap(({ events }) => events)) {
      for (const day of placement === undefined ? [] : boundsOf(placement)) {
        from = Math.min(from, day);
        to = Math.max(to, day);
      }
    }
  }
  const days = Math.max(to - from, LEAST_DAYS);
  return { from: from - (days - (to - from)) - days * MARGIN, to: to + 1 + days * MARGIN };
}
