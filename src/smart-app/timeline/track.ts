import type { Day } from '../../chart/calendar.ts';
import type { Chart } from '../../chart/chart.ts';
import type { Evidence } from '../../chart/fact.ts';
import type { ResourceKey } from '../../chart/reading.ts';
import type { ServiceRecord } from '../../chart/service-record.ts';
import type { Terminology } from '../../chart/terminology.ts';
import type { EventDraft } from './event.ts';
import type { Days } from './placement.ts';

/** What a track is made of. */
export interface TrackContext {
  readonly chart: Chart;
  readonly terminology: Terminology;
  readonly today: Day;
  /** When the patient died; open to the past where the day is not recorded. Undefined: not recorded as deceased. */
  readonly died: Days | undefined;
  /** The service that a piece of evidence was made of. */
  readonly serviceOf: (evidence: Evidence) => ServiceRecord | undefined;
}

/** One kind of event, how it is read, and where. */
export interface TrackSource {
  readonly id: string;
  readonly title: string;
  /** The parts of the chart that hold such events. */
  readonly keys: readonly ResourceKey[];
  /** What was looked for, where it is less than the title says; "no record found" if not given. */
  readonly none?: string;
  readonly read: (context: TrackContext) => readonly EventDraft[];
  /** What the events do not show. */
  readonly notes?: (context: TrackContext) => readonly string[];
}
