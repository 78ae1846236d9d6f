import type { MedicationRequest, ServiceRequest } from 'fhir/r4.js';
import type { JsonObject } from '../chart/reading.ts';
import type { Indicator } from './card.ts';

/** A card that applies to this patient now, in words, independent of the protocol that carries it. */
export interface Recommendation {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly indicator: Indicator;
  /** One plain sentence. */
  readonly summary: string;
  /** GitHub Flavored Markdown without HTML; chart text in it is escaped. */
  readonly detail: string;
  readonly source: { readonly label: string; readonly url?: string };
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly suggestions: readonly RecommendedSuggestion[];
  readonly overrideReasons: readonly RecommendedReason[];
}

/** A code that a card offers to whoever declines it. */
interface ReasonCode {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

export interface RecommendedReason extends ReasonCode {
  /** HL7's non-adherence reason code that says the same, where there is one (CH-105). */
  readonly standard?: ReasonCode;
}

export interface RecommendedSuggestion {
  readonly label: string;
  readonly isRecommended: boolean;
  readonly actions: readonly RecommendedAction[];
}

export type RecommendedAction =
  | {
      readonly type: 'create';
      readonly description: string;
      readonly resource: OrderResource;
      /** Filled in for this patient, such as a dose by weight. */
      readonly details?: 'patient-specific';
    }
  /** The whole draft, as it is to be. */
  | { readonly type: 'update'; readonly description: string; readonly resource: DraftResource }
  | { readonly type: 'delete'; readonly description: string; readonly resourceId: string };

/** A draft of the call, whatever the client put into it. */
export type DraftResource = JsonObject & { readonly resourceType: string };

/** Complete for signing. */
export type OrderResource = MedicationRequest | ServiceRequest;
