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

/** One entry of the discovery document (CH-05 to CH-10, CH-12). */
export interface ServiceDefinition {
  /** Path segment of the service's URL; permanent (CH-08). */
  readonly id: string;
  /** One hook per id (M-07), and only one whose calls can be read. */
  readonly hook: HookRequest['hook'];
  /** The version of the hook, as its published definition has it (CH-12). */
  readonly hookVersion: string;
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

/** Where a card leads: an ordinary page, or a SMART app that the client launches (CH-124 to CH-126). */
export interface Link {
  readonly label: string;
  readonly url: string;
  readonly type: 'absolute' | 'smart';
  /** For a SMART app alone (CH-128). */
  readonly appContext?: string | undefined;
  /** May the client launch the app at once, without showing the card? For a SMART app alone (CH-129, CH-130). */
  readonly autolaunchable?: boolean | undefined;
}

/** A FHIR resource in an answer: an object, never a string (CH-24). */
export interface ActionResource {
  readonly resourceType: string;
}

/** What the client does when a suggestion is accepted (CH-115 to CH-121). */
export type Action =
  | { readonly type: 'create' | 'update'; readonly description: string; readonly resource: ActionResource }
  | { readonly type: 'delete'; readonly description: string; readonly resourceId: string }
  /** As 1.0 has it: `resource` is a reference (CH-119). */
  | { readonly type: 'delete'; readonly description: string; readonly resource: string };

/** A button on a card (CH-107 to CH-114). */
export interface Suggestion {
  readonly label: string;
  readonly uuid: string;
  readonly isRecommended?: boolean;
  readonly actions?: readonly Action[];
  /** All of them, which is the default; for clients that know the member (CH-113, CH-114). */
  readonly actionSelectionBehavior?: 'all';
}

/** One piece of advice (CH-91 to CH-95); without `uuid`, topic and override reasons for a client of 1.0. */
export interface Card {
  readonly uuid?: string;
  readonly summary: string;
  readonly detail?: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  /** The primary one (CH-96 to CH-98), and what the card is about (CH-100). */
  readonly source: { readonly label: string; readonly url?: string; readonly topic?: Coding };
  /** CH-101 */
  readonly suggestions?: readonly Suggestion[];
  /** CH-102 */
  readonly selectionBehavior?: 'at-most-one' | 'any';
  /** CH-103 to CH-105 */
  readonly overrideReasons?: readonly Coding[];
  /** CH-106 */
  readonly links?: readonly Link[];
}

/** The answer to a call; `cards` is there even when there is nothing to say (CH-89). */
export interface CdsServiceResponse {
  readonly cards: readonly Card[];
}
