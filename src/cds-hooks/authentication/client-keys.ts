import { type CryptoKey, createLocalJWKSet } from 'jose';
import type { ClientKeys } from '../client.ts';
import type { RefusalReason } from './authentication.ts';
import type { JwtHeader } from './jwt.ts';
import { createRemoteKeySet, type KeyServerLimits, KeySetUnavailable } from './remote-key-set.ts';

/** The public key that a client's JWT is to be checked with, or why there is none. Never rejects. */
export type FindKey = (header: Pick<JwtHeader, 'alg' | 'kid'>) => Promise<FoundKey>;

export type FoundKey =
  | { readonly key: CryptoKey }
  | { readonly refused: Extract<RefusalReason, 'key' | 'keys-unavailable'> };

/**
 * Finds keys on record, and none that a JWT brings along: in the set at the configured URL (CH-161, CH-173), or in the one that
 * was exchanged out of band (CH-174). A key is found by its `kid` (CH-159), and has to fit the algorithm and be public.
 *
 * @throws {Error} the function that is returned, if the URL is none or the set is none.
 */
export function keysOnRecord(limits: KeyServerLimits, now: () => Date): (keys: ClientKeys) => FindKey {
  // Clients of one vendor may share a URL: they share what was fetched, too.
  const byUrl = new Map<string, FindKey>();
  return (keys) => {
    if ('jwks' in keys) return neverRejecting(createLocalJWKSet({ keys: [...keys.jwks.keys] }));
    const { jwksUrl } = keys;
    const find = byUrl.get(jwksUrl) ?? neverRejecting(createRemoteKeySet(jwksUrl, limits, now));
    byUrl.set(jwksUrl, find);
    return find;
  };
}

function neverRejecting(keySet: (header: { alg: string; kid: string }) => Promise<CryptoKey>): FindKey {
  return async ({ alg, kid }) => {
    try {
      return { key: await keySet({ alg, kid }) };
    } catch (error) {
      // Otherwise there is none of this `kid`, there are two, or the one there is private, or not what it says it is.
      return { refused: error instanceof KeySetUnavailable ? 'keys-unavailable' : 'key' };
    }
  };
}
