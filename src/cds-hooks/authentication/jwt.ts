import { base64url } from 'jose';
import { isJsonObject, type JsonObject } from '../json.ts';
import { hasUniqueMembers } from './unique-members.ts';

/** A JWT as it was read, its signature not looked at: good for refusing it and for choosing whose keys to ask (CH-176). */
export interface UnverifiedJwt {
  readonly header: JwtHeader;
  readonly claims: JwtClaims;
}

/** What of the header is looked at. `jwk`, `x5c`, `x5u` and the like are not: a JWT does not say what it is checked with. */
export interface JwtHeader {
  /** CH-158. */
  readonly alg: string;
  /** CH-159. */
  readonly kid: string;
  /** CH-161. Of any type: one that is not a URL is no client's. */
  readonly jku: unknown;
}

/** What of the claims is looked at. `sub` is not one that the specification has (CH-168). */
export interface JwtClaims {
  /** CH-162. */
  readonly iss: string;
  /** CH-163; a single one is a list of one. */
  readonly aud: readonly string[];
  /** Seconds since the epoch, maybe with a fraction (CH-164). */
  readonly exp: number;
  /** Seconds since the epoch, maybe with a fraction (CH-165). */
  readonly iat: number;
  readonly nbf: number | undefined;
  /** CH-166. */
  readonly jti: string;
  /** CH-167. Of any type: one that is not text is no client's. */
  readonly tenant: unknown;
}

/** In characters. A longer `jti` is refused: each is kept for the life of its JWT. */
const MAX_JTI_LENGTH = 256;

// The alphabet of RFC 7515 (2), without padding. The signature may be empty here: it is then found to be wrong.
const COMPACT_JWS = /^(?<header>[\w-]+)\.(?<payload>[\w-]+)\.(?<signature>[\w-]*)$/;

/** Reads a JWS in compact form (CH-157) that holds a JWT; undefined if it is none, or lacks what every JWT here has. */
export function readJwt(token: string): UnverifiedJwt | undefined {
  const parts = COMPACT_JWS.exec(token)?.groups;
  if (parts === undefined || decoded(parts['signature']) === undefined) return undefined;

  const header = readHeader(readPart(parts['header']));
  const claims = readClaims(readPart(parts['payload']));
  return header === undefined || claims === undefined ? undefined : { header, claims };
}

/** The claims with the types that they have to have (CH-162 to CH-167); undefined if one has not. */
export function readClaims(claims: JsonObject | undefined): JwtClaims | undefined {
  if (claims === undefined) return undefined;
  const { iss, exp, iat, nbf, jti, tenant } = claims;
  const aud = readAudience(claims['aud']);
  if (typeof iss !== 'string' || aud === undefined) return undefined;
  if (!isNumericDate(exp) || !isNumericDate(iat)) return undefined;
  if (nbf !== undefined && !isNumericDate(nbf)) return undefined;
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH) return undefined;
  return { iss, aud, exp, iat, nbf, jti, tenant };
}

function readHeader(header: JsonObject | undefined): JwtHeader | undefined {
  if (header === undefined) return undefined;
  const { alg, kid, typ, jku, crit, b64 } = header;
  // CH-160. Case does not count in media types (RFC 7519, 5.1).
  if (typeof typ !== 'string' || typ.toLowerCase() !== 'jwt') return undefined;
  if (typeof alg !== 'string' || typeof kid !== 'string' || kid === '') return undefined;
  // An extension that must be understood, when none is (RFC 7515, 4.1.11), and the one that a JWT must not use (RFC 7797, 7).
  if (crit !== undefined || b64 !== undefined) return undefined;
  return { alg, kid, jku };
}

function readAudience(aud: unknown): readonly string[] | undefined {
  if (typeof aud === 'string') return [aud];
  return Array.isArray(aud) && aud.every((item) => typeof item === 'string') ? aud : undefined;
}

// JSON has numbers that JavaScript reads as infinite.
function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function readPart(part: string | undefined): JsonObject | undefined {
  const bytes = decoded(part);
  if (bytes === undefined) return undefined;
  try {
    const text = UTF_8.decode(bytes);
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && hasUniqueMembers(text, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

// The last character may have bits to spare: if they were let pass, one JWT could be written in several ways.
function decoded(part: string | undefined): Uint8Array | undefined {
  if (part === undefined) return undefined;
  try {
    const bytes = base64url.decode(part);
    return base64url.encode(bytes) === part ? bytes : undefined;
  } catch {
    return undefined;
  }
}
