import type { JsonObject } from '../json.ts';

/** The hooks of the CDS Hooks library that a service can be written for (hook library, 1.0.1). */
export type HookName =
  | 'patient-view'
  | 'order-select'
  | 'order-sign'
  | 'encounter-start'
  | 'encounter-discharge'
  | 'appointment-book'
  | 'order-dispatch'
  | 'problem-list-item-create';

/** How to read from the client's FHIR server. Transient: for this call only, never stored or logged (CH-81, CH-82). */
export interface FhirAuthorization {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. Some clients leave it out: then good for this call only (CH-77). */
  readonly expires_in?: number | undefined;
  readonly scope?: string | undefined;
  readonly subject?: string | undefined;
  /** The one patient the token is for; checked to be the context's (CH-80). */
  readonly patient?: string | undefined;
}

/** One call of a service: the members every hook shares, and the hook's own context. */
export interface Invocation<Hook extends HookName, Context> {
  readonly hook: Hook;
  /** Tells calls apart; several services may get the same one, so no key for caching (CH-29). */
  readonly hookInstance: string;
  /** May come without `fhirAuthorization`: an open server, or identification alone (CH-30). */
  readonly fhirServer?: string | undefined;
  readonly fhirAuthorization?: FhirAuthorization | undefined;
  readonly context: Context;
  /** As sent: any subset of the advertised keys, any value (CH-34). */
  readonly prefetch?: JsonObject | undefined;
}

/**
 * The resources that a hook is about: drafts, proposals or new records. They may exist nowhere but in the client's memory
 * (CH-37). Entries are unchecked: drafts are unfinished.
 */
export interface ContextBundle {
  readonly resourceType: 'Bundle';
  readonly entry?: readonly unknown[] | undefined;
}
