import type { AppointmentBookRequest } from './hooks/appointment-book.ts';
import type { EncounterDischargeRequest } from './hooks/encounter-discharge.ts';
import type { EncounterStartRequest } from './hooks/encounter-start.ts';
import type { OrderDispatchRequest } from './hooks/order-dispatch.ts';
import type { OrderSelectRequest } from './hooks/order-select.ts';
import type { OrderSignRequest } from './hooks/order-sign.ts';
import type { PatientViewRequest } from './hooks/patient-view.ts';
import type { ProblemListItemCreateRequest } from './hooks/problem-list-item-create.ts';

/** A validated call, told apart by `hook`. */
export type HookRequest =
  | PatientViewRequest
  | OrderSelectRequest
  | OrderSignRequest
  | EncounterStartRequest
  | EncounterDischargeRequest
  | AppointmentBookRequest
  | ProblemListItemCreateRequest
  | OrderDispatchRequest;

/** One entry of the discovery document (CH-05 to CH-10). */
export interface ServiceDefinition {
  /** Path segment of the service's URL; permanent (CH-08). */
  readonly id: string;
  /** One hook per id (M-07), and only one whose calls can be read. */
  readonly hook: HookRequest['hook'];
  readonly title: string;
  readonly description: string;
  readonly usageRequirements?: string | undefined;
  /** Key → FHIR query template, in a fixed order (CH-60). Empty: none is advertised. */
  readonly prefetch: Readonly<Record<string, string>>;
}

/** A code with its system, and the words for it (CH-132). */
export interface Coding {
  readonly code: string;
  readonly system: string;
  readonly display: string;
}

/** Where a card leads: an ordinary page, or a SMART app that the client launches (CH-126). */
export interface Link {
  readonly label: string;
  readonly url: string;
  readonly type: 'absolute' | 'smart';
  /** For a SMART app alone (CH-128). */
  readonly appContext?: string | undefined;
}

/** A FHIR resource in an answer: an object, never a string (CH-24). */
export interface ActionResource {
  readonly resourceType: string;
}

/** What the client does when a suggestion is accepted (CH-115 to CH-121). */
export type Action =
  | { readonly type: 'create' | 'update'; readonly description: string; readonly resource: ActionResource }
  | { readonly type: 'delete'; readonly description: string; readonly resourceId: string };

/** A button on a card (CH-107 to CH-111). */
export interface Suggestion {
  readonly label: string;
  readonly uuid: string;
  readonly isRecommended?: boolean;
  readonly actions?: readonly Action[];
}

/** One piece of advice (CH-91 to CH-106). */
export interface Card {
  readonly uuid: string;
  readonly summary: string;
  readonly detail?: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  readonly source: { readonly label: string; readonly url?: string; readonly topic: Coding };
  readonly suggestions?: readonly Suggestion[];
  readonly selectionBehavior?: 'at-most-one';
  readonly overrideReasons?: readonly Coding[];
  readonly links?: readonly Link[];
}

/** The answer to a call; `cards` is there even when there is nothing to say (CH-89). */
export interface CdsServiceResponse {
  readonly cards: readonly Card[];
}
