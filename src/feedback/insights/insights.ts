import type { PeriodUnit } from './periods.ts';

/** A window of time and what of it is looked at. */
export interface InsightsQuery {
  /** The first and the last day, `YYYY-MM-DD`, UTC, both included. */
  readonly from: string;
  readonly to: string;
  /** The name of a client. Undefined: all. */
  readonly client: string | undefined;
  /** The id of a service. Undefined: all. */
  readonly service: string | undefined;
}

/** A part of a whole, with the interval in which the true proportion lies with 95 % confidence (Wilson); undefined of nothing. */
export interface Proportion {
  readonly count: number;
  readonly of: number;
  /** 0 to 1. */
  readonly rate: number | undefined;
  readonly interval: readonly [low: number, high: number] | undefined;
}

/** What became of showings. Each showing counts once: accepted if any feedback says so, else overridden if any does (CH-147). */
export interface Outcomes {
  readonly shown: number;
  readonly accepted: Proportion;
  readonly overridden: Proportion;
  /** Clients never report a card that was ignored (CH-148): this is silence, not rejection. */
  readonly noResponse: Proportion;
  /**
   * Of the showings that offered a suggestion. The others cannot be accepted, only overridden or ignored (CH-140): to close such
   * a card may be no more than to say that it was read.
   */
  readonly withSuggestion: { readonly shown: number; readonly overridden: Proportion };
}

/** One version of one card. */
export interface CardInsight extends Outcomes {
  readonly cardId: string;
  readonly title: string;
  readonly version: string;
  /** Answers in which its criteria were judged, those in shadow not counted. */
  readonly judged: number;
  /** Answers in which it applied and was left out by the cap. */
  readonly cut: number;
  /**
   * Showings with a suggestion × the lower bound of the interval of their override rate: how many showings were at least unwelcome,
   * if those who said nothing think as those who answered. The bound, and not the rate, so that a version that was answered once is
   * not taken for the worst. Undefined without an answer to a showing with a suggestion.
   */
  readonly burden: number | undefined;
  /** Enough answers to showings with a suggestion, and the lower bound of their override rate above one half. */
  readonly isFlagged: boolean;
  /** The next version of the card that began after this one, anywhere: this one may not be in use any more. */
  readonly followedBy: { readonly version: string; readonly day: string } | undefined;
  /** Of those answered: from the showing until the outcome, by the client's clock; undefined without any. Seconds. */
  readonly medianSecondsToOutcome: number | undefined;
}

/** A card in shadow: nobody saw it. */
export interface ShadowInsight {
  readonly cardId: string;
  readonly title: string;
  readonly version: string;
  /** Answers in which its criteria were judged while it was in shadow. */
  readonly judged: number;
  /** Of those. */
  readonly wouldHaveBeenShown: Proportion;
}

export interface PeriodOutcomes extends Outcomes {
  /** Its Monday, or the first of the month. */
  readonly begins: string;
  /** False of a period that ended before the record begins: of it nothing is known. */
  readonly isOnRecord: boolean;
}

/** The course of one card over weeks that begin on Monday, UTC, or over calendar months of a long window. */
export interface Trend {
  readonly cardId: string;
  readonly title: string;
  readonly unit: PeriodUnit;
  readonly periods: readonly PeriodOutcomes[];
  /**
   * The first day anywhere, in shadow too, of each version that began within the window, whichever client or service is looked at.
   * Only where another version of the card is on record before it: without one, it may be older than the record.
   */
  readonly versions: readonly { readonly day: string; readonly version: string }[];
}

/** How often a reason was given. One entry of feedback may give several. */
export interface ReasonInsight {
  readonly cardId: string;
  readonly system: string | undefined;
  readonly code: string;
  /** The guideline's words for it, if it is one of its own or of HL7's that it offers. */
  readonly display: string | undefined;
  readonly given: Proportion;
}

/** The outcomes of showings on one hook, or at one client. */
export interface GroupInsight extends Outcomes {
  readonly name: string | undefined;
}

/** How the service itself did. */
export interface HealthInsight {
  readonly calls: number;
  readonly byStatus: readonly { readonly status: string; readonly count: number }[];
  readonly answered: { readonly asps: number; readonly suspected: number; readonly notAsps: number };
  /** Seconds, from the buckets of the histogram: the upper bound of the bucket in which it lies; undefined without calls, Infinity past the last. */
  readonly latency: { readonly n: number; readonly p50: number | undefined; readonly p95: number | undefined };
  readonly fhir: readonly { readonly outcome: string; readonly count: number }[];
  /** Of the answers for patients with ASPS, or suspected of it: how often a part of the chart was missing. */
  readonly unread: readonly { readonly key: string; readonly missing: Proportion }[];
}

/** What is shown at /insights: numbers and words that the operator and the guideline's owners gave. */
export interface InsightsReport {
  readonly query: InsightsQuery;
  /** When it was read, as an instant in UTC. */
  readonly readAt: string;
  /** The first day that anything is on record of, whatever is looked at; undefined of an empty store. */
  readonly recordBegins: string | undefined;
  /** By burden, the largest first. */
  readonly cards: readonly CardInsight[];
  readonly trends: readonly Trend[];
  /** Per card, the most frequent first. */
  readonly reasons: readonly ReasonInsight[];
  readonly byService: readonly GroupInsight[];
  readonly byClient: readonly GroupInsight[];
  readonly shadow: readonly ShadowInsight[];
  readonly health: HealthInsight;
  /** Entries of feedback that came within the window on cards that are not on record here. */
  readonly ofUnknownCards: number;
  /** Comments, if they are kept, the latest first; at most some. */
  readonly comments: readonly { readonly cardId: string | undefined; readonly at: string; readonly comment: string }[];
  /** What can be chosen. */
  readonly choices: { readonly clients: readonly string[]; readonly services: readonly string[] };
}
