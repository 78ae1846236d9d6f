import type { ShowingCounts } from './outcomes.ts';
import type { Version } from './versions.ts';

/** Showings of a period that have all of this in common. */
export interface ShowingFigures extends ShowingCounts {
  /** Where the period begins that they are of. */
  readonly period: string;
  readonly cardId: string;
  readonly version: string;
  readonly state: 'shown' | 'shadow';
  /** Undefined in open mode. */
  readonly client: string | undefined;
  readonly service: string;
}

/** Showings that were overridden for a reason. */
export interface ReasonFigures {
  readonly cardId: string;
  readonly system: string | undefined;
  readonly code: string;
  readonly showings: number;
}

/** From a showing until its outcome. */
export interface ResponseTime {
  readonly cardId: string;
  readonly version: string;
  readonly seconds: number;
}

export interface TallyFigures {
  readonly measure: string;
  readonly subject: string;
  /** Undefined in open mode, and of what is not counted by client. */
  readonly client: string | undefined;
  /** '' of what is not counted by service. */
  readonly service: string;
  readonly count: number;
}

/** The first day on record on which a version was judged or shown: anywhere, in shadow or not. */
export interface FirstDay extends Version {
  readonly day: string;
}

export interface CommentFigures {
  readonly cardId: string | undefined;
  readonly at: string;
  readonly comment: string;
}

/** What the store holds of a window, counted. A thing may be in several pieces, which add up. */
export interface InsightsFigures {
  /** Of all clients and services: what can be chosen is among them. */
  readonly showings: readonly ShowingFigures[];
  /** As `showings`. */
  readonly tallies: readonly TallyFigures[];
  /** Of the client and service that are looked at. */
  readonly reasons: readonly ReasonFigures[];
  readonly responseTimes: readonly ResponseTime[];
  /** The first day that anything is on record of; undefined of an empty store. */
  readonly recordBegins: string | undefined;
  /** Of every version that is on record, whatever is looked at. */
  readonly firstDays: readonly FirstDay[];
  /** Entries of feedback that came within the window on cards that are not on record. */
  readonly ofUnknownCards: number;
  readonly comments: readonly CommentFigures[];
}
