import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A key pair for one run; the private key never leaves the process. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  /** The public key, with its id. */
  readonly jwk: JWK & { readonly kid: string };
}

/** The EHR's side of client authentication: JWTs of one issuer. */
export interface CallSigner {
  readonly issuer: string;
  readonly jwk: SigningKey['jwk'];
  /** The `Authorization` header of a call to this URL. */
  authorization(url: string): Promise<string>;
}

const ALGORITHM = 'ES384';

export async function createSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: ALGORITHM, use: 'sig' } };
}

/** Signs as this issuer: a new JWT for each call, good for five minutes. */
export function callSigner(issuer: string, { privateKey, jwk }: SigningKey): CallSigner {
  return {
    issuer,
    jwk,
    authorization: async (url) => {
      const jwt = await new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM, kid: jwk.kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(url)
        .setIssuedAt()
        .setExpirationTime('5m')
        .setJti(randomUUID())
        .sign(privateKey);
      return `Bearer ${jwt}`;
    },
  };
}
