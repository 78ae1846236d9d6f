import { KeyObject } from 'node:crypto';
import { type CryptoKey, createLocalJWKSet } from 'jose';
import type { CdsClient, ClientKeys } from '../client.ts';
import type { RefusalReason } from './authentication.ts';
import type { JwtHeader } from './jwt.ts';
import { weakness } from './public-key.ts';
import { isSandboxKey } from './public-sandbox.ts';
import { createRemoteKeySet, type KeyServerLimits, KeySetUnavailable } from './remote-key-set.ts';

/** The public key that a client's JWT is to be checked with, or why there is none. Never rejects. */
export type FindKey = (header: Pick<JwtHeader, 'alg' | 'kid'>) => Promise<FoundKey>;

export type FoundKey =
  | { readonly key: CryptoKey }
  | { readonly refused: Extract<RefusalReason, 'key' | 'keys-unavailable'> };

/** Rejects if there is no one public key of this `kid` that fits the algorithm. */
type KeySet = (header: { readonly alg: string; readonly kid: string }) => Promise<CryptoKey>;

/**
 * Finds keys on record, and none that a JWT brings along: in the set at the configured URL (CH-161, CH-173), or in the one that
 * was exchanged out of band (CH-174). A key is found by its `kid` (CH-159), has to fit the algorithm and be public, and is
 * judged by the rules for registered keys wherever it comes from: what a key server sends may change at any time.
 *
 * @throws {Error} the function that is returned, if the URL is none or the set is none.
 */
export function keysOnRecord(
  limits: KeyServerLimits,
  now: () => Date,
): (client: Pick<CdsClient, 'keys' | 'profile'>) => FindKey {
  // Clients of one vendor may share a URL: they share what was fetched, too.
  const byUrl = new Map<string, KeySet>();
  const keySetOf = (keys: ClientKeys): KeySet => {
    if ('jwks' in keys) return createLocalJWKSet({ keys: [...keys.jwks.keys] });
    const { jwksUrl } = keys;
    const keySet = byUrl.get(jwksUrl) ?? createRemoteKeySet(jwksUrl, limits, now);
    byUrl.set(jwksUrl, keySet);
    return keySet;
  };

  return ({ keys, profile }) => {
    const keySet = keySetOf(keys);
    return async ({ alg, kid }) => {
      try {
        const key = await keySet({ alg, kid });
        return isTrustworthy(KeyObject.from(key), profile) ? { key } : { refused: 'key' };
      } catch (error) {
        // Otherwise there is none of this `kid`, there are two, or the one there is private, or not what it says it is.
        return { refused: error instanceof KeySetUnavailable ? 'keys-unavailable' : 'key' };
      }
    };
  };
}

/** The profile of the Sandbox is not there in production: nowhere else does a key count whose private half is published. */
function isTrustworthy(key: KeyObject, { id }: CdsClient['profile']): boolean {
  return weakness(key) === undefined && (id === 'sandbox' || !isSandboxKey(key));
}
