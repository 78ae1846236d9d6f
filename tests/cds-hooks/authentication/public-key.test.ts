import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { keysOnRecord } from '../../../src/cds-hooks/authentication/client-keys.ts';
import { readPublicKey } from '../../../src/cds-hooks/authentication/public-key.ts';
import { SIGNATURE_ALGORITHMS } from '../../../src/cds-hooks/authentication/signature-algorithms.ts';
import { isJsonObject, type JsonObject } from '../../../src/cds-hooks/json.ts';
import { clientProfile } from '../../../src/cds-hooks/profile.ts';
import { makeKey } from '../../support/jwt.ts';

function bare(publicKey: ReturnType<typeof generateKeyPairSync>['publicKey']): JsonObject {
  const jwk: unknown = publicKey.export({ format: 'jwk' });
  if (!isJsonObject(jwk)) throw new Error('A JWK is an object');
  return jwk;
}

const KEYS: readonly JsonObject[] = [
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'RS384'].map((algorithm) => bare(makeKey(algorithm, 'k').publicKey)),
  bare(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
  bare(generateKeyPairSync('x25519').publicKey),
];
const ALGORITHMS = [...SIGNATURE_ALGORITHMS];
const profile = clientProfile('default');
const keyOnRecord = keysOnRecord({}, () => new Date());

// CH-159, CH-172.
describe('a key that is taken when it is registered', () => {
  test('is one that is found when a JWT comes, and one that is not taken is not found', async () => {
    // Left out for the most part: with a fault in every member, none would show.
    const member = (...values: readonly unknown[]) =>
      fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.constantFrom(...values));
    const jwk = fc
      .record({
        key: fc.constantFrom(...KEYS),
        use: member('sig', 'enc', null, 1),
        key_ops: member(['verify'], ['verify', 'verify'], ['sign'], ['verify', 'encrypt'], [], 'verify', null),
        ext: member(true, false, 'true', null),
        alg: member(...ALGORITHMS, 'HS256', 'ECDH-ES', null),
        other: member({ x: '' }, { x: 'AAAA' }, { y: undefined }, { n: '' }, { e: undefined }, { d: 'AAAA' }),
      })
      .map(({ key, other, ...members }) => ({ ...key, ...members, ...(isJsonObject(other) ? other : {}) }))
      .map((members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)));
    const algorithms = fc.uniqueArray(fc.constantFrom(...ALGORITHMS), { minLength: 1, maxLength: 6 });
    let taken = 0;

    await fc.assert(
      fc.asyncProperty(jwk, algorithms, async (members, allowed) => {
        const isTaken = 'key' in readPublicKey(members, allowed);
        const find = keyOnRecord({ profile, keys: { jwks: { keys: [{ ...members, kid: 'k' }] } } });
        const found = await Promise.all(allowed.map(async (alg) => find({ alg, kid: 'k' })));
        expect(found.some((one) => 'key' in one)).toBe(isTaken);
        if (isTaken) taken += 1;
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(30);
  });

  test('is read, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('kty', 'crv', 'x', 'y', 'n', 'e', 'use', '__proto__'), fc.jsonValue()),
        (jwk) => {
          expect('fault' in readPublicKey(jwk, ALGORITHMS)).toBe(true);
        },
      ),
    );
  });
});
