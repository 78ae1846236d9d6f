import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import { algorithmsOf } from './signature-algorithms.ts';

/** Why a key is not taken: a sentence about it, or about the one member of its JWK that is at fault. */
export interface KeyFault {
  readonly member?: string;
  readonly fault: string;
}

/** The members by which RFC 7518 (6.2.2, 6.3.2, 6.4.1) and RFC 8037 (2) carry what nobody else may have. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** RFC 7518 (3.3, 3.5). */
const MIN_RSA_BITS = 2048;

/** FIPS 186-5 (A.1.1). With an exponent of 1 every text is its own signature; with 3, careless checks have been forged. */
const MIN_RSA_EXPONENT = 65_537n;

/**
 * Reads a public key that has to verify JWTs signed with one of the `algorithms` at least. The rules are those by which a key
 * is chosen when a JWT comes (CH-159, CH-172), so that a key which could never be used is found by somebody who reads it.
 */
export function readPublicKey(jwk: JsonObject, algorithms: readonly string[]): { readonly key: KeyObject } | KeyFault {
  const unfit = useFault(jwk) ?? algorithmFault(jwk, algorithms);
  if (unfit !== undefined) return unfit;
  const key = imported(jwk);
  if (key === undefined) return { fault: 'is no public key: a member is missing or malformed' };
  return weakness(key) ?? { key };
}

/** What makes a key of the right type too weak to be used, wherever it comes from. */
export function weakness(key: KeyObject): KeyFault | undefined {
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined && modulusLength < MIN_RSA_BITS)
    return { member: 'n', fault: `has less than ${MIN_RSA_BITS} bits` };
  if (publicExponent !== undefined && publicExponent < MIN_RSA_EXPONENT)
    return { member: 'e', fault: `is less than ${MIN_RSA_EXPONENT}: signatures could be forged` };
  return undefined;
}

/** RFC 7517 (4.2, 4.3), and `ext` as the Web Cryptography API has it. */
function useFault(jwk: JsonObject): KeyFault | undefined {
  const { use, key_ops: operations, ext } = jwk;
  const secret = SECRET_MEMBERS.find((member) => Object.hasOwn(jwk, member));
  if (secret !== undefined) return { member: secret, fault: 'belongs to a private key: public keys only' };
  if (use !== undefined && use !== 'sig')
    return { member: 'use', fault: 'must be sig: this key is for something else' };
  // The Web Cryptography API, by which jose has keys imported, takes no other operation with a public key of a signature.
  if (operations !== undefined && !(Array.isArray(operations) && operations.length === 1 && operations[0] === 'verify'))
    return { member: 'key_ops', fault: 'must be [verify]: a public key of a client is for nothing else' };
  return ext === undefined || typeof ext === 'boolean' ? undefined : { member: 'ext', fault: 'must be true or false' };
}

function algorithmFault(jwk: JsonObject, algorithms: readonly string[]): KeyFault | undefined {
  const fitting = algorithmsOf(jwk);
  const allowed = fitting.filter((algorithm) => algorithms.includes(algorithm));
  if (fitting.length === 0) return { member: 'crv', fault: 'is of no key that signs JWTs here' };
  if (allowed.length === 0)
    return { fault: `is a key for ${fitting.join(', ')}, and its client may sign with ${algorithms.join(', ')} alone` };
  return jwk['alg'] === undefined || allowed.some((algorithm) => algorithm === jwk['alg'])
    ? undefined
    : { member: 'alg', fault: `must be ${allowed.join(' or ')}: what the key is for and its client may sign with` };
}

function imported(jwk: JsonObject): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
