import type { Generated } from 'kysely';

/**
 * The tables, the same in SQLite and PostgreSQL. Times are UTC, as text such as `2026-11-22T10:00:00.000Z`, and days as
 * `2026-11-22`, so that both order them alike; a client is `null`, or '' in a key, in open mode. No patient is in any of them.
 */
export interface Tables {
  /** What clinicians did with cards; only ever added to. `digest` is what makes an entry the same (CH-147). */
  readonly feedback: {
    readonly id: Generated<number>;
    readonly digest: string;
    readonly client: string | null;
    readonly service: string;
    readonly card: string;
    readonly outcome: 'accepted' | 'overridden';
    readonly outcome_timestamp: string;
    /** 1 or 0. */
    readonly has_comment: number;
    readonly received_at: string;
  };
  readonly accepted_suggestion: { readonly feedback: number; readonly suggestion: string };
  readonly override_reason: { readonly feedback: number; readonly system: string | null; readonly code: string };
  /** Comments, if the operator keeps them: each with the moment after which it has to go. */
  readonly feedback_comment: {
    readonly feedback: number;
    readonly comment: string;
    readonly delete_after: string;
  };
  /** How many entries were kept of a client on a UTC day. */
  readonly received: { readonly client: string; readonly day: string; readonly entries: number };
  /** Each card that went out, or would have if it were not in shadow, under the uuid of that one answer. */
  readonly showing: {
    readonly card: string;
    readonly card_id: string;
    readonly card_version: string;
    readonly state: 'shown' | 'shadow';
    readonly indicator: 'info' | 'warning' | 'critical';
    readonly client: string | null;
    readonly service: string;
    readonly hook_instance: string;
    readonly shown_at: string;
  };
  /** The suggestions of a card that went out, by their place in it, from 0. */
  readonly offered_suggestion: { readonly suggestion: string; readonly card: string; readonly position: number };
  /** Counts of a UTC day: see {@link import('../tally.ts').Tally}. */
  readonly tally: {
    readonly day: string;
    readonly client: string;
    readonly service: string;
    readonly measure: string;
    readonly subject: string;
    readonly count: number;
  };
  /** JWTs that were here (CH-166, CH-177), until they are refused for their age; in seconds since 1970. */
  readonly used_jti: { readonly digest: string; readonly expires_at: number };
  /** Requests of a client in the current window; in milliseconds since 1970. */
  readonly rate_window: { readonly key: string; readonly hits: number; readonly resets_at: number };
  /** The processes that share the store, and by what settings they answer. */
  readonly instance: {
    readonly id: string;
    readonly started_at: string;
    readonly seen_at: string;
    readonly version: string;
    /** A digest of the guideline in use and of what else decides which cards are shown. */
    readonly settings: string;
  };
}
