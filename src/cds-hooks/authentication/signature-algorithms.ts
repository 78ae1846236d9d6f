/** What a key has to be for an algorithm, in the words of a JWK (RFC 7517, 4.1; RFC 7518, 6). */
interface KeyType {
  readonly kty: 'EC' | 'RSA' | 'OKP';
  readonly crv?: string;
}

const RSA: KeyType = { kty: 'RSA' };
const ED25519: KeyType = { kty: 'OKP', crv: 'Ed25519' };

/** RFC 7518 (3.1), RFC 8037 (3.1) and RFC 9864 (2.2). */
const KEY_TYPES: ReadonlyMap<string, KeyType> = new Map([
  ['ES384', { kty: 'EC', crv: 'P-384' }],
  ['RS384', RSA],
  ['ES256', { kty: 'EC', crv: 'P-256' }],
  ['ES512', { kty: 'EC', crv: 'P-521' }],
  ['RS256', RSA],
  ['RS512', RSA],
  ['PS256', RSA],
  ['PS384', RSA],
  ['PS512', RSA],
  ['EdDSA', ED25519],
  ['Ed25519', ED25519],
]);

/**
 * What a JWT may be signed with at all: asymmetric algorithms, so that whoever can check a signature cannot make one. `none`
 * and HMAC are not here and stay refused whatever is configured (CH-169, CH-170). ES384 and RS384 are what the specification
 * recommends (CH-171).
 */
export const SIGNATURE_ALGORITHMS: ReadonlySet<string> = new Set(KEY_TYPES.keys());

/** Those of the configured algorithms that are signatures. */
export function signatureAlgorithms(configured: readonly string[]): readonly string[] {
  return configured.filter((algorithm) => SIGNATURE_ALGORITHMS.has(algorithm));
}

/** The algorithms that a key of this type and curve is for. */
export function algorithmsOf({ kty, crv }: { readonly kty?: unknown; readonly crv?: unknown }): readonly string[] {
  return [...KEY_TYPES].flatMap(([algorithm, type]) =>
    type.kty === kty && (type.crv === undefined || type.crv === crv) ? [algorithm] : [],
  );
}
