import type { JudgeToken } from '../authorization-server/access.ts';

/** Whom a FHIR server answers, and how much each may do. */
export type FhirAccess =
  | { readonly kind: 'anybody' }
  /** Whoever has this token; one for all. */
  | { readonly kind: 'static-token'; readonly token: string }
  /** Anybody, and nobody changes anything. */
  | { readonly kind: 'readers' }
  /** What the scopes of each token grant (SMART App Launch 2.2). */
  | { readonly kind: 'smart'; readonly judge: JudgeToken };

/** What a SMART app needs to know to get a token for a server. */
export interface SmartSecurity {
  /** What `.well-known/smart-configuration` answers. */
  readonly smartConfiguration: object;
  /** URL of the authorization endpoint. */
  readonly authorize: string;
  /** URL of the token endpoint. */
  readonly token: string;
}
