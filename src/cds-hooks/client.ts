import type { JsonObject } from './json.ts';
import type { ClientProfile } from './profile.ts';

/** A CDS client that may call, as the operator registered it: who it is, and what it can be answered with. */
export interface CdsClient {
  /** The operator's name for it; goes into the log and beside its feedback. */
  readonly name: string;
  /** The `iss` of its JWTs (CH-162). Clients that share one are told apart by their tenants. */
  readonly iss: string;
  /** If there are any, the JWT's `tenant` has to be one of them (CH-167). */
  readonly tenants?: readonly string[] | undefined;
  readonly keys: ClientKeys;
  /** The signature algorithms it may use, whatever the JWT says (CH-172). Asymmetric ones only (CH-169, CH-170). */
  readonly algorithms: readonly string[];
  readonly profile: ClientProfile;
  /** Ids of the services it may call. Default is all. */
  readonly services?: readonly string[] | undefined;
  /** Which keys its discovery advertises: all, or `patient` and `conditions` alone. */
  readonly prefetch: 'full' | 'lean';
  readonly rateLimitPerMinute: number;
}

/** Where the public keys of a client are: at a URL, or exchanged out of band (CH-161, CH-174). */
export type ClientKeys = { readonly jwksUrl: string } | { readonly jwks: { readonly keys: readonly JsonObject[] } };
