import type { Evidence } from '../../chart/fact.ts';
import type { Placement } from './placement.ts';

export type Fill = 'immunotherapy' | 'tki' | 'cytotoxic' | 'surgery' | 'radiotherapy' | 'ink';

/** A shape of its own for whatever has to be told apart at a glance. A bar lasts; a line is there from then on. */
export type Shape = 'bar' | 'line' | 'circle' | 'square' | 'diamond' | 'up' | 'down' | 'unclear';

export interface Look {
  readonly shape: Shape;
  readonly fill: Fill;
  /** Asked for or planned: it has not taken place as far as the chart shows. */
  readonly isHollow: boolean;
}

/** What a track puts on the timeline. All words are ours; the chart's own stand in the evidence. */
export interface EventDraft {
  /** The row within the track: "brain MRI". */
  readonly lane: string;
  /** What it is, in full: "brain MRI, asked for". */
  readonly label: string;
  /** The few words beside its mark; empty where the row says it all. */
  readonly word: string;
  readonly look: Look;
  /** Undefined: the chart gives no date. It is listed, and drawn nowhere. */
  readonly placement: Placement | undefined;
  /** The date as recorded. */
  readonly when: string;
  /** What the date or the record leaves open. */
  readonly remark?: string | undefined;
  readonly evidence: readonly Evidence[];
}

export interface TimelineEvent extends EventDraft {
  /** Of this view. */
  readonly id: string;
}

export const DONE: Look = { shape: 'circle', fill: 'ink', isHollow: false };
export const ASKED_FOR: Look = { ...DONE, isHollow: true };

export const NOT_LINKED = 'nothing links it to the ASPS, and another active cancer is on file';

/** Records that say the same of the same day are one event, however many there are. */
export function merged(drafts: readonly EventDraft[]): readonly EventDraft[] {
  const alike = Map.groupBy(drafts, ({ lane, label, when, remark, look, placement }) =>
    JSON.stringify([lane, label, when, remark ?? '', look.isHollow, placement === undefined]),
  );
  return [...alike.values()].flatMap((some) => {
    const [first] = some;
    return first === undefined ? [] : [{ ...first, evidence: distinct(some.flatMap(({ evidence }) => evidence)) }];
  });
}

function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((one) => [one.reference ?? one, one])).values()];
}
