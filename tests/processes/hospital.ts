import type { JsonObject } from '../../src/cds-hooks/json.ts';
import { bearer, makeKey } from '../support/jwt.ts';

/** A client of the service with a key of its own. */
export interface Hospital {
  readonly name: string;
  /** As a clients file has it. */
  readonly registration: JsonObject;
  /** The header of one call to the address `aud`: a JWT that was never used. */
  readonly authorization: (aud: string) => { readonly authorization: string };
}

/** The most that a client may have, unless the limit is what is tested. */
const HIGHEST_RATE = 3000;

export function hospital(name: string, { rateLimitPerMinute = HIGHEST_RATE } = {}): Hospital {
  const key = makeKey('ES384', 'k1');
  const iss = `https://${name.toLowerCase().replaceAll(' ', '-')}.example.org`;
  return {
    name,
    registration: { name, iss, jwks: { keys: [key.jwk] }, rateLimitPerMinute },
    authorization: (aud) => ({ authorization: bearer(key, iss, aud) }),
  };
}
