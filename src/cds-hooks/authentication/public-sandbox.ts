import { createHash, type KeyObject } from 'node:crypto';

/** Where the public CDS Hooks Sandbox runs; also the host of its `iss`. */
const HOST = 'sandbox.cds-hooks.org';

/**
 * The keys that it signs with, by their thumbprints (RFC 7638, with SHA-256). The private keys stand in its repository, github.com/cds-hooks/sandbox,
 * as keys/ecprivkey.pem, so that whoever likes can be the Sandbox (M-11). Thumbprints of build/.well-known/jwks.json there:
 */
const THUMBPRINTS: ReadonlySet<string> = new Set([
  's9fOe-KDYD1myZ8YCzleUqJQgrYZL49kVijBxhnZvZc', // since commit 3daf1c8 of 2019-10-22, kid 44823f3d-0b01-4a6c-a80e-b9d3e8a7226f
  'WUEVfFenRfMtdDhwPUzCCfmqEN45h61hdHclwVoqfes', // before, since 4a44a5b of 2018-03-19, kid d9cd3c4f-eb08-4304-b973-44f352fd2ca2
]);

/** Is it an address of the public Sandbox? A dot at the end of a host means the same host. */
export function isSandboxAddress(url: string): boolean {
  return URL.parse(url)?.hostname.replace(/\.$/, '') === HOST;
}

/** Is it a key of the public Sandbox, by whatever name and from whatever address it comes? */
export function isSandboxKey(key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'ec') return false;
  // Written anew by the library: a key has one thumbprint, however its JWK was written.
  const { crv, kty, x, y } = key.export({ format: 'jwk' });
  const members = JSON.stringify({ crv, kty, x, y });
  return THUMBPRINTS.has(createHash('sha256').update(members).digest('base64url'));
}
