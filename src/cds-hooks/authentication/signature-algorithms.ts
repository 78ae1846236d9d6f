/**
 * What a JWT may be signed with at all (RFC 7518, RFC 8037): asymmetric algorithms, so that whoever can check a signature
 * cannot make one. `none` and HMAC are not here and stay refused whatever is configured (CH-169, CH-170). ES384 and RS384
 * are what the specification recommends (CH-171).
 */
export const SIGNATURE_ALGORITHMS: ReadonlySet<string> = new Set([
  'ES384',
  'RS384',
  'ES256',
  'ES512',
  'RS256',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
]);

/** Those of the configured algorithms that are signatures. */
export function signatureAlgorithms(configured: readonly string[]): readonly string[] {
  return configured.filter((algorithm) => SIGNATURE_ALGORITHMS.has(algorithm));
}
