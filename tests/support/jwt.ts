import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { isJsonObject, type JsonObject } from '../../src/cds-hooks/json.ts';

/** A client's key pair. Signatures are made with node:crypto, so that jose is not tested with itself, and bad ones can be made. */
export interface SigningKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The public key, as it stands in a key set. */
  readonly jwk: JsonObject;
}

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;

/** Makes a key pair for a signature algorithm. */
export function makeKey(alg: string, kid: string, { rsaBits = 2048 }: { readonly rsaBits?: number } = {}): SigningKey {
  const { privateKey, publicKey } = keyPair(alg, rsaBits);
  const jwk: unknown = publicKey.export({ format: 'jwk' });
  if (!isJsonObject(jwk)) throw new Error('A JWK is an object');
  return { alg, kid, privateKey, publicKey, jwk: { ...jwk, kid, alg, use: 'sig' } };
}

function keyPair(alg: string, rsaBits: number): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519');
  if (alg === 'ES256' || alg === 'ES384' || alg === 'ES512') {
    return generateKeyPairSync('ec', { namedCurve: CURVES[alg] });
  }
  return generateKeyPairSync('rsa', { modulusLength: rsaBits });
}

/** Bytes, text, or anything else as JSON, in base64url. */
export function encoded(part: unknown): string {
  if (Buffer.isBuffer(part)) return part.toString('base64url');
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

/** A JWS in compact form over any header and payload, however bad: as text they go in as they are. */
export function signed(header: unknown, payload: unknown, { alg, privateKey }: SigningKey): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${encoded(signature(alg, input, privateKey))}`;
}

/** The signature of a text as the algorithm wants it (RFC 7518, 3). */
export function signature(alg: string, input: string, key: KeyObject): Buffer {
  const digest = alg === 'EdDSA' ? undefined : `sha${alg.slice(2)}`;
  const bytes = Buffer.from(input);
  // 6 is RSA_PKCS1_PSS_PADDING, -1 a salt as long as the digest.
  if (alg.startsWith('PS')) return sign(digest, bytes, { key, padding: 6, saltLength: -1 });
  return sign(digest, bytes, { key, dsaEncoding: 'ieee-p1363' });
}

/** The header of a JWT that is made as the specification says. */
export function goodHeader({ alg, kid }: SigningKey): JsonObject {
  return { alg, kid, typ: 'JWT' };
}

let tokens = 0;

/** The claims of a JWT that is made as the specification says, lives for five minutes and was never seen before. */
export function goodClaims(iss: string, aud: string, now: Date): JsonObject & { readonly iat: number } {
  const iat = Math.floor(now.getTime() / 1000);
  tokens += 1;
  return { iss, aud, iat, exp: iat + 300, jti: `jti-${tokens}` };
}

/** The whole `Authorization` header of a good JWT. */
export function bearer(key: SigningKey, iss: string, aud: string, now: Date = new Date()): string {
  return `Bearer ${signed(goodHeader(key), goodClaims(iss, aud, now), key)}`;
}

/** A key server on loopback. */
export interface KeyServer {
  readonly url: string;
  /** How often it was asked. */
  readonly requests: number;
  /** What it has from now on. */
  serve(...keys: readonly SigningKey[]): void;
  /** What it does instead, from now on. */
  answer(listener: RequestListener): void;
  close(): Promise<void>;
}

/** Serves the public keys over real HTTP. */
export async function serveKeys(...keys: readonly SigningKey[]): Promise<KeyServer> {
  const answerKeys =
    (served: readonly SigningKey[]): RequestListener =>
    (_req, res) => {
      res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: served.map(({ jwk }) => jwk) }));
    };
  let listener = answerKeys(keys);
  let requests = 0;
  const server = createServer((req, res) => {
    requests += 1;
    listener(req, res);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port');
  return {
    url: `http://127.0.0.1:${address.port}/jwks.json`,
    get requests() {
      return requests;
    },
    serve: (...next) => {
      listener = answerKeys(next);
    },
    answer: (next) => {
      listener = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
