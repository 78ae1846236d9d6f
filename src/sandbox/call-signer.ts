import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** The EHR's side of client authentication: a key pair for one run, and JWTs made with it. */
export interface CallSigner {
  readonly issuer: string;
  /** The public key, with its id. */
  readonly jwk: JWK & { readonly kid: string };
  /** The `Authorization` header of a call to this URL. */
  authorization(url: string): Promise<string>;
}

const ALGORITHM = 'ES384';
/** The name of an issuer; nothing listens there. */
const ISSUER = 'https://sandbox-run.example.org';

/** Makes the key pair. The private key never leaves the process. */
export async function createCallSigner(): Promise<CallSigner> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const kid = randomUUID();
  return {
    issuer: ISSUER,
    jwk: { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' },
    authorization: async (url) => {
      const jwt = await new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(url)
        .setIssuedAt()
        .setExpirationTime('5m')
        .setJti(randomUUID())
        .sign(privateKey);
      return `Bearer ${jwt}`;
    },
  };
}
