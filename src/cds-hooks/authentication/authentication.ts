import type { CdsClient } from '../client.ts';

/** Says who sent a request. */
export interface ClientAuthentication<Client extends CdsClient = CdsClient> {
  /**
   * Judges the `Authorization` header of a request to an endpoint that goes by any of the `audiences`, its canonical public
   * URLs (CH-163). Never rejects, whatever the header holds.
   */
  authenticate(authorization: string | undefined, audiences: readonly string[]): Promise<Authentication<Client>>;
}

/** The reason is for the operator's log, never for the caller (CH-180). */
export type Authentication<Client extends CdsClient = CdsClient> =
  | { readonly state: 'authenticated'; readonly client: Client }
  /** Nobody who is known, in a mode in which nobody has to be. */
  | { readonly state: 'stranger' }
  | { readonly state: 'refused'; readonly reason: RefusalReason };

/** Why a JWT was refused: one closed set, in the order of the checks (CH-176). */
export type RefusalReason =
  | 'no-token' // no `Authorization: Bearer …` header (CH-156)
  | 'malformed' // not a JWS in compact form with a JSON header and JSON claims, or a member is missing or of the wrong type
  | 'issuer' // no client has this `iss` (CH-173)
  | 'audience' // for another endpoint (CH-163)
  | 'expired' // `exp` is past (CH-164)
  | 'not-yet-valid' // `nbf` or `iat` is in the future
  | 'lifetime' // lives longer than a JWT may here, so that `jti` could not be remembered for its life (CH-177)
  | 'tenant' // not one of the client's tenants (CH-167)
  | 'algorithm' // not one that the client may use (CH-169 to CH-172)
  | 'jku' // another address than the one on record (CH-173)
  | 'key' // the client has no key of this `kid` (CH-159), or two, or one that is unfit: for the algorithm, too weak, published
  | 'keys-unavailable' // its keys could not be fetched
  | 'signature'
  | 'replay' // this `jti` was here before, or whether it was could not be found out (CH-166)
  | 'replay-memory-full'; // no more of the client's are remembered until others have expired (CH-177)
