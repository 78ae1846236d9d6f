import type { ActionResource, Card, Coding, Link } from './types.ts';

/** A card as its author has it: what to say, without what the protocol adds, whichever client it goes to. */
export interface CardContent {
  /** Permanent, in kebab case; goes out as the topic's code, so that feedback and filters can name the card (CH-100). */
  readonly id: string;
  readonly title: string;
  /** One sentence. Cut when it has 140 UTF-16 units or more (CH-92). */
  readonly summary: string;
  /** GitHub Flavored Markdown without HTML (CH-93, CH-94). */
  readonly detail: string;
  readonly indicator: Card['indicator'];
  readonly source: { readonly label: string; readonly url?: string };
  /** A clinician takes one of them, or none; those that order no drug go together with any other. */
  readonly suggestions: readonly SuggestionContent[];
  readonly overrideReasons: readonly OverrideReasonContent[];
  readonly links: readonly Link[];
}

/** A button and what it does; without actions it merely acknowledges (CH-111). */
export interface SuggestionContent {
  readonly label: string;
  readonly isRecommended: boolean;
  /** They belong together: all, or none. */
  readonly actions: readonly ActionContent[];
}

export type ActionContent =
  | {
      readonly type: 'create' | 'update';
      readonly description: string;
      readonly resource: ActionResource;
      /** Filled in for this patient, as a dose, a date or a site: no record of the client can stand for the resource. */
      readonly details?: 'patient-specific';
    }
  | { readonly type: 'delete'; readonly description: string; readonly resourceId: string };

/** A reason to decline a card, in the service's own code system. */
export interface OverrideReasonContent extends Coding {
  /** HL7's non-adherence reason code that says the same, where there is one (CH-105). */
  readonly standard?: Coding | undefined;
}
