import type { Day } from '../../chart/calendar.ts';
import type { Chart } from '../../chart/chart.ts';
import type { Evidence } from '../../chart/fact.ts';
import type { ResourceKey } from '../../chart/reading.ts';
import type { ServiceRecord } from '../../chart/service-record.ts';
import type { Terminology } from '../../chart/terminology.ts';
import type { EventDraft } from './event.ts';

/** What a track is made of. */
export interface TrackContext {
  readonly chart: Chart;
  readonly terminology: Terminology;
  readonly today: Day;
  /** The service that a piece of evidence was made of. */
  readonly serviceOf: (evidence: Evidence) => ServiceRecord | undefined;
}

/** One kind of event, how it is read, and where. */
export interface TrackSource {
  readonly id: string;
  readonly title: string;
  /** The parts of the chart that hold such events. */
  readonly keys: readonly ResourceKey[];
  readonly read: (context: TrackContext) => readonly EventDraft[];
  /** What the events do not show. */
  readonly notes?: (context: TrackContext) => readonly string[];
}
