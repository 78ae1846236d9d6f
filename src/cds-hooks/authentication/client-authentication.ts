import { errors, jwtVerify } from 'jose';
import type { CdsClient } from '../client.ts';
import type { Authentication, ClientAuthentication, RefusalReason } from './authentication.ts';
import { type FindKey, keysOnRecord } from './client-keys.ts';
import { type JwtClaims, type JwtHeader, readClaims, readJwt } from './jwt.ts';
import type { KeyServerLimits } from './remote-key-set.ts';
import { createReplayMemory, type JtiUse, type ReplayMemory } from './replay-memory.ts';
import { signatureAlgorithms } from './signature-algorithms.ts';

export interface ClientAuthenticationOptions {
  readonly now?: () => Date;
  /** Default is one that this process has for itself. */
  readonly replayMemory?: ReplayMemory;
  readonly keyServers?: KeyServerLimits;
}

/** How far a client's clock may be off, in seconds, either way. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** The longest that a JWT may live, from `iat` to `exp` in seconds: its `jti` is remembered until then (CH-177). */
const MAX_LIFETIME_SECONDS = 3600;

/** A longer JWT is not read, in characters. */
const MAX_TOKEN_LENGTH = 8 * 1024;

interface Registered<Client extends CdsClient> {
  readonly client: Client;
  readonly algorithms: readonly string[];
  readonly findKey: FindKey;
}

/**
 * Authenticates calls of the `clients` by their JWTs (CH-156, CH-157). One that is wrong in any respect is refused (CH-182),
 * with one word of why and nothing of the JWT (CH-180). Of a JWT only the `jti` is remembered, and nothing is logged (CH-179).
 *
 * @throws {Error} if a client's key set is none, or its URL is none.
 */
export function createClientAuthentication<Client extends CdsClient>(
  clients: readonly Client[],
  options: ClientAuthenticationOptions = {},
): ClientAuthentication<Client> {
  const { now = () => new Date(), replayMemory = createReplayMemory({ now }), keyServers = {} } = options;
  const findKeyOf = keysOnRecord(keyServers, now);
  const byIssuer = Map.groupBy(
    clients.map((client) => ({
      client,
      algorithms: signatureAlgorithms(client.algorithms),
      findKey: findKeyOf(client),
    })),
    ({ client }) => client.iss,
  );

  // The order of CH-176. Until the signature is known to be right, what the JWT says can only have it refused.
  const judge = async (
    authorization: string | undefined,
    audiences: readonly string[],
  ): Promise<Authentication<Client>> => {
    const token = bearerToken(authorization);
    if (token === undefined) return refused('no-token');

    const jwt = token.length > MAX_TOKEN_LENGTH ? undefined : readJwt(token);
    if (jwt === undefined) return refused('malformed');
    const { header, claims } = jwt;

    const issued = byIssuer.get(claims.iss);
    if (issued === undefined) return refused('issuer');

    const early = audienceRefusal(claims, audiences) ?? timeRefusal(claims, now());
    if (early !== undefined) return refused(early);

    const registered = ofTenant(issued, claims);
    if (registered === undefined) return refused('tenant');
    const { client, algorithms, findKey } = registered;

    const unfit = algorithmRefusal(header, algorithms) ?? jkuRefusal(header, client);
    if (unfit !== undefined) return refused(unfit);

    const found = await findKey(header);
    if ('refused' in found) return refused(found.refused);

    const { payload } = await jwtVerify(token, found.key, {
      algorithms: [...algorithms],
      issuer: client.iss,
      audience: [...audiences],
      typ: 'JWT',
      requiredClaims: ['iss', 'aud', 'exp', 'iat', 'jti'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now(),
    });

    const verified = readClaims(payload);
    if (verified === undefined) return refused('malformed');
    const use = await useOf(replayMemory, client, verified);
    return use === 'first' ? { state: 'authenticated', client } : refused(USED_UP[use]);
  };

  return {
    async authenticate(authorization, audiences) {
      try {
        return await judge(authorization, audiences);
      } catch (error) {
        return refused(reasonOf(error));
      }
    },
  };
}

function refused(reason: RefusalReason): { readonly state: 'refused'; readonly reason: RefusalReason } {
  return { state: 'refused', reason };
}

/** What stands behind the scheme, whose case does not count (RFC 9110, 11.1). Empty is none. */
function bearerToken(authorization: string | undefined): string | undefined {
  return authorization === undefined
    ? undefined
    : /^Bearer +(?<token>[^ ][^]*)$/i.exec(authorization)?.groups?.['token'];
}

/** Compared character by character: the audiences are the URLs that clients were given (CH-163). */
function audienceRefusal({ aud }: JwtClaims, audiences: readonly string[]): 'audience' | undefined {
  return aud.some((audience) => audiences.includes(audience)) ? undefined : 'audience';
}

/** CH-164, CH-165. As jose does it after the signature, but for `iat` and the life, which it does not look at. */
function timeRefusal(
  { exp, iat, nbf = iat }: JwtClaims,
  now: Date,
): 'expired' | 'not-yet-valid' | 'lifetime' | undefined {
  const seconds = Math.floor(now.getTime() / 1000);
  if (exp <= seconds - CLOCK_TOLERANCE_SECONDS) return 'expired';
  if (Math.max(iat, nbf) > seconds + CLOCK_TOLERANCE_SECONDS) return 'not-yet-valid';
  return exp - iat > MAX_LIFETIME_SECONDS ? 'lifetime' : undefined;
}

/** The one that is meant: clients of one issuer differ in their tenants (CH-167). A client without any takes every tenant. */
function ofTenant<Client extends CdsClient>(
  issued: readonly Registered<Client>[],
  { tenant }: JwtClaims,
): Registered<Client> | undefined {
  const meant = issued.filter(({ client: { tenants } }) => tenants?.some((own) => own === tenant) ?? true);
  // Two would be a fault in the configuration, and no reason to guess.
  return meant.length === 1 ? meant[0] : undefined;
}

/** What the client may use counts, and not what the header says (CH-172). */
function algorithmRefusal({ alg }: JwtHeader, algorithms: readonly string[]): 'algorithm' | undefined {
  return algorithms.includes(alg) ? undefined : 'algorithm';
}

/** It can name the address on record or another one, which is not asked (CH-173). Keys on record make it idle (CH-174). */
function jkuRefusal({ jku }: JwtHeader, { keys }: CdsClient): 'jku' | undefined {
  return jku === undefined || 'jwks' in keys || jku === keys.jwksUrl ? undefined : 'jku';
}

/** What a JWT is refused for that is not used for the first time, or may not be. */
const USED_UP: Readonly<Record<Exclude<JtiUse, 'first'>, RefusalReason>> = {
  again: 'replay',
  full: 'replay-memory-full',
};

async function useOf(memory: ReplayMemory, { name }: CdsClient, { jti, exp }: JwtClaims): Promise<JtiUse> {
  // Whole seconds, as the age is judged: a fraction would be forgotten before it is too old.
  const expiresAt = new Date(Math.ceil(exp + CLOCK_TOLERANCE_SECONDS) * 1000);
  try {
    return await memory.use(name, jti, expiresAt);
  } catch {
    return 'again';
  }
}

// What is left for jose to find, all else having been refused before: the signature, and what ran out meanwhile.
function reasonOf(error: unknown): RefusalReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  // jose has a last look at the key itself.
  if (error instanceof TypeError) return 'key';
  return error instanceof errors.JWSSignatureVerificationFailed ? 'signature' : 'malformed';
}
