import { createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SignJWT } from 'jose';
import { createClientAuthentication } from '../../../src/cds-hooks/authentication/client-authentication.ts';
import { createReplayMemory, type ReplayMemory } from '../../../src/cds-hooks/authentication/replay-memory.ts';
import { SIGNATURE_ALGORITHMS } from '../../../src/cds-hooks/authentication/signature-algorithms.ts';
import type { JsonObject } from '../../../src/cds-hooks/json.ts';
import { cdsClient } from '../../support/cds-client.ts';
import { bearer, encoded, goodClaims, goodHeader, makeKey, serveKeys, signed } from '../../support/jwt.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const SERVICE = 'https://cds.example.org/cds-services/asps-patient-view';
const FEEDBACK = `${SERVICE}/feedback`;
const ISS = 'https://ehr.example.org';

const ec = makeKey('ES384', 'ec');
const other = makeKey('ES384', 'other');

const now = () => NOW;
const authenticated = (name: string) => ({ state: 'authenticated', client: expect.objectContaining({ name }) });

/** A good JWT with other members, properly signed; what is undefined is left out. */
function jwt(claims: JsonObject = {}, header: JsonObject = {}, key = ec): string {
  const all = { ...goodClaims(ISS, SERVICE, NOW), ...claims };
  return `Bearer ${signed({ ...goodHeader(key), ...header }, all, key)}`;
}

// CH-156, CH-157, CH-182.
describe('a JWT as the specification has it', () => {
  const one = () => createClientAuthentication([cdsClient(ISS, [ec.jwk])], { now });

  test('is its client’s, with the very object that was registered', async () => {
    const client = { ...cdsClient(ISS, [ec.jwk]), overlay: 'theirs' };
    const result = await createClientAuthentication([client], { now }).authenticate(jwt(), [SERVICE]);
    expect(result).toEqual({ state: 'authenticated', client });
    expect(result.state === 'authenticated' && result.client).toBe(client);
  });

  test('is accepted as jose signs it', async () => {
    const token = await new SignJWT({ jti: 'a' })
      .setProtectedHeader({ alg: 'ES384', kid: 'ec', typ: 'JWT' })
      .setIssuer(ISS)
      .setAudience([SERVICE])
      .setIssuedAt(NOW)
      .setExpirationTime(new Date(NOW.getTime() + 300_000))
      .sign(ec.privateKey);
    expect(await one().authenticate(`Bearer ${token}`, [SERVICE])).toEqual(authenticated(ISS));
  });

  // CH-160, CH-163, CH-164, CH-165, CH-166, CH-167, CH-168, CH-174.
  test.each<[what: string, claims: JsonObject, header: JsonObject]>([
    ['aud a list with ours among others', { aud: ['https://a.example', SERVICE] }, {}],
    ['aud the feedback URL', { aud: FEEDBACK }, {}],
    ['typ in lower case', {}, { typ: 'jwt' }],
    ['sub, which is no claim of ours', { sub: 'Practitioner/example' }, {}],
    ['a tenant, when the client has none', { tenant: 'north' }, {}],
    ['an odd tenant, when the client has none', { tenant: [1] }, {}],
    ['a jku, which is not asked when keys were exchanged', {}, { jku: 'https://evil.example/jwks.json' }],
    ['another key in the header, which is not looked at', {}, { jwk: other.jwk, x5u: 'https://evil.example' }],
    ['members that nobody knows', { 'org.example.note': {} }, { cty: 'x' }],
    ['a life of an hour', { exp: SECONDS + 3600 }, {}],
    ['exp past, but within what clocks may differ', { iat: SECONDS - 300, exp: SECONDS - 29 }, {}],
    ['iat to come, but within what clocks may differ', { iat: SECONDS + 30, exp: SECONDS + 300 }, {}],
    ['nbf to come, but within what clocks may differ', { nbf: SECONDS + 30 }, {}],
    ['seconds with a fraction', { iat: SECONDS - 0.5, exp: SECONDS + 0.5 }, {}],
    ['a jti of 256 characters', { jti: 'x'.repeat(256) }, {}],
  ])('is accepted with %s', async (_what, claims, header) => {
    expect(await one().authenticate(jwt(claims, header), [SERVICE, FEEDBACK])).toEqual(authenticated(ISS));
  });

  test.each(['ES384', 'RS384'])('of %s with a bit of it flipped is refused, whichever bit it is', async (alg) => {
    const key = makeKey(alg, 'flipped');
    const authentication = createClientAuthentication([cdsClient(ISS, [key.jwk])], { now });
    const good = jwt({}, {}, key);
    const start = 'Bearer '.length;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start, max: good.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const flipped = String.fromCharCode(good.charCodeAt(at) ^ (1 << bit));
        const token = good.slice(0, at) + flipped + good.slice(at + 1);
        expect(await authentication.authenticate(token, [SERVICE])).toMatchObject({ state: 'refused' });
      }),
      {
        examples: [
          [good.length - 1, 0],
          [good.length - 1, 1],
        ],
      },
    );
    expect(await authentication.authenticate(good, [SERVICE])).toEqual(authenticated(ISS));
  });
});

// CH-169, CH-170, CH-171, CH-172.
describe('the algorithm', () => {
  test.each([...SIGNATURE_ALGORITHMS])('%s is accepted from a client that may use it, and no other', async (alg) => {
    const key = makeKey(alg === 'Ed25519' ? 'EdDSA' : alg, 'k');
    const jwk = { ...key.jwk, alg };
    const token = jwt({}, { alg }, key);
    const may = createClientAuthentication([cdsClient(ISS, [jwk], { algorithms: [alg] })], { now });
    expect(await may.authenticate(token, [SERVICE])).toEqual(authenticated(ISS));
    const mayNot = createClientAuthentication([cdsClient(ISS, [jwk], { algorithms: ['XX'] })], { now });
    expect(await mayNot.authenticate(token, [SERVICE])).toEqual({ state: 'refused', reason: 'algorithm' });
  });

  test.each(['none', 'HS256', 'HS384', 'HS512'])('%s is refused even if the client is given it', async (alg) => {
    const secret = Buffer.from('a secret that is long enough for whatever digest, and known');
    const jwk: JsonObject = { ...createSecretKey(secret).export({ format: 'jwk' }), kid: 'shared', alg };
    const client = cdsClient(ISS, [jwk, ec.jwk], { algorithms: [alg, 'ES384'] });
    const authentication = createClientAuthentication([client], { now });

    const input = `${encoded({ alg, kid: 'shared', typ: 'JWT' })}.${encoded(goodClaims(ISS, SERVICE, NOW))}`;
    const digest =
      alg === 'none'
        ? ''
        : createHmac(`sha${alg.slice(2)}`, secret)
            .update(input)
            .digest('base64url');
    expect(await authentication.authenticate(`Bearer ${input}.${digest}`, [SERVICE])).toEqual({
      state: 'refused',
      reason: 'algorithm',
    });
    expect(await authentication.authenticate(jwt(), [SERVICE])).toEqual(authenticated(ISS));
  });

  test('of a key set with a private key in it gains nothing: such a key is no key', async () => {
    const leaked: JsonObject = { ...ec.privateKey.export({ format: 'jwk' }), kid: 'ec' };
    const authentication = createClientAuthentication([cdsClient(ISS, [leaked])], { now });
    expect(await authentication.authenticate(jwt(), [SERVICE])).toEqual({ state: 'refused', reason: 'key' });
  });
});

// CH-162, CH-167, CH-173.
describe('clients of one issuer', () => {
  const north = cdsClient(ISS, [ec.jwk], { name: 'North', tenants: ['north', 'far-north'] });
  const south = cdsClient(ISS, [other.jwk], { name: 'South', tenants: ['south'] });
  const authentication = () => createClientAuthentication([north, south], { now });

  test.each([
    ['north', ec, 'North'],
    ['far-north', ec, 'North'],
    ['south', other, 'South'],
  ])('are told apart by the tenant: %s', async (tenant, key, name) => {
    expect(await authentication().authenticate(jwt({ tenant }, {}, key), [SERVICE])).toEqual(authenticated(name));
  });

  test('do not speak for each other', async () => {
    expect(await authentication().authenticate(jwt({ tenant: 'north' }, {}, other), [SERVICE])).toEqual({
      state: 'refused',
      reason: 'key',
    });
  });

  test('that cannot be told apart are none, since which is meant would be a guess', async () => {
    const same = { ...north, name: 'North again' };
    const twice = createClientAuthentication([north, same], { now });
    expect(await twice.authenticate(jwt({ tenant: 'north' }), [SERVICE])).toEqual({
      state: 'refused',
      reason: 'tenant',
    });
  });

  test('with an empty list of tenants have none that is accepted', async () => {
    const empty = createClientAuthentication([{ ...north, tenants: [] }], { now });
    expect(await empty.authenticate(jwt({ tenant: 'north' }), [SERVICE])).toEqual({
      state: 'refused',
      reason: 'tenant',
    });
    expect(await empty.authenticate(jwt(), [SERVICE])).toEqual({ state: 'refused', reason: 'tenant' });
  });
});

// CH-176.
test('a JWT that is wrong in every way is refused for the first of them, in the order of the checks', async () => {
  const server = await serveKeys(ec);
  const keys = { jwksUrl: server.url };
  const client = cdsClient(ISS, [], { keys, tenants: ['north'] });
  const authentication = createClientAuthentication([client], {
    now,
    keyServers: { cooldownMs: 0, timeoutMs: 60_000 },
  });

  let claims: JsonObject = {
    iss: 'https://evil.example',
    aud: 'https://evil.example',
    exp: 0,
    tenant: 'x',
    jti: 'same',
  };
  let header: JsonObject = { alg: 'ES256', jku: 'https://evil.example/jwks.json', kid: 'x' };
  let key = other;
  const reasons: string[] = [];
  const asked: number[] = [];
  const steps: readonly (() => void)[] = [
    () => undefined,
    () => (claims = { ...claims, iss: ISS }),
    () => (claims = { ...claims, aud: SERVICE }),
    () => (claims = { ...claims, exp: SECONDS + 300 }),
    () => (claims = { ...claims, tenant: 'north' }),
    () => (header = { ...header, alg: 'ES384' }),
    () => (header = { ...header, jku: server.url }),
    () => (header = { ...header, kid: ec.kid }),
    () => (key = ec),
    () => undefined,
  ];
  try {
    for (const putRight of steps) {
      putRight();
      // oxlint-disable-next-line no-await-in-loop -- each builds on the one before
      const result = await authentication.authenticate(jwt(claims, header, key), [SERVICE]);
      reasons.push(result.state === 'refused' ? result.reason : result.state);
      asked.push(server.requests);
    }
  } finally {
    await server.close();
  }

  expect(reasons).toEqual([
    'issuer',
    'audience',
    'expired',
    'tenant',
    'algorithm',
    'jku',
    'key',
    'signature',
    'authenticated',
    'replay',
  ]);
  // Nothing is asked of anybody for a JWT that would be refused anyway. An unknown `kid` is worth one more look.
  expect(asked).toEqual([0, 0, 0, 0, 0, 0, 2, 2, 2, 2]);
});

// CH-166, CH-177.
describe('a JWT that is sent again', () => {
  const one = (replayMemory?: ReplayMemory) =>
    createClientAuthentication([cdsClient(ISS, [ec.jwk])], { now, ...(replayMemory && { replayMemory }) });

  test('is refused, at the other endpoint as well', async () => {
    const authentication = one();
    const token = jwt({ aud: [SERVICE, FEEDBACK] });
    expect(await authentication.authenticate(token, [SERVICE])).toEqual(authenticated(ISS));
    expect(await authentication.authenticate(token, [SERVICE])).toEqual({ state: 'refused', reason: 'replay' });
    expect(await authentication.authenticate(token, [FEEDBACK])).toEqual({ state: 'refused', reason: 'replay' });
  });

  test('many times at once is accepted once', async () => {
    const authentication = one();
    const token = jwt();
    const results = await Promise.all(Array.from({ length: 20 }, () => authentication.authenticate(token, [SERVICE])));
    expect(results.filter(({ state }) => state === 'authenticated')).toHaveLength(1);
  });

  test('is known by its jti, whatever else is in it', async () => {
    const authentication = one();
    expect(await authentication.authenticate(jwt({ jti: 'x' }), [SERVICE])).toEqual(authenticated(ISS));
    expect(await authentication.authenticate(jwt({ jti: 'x', sub: 'new', exp: SECONDS + 200 }), [SERVICE])).toEqual({
      state: 'refused',
      reason: 'replay',
    });
    expect(await authentication.authenticate(jwt({ jti: 'X' }), [SERVICE])).toEqual(authenticated(ISS));
  });

  test('by another client of the same issuer is another JWT', async () => {
    const clients = ['a', 'b'].map((tenant) => cdsClient(ISS, [ec.jwk], { name: tenant, tenants: [tenant] }));
    const authentication = createClientAuthentication(clients, { now });
    expect(await authentication.authenticate(jwt({ tenant: 'a', jti: 'x' }), [SERVICE])).toEqual(authenticated('a'));
    expect(await authentication.authenticate(jwt({ tenant: 'b', jti: 'x' }), [SERVICE])).toEqual(authenticated('b'));
  });

  test('cannot be spent beforehand by someone without the key', async () => {
    const authentication = one();
    const forged = jwt({ jti: 'x' }, { kid: ec.kid }, other);
    expect(await authentication.authenticate(forged, [SERVICE])).toEqual({ state: 'refused', reason: 'signature' });
    expect(await authentication.authenticate(jwt({ jti: 'x' }), [SERVICE])).toEqual(authenticated(ISS));
  });

  test.each([
    [SECONDS + 300, SECONDS + 330],
    [SECONDS + 300.25, SECONDS + 331],
  ])('is remembered until it is too old anyway: exp %p, until %p', async (exp, until) => {
    const remembered: unknown[] = [];
    const memory: ReplayMemory = {
      use: (...use) => {
        remembered.push(use);
        return 'first';
      },
    };
    await one(memory).authenticate(jwt({ exp, jti: 'x' }), [SERVICE]);
    expect(remembered).toEqual([[ISS, 'x', new Date(until * 1000)]]);
  });

  test('is refused to the last instant of its life', async () => {
    let at = NOW.getTime();
    const clock = () => new Date(at);
    const options = { now: clock, replayMemory: createReplayMemory({ now: clock }) };
    const authentication = createClientAuthentication([cdsClient(ISS, [ec.jwk])], options);
    const token = jwt({ exp: SECONDS + 300.5 });
    expect(await authentication.authenticate(token, [SERVICE])).toEqual(authenticated(ISS));
    at = (SECONDS + 331) * 1000 - 1;
    expect(await authentication.authenticate(token, [SERVICE])).toEqual({ state: 'refused', reason: 'replay' });
    at += 1;
    expect(await authentication.authenticate(token, [SERVICE])).toEqual({ state: 'refused', reason: 'expired' });
  });

  test.each<[what: string, use: ReplayMemory['use']]>([
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['says no later', () => Promise.resolve('again')],
  ])('cannot be ruled out by a memory that %s: refused', async (_what, use) => {
    expect(await one({ use }).authenticate(jwt(), [SERVICE])).toEqual({ state: 'refused', reason: 'replay' });
  });

  test('is ruled out by a memory elsewhere that takes its time', async () => {
    const memory: ReplayMemory = { use: () => Promise.resolve('first') };
    expect(await one(memory).authenticate(jwt(), [SERVICE])).toEqual(authenticated(ISS));
  });
});

// CH-177.
test('a JWT that could not be remembered is refused, and not called a replay', async () => {
  const replayMemory = createReplayMemory({ now, maxPerClient: 1 });
  const authentication = createClientAuthentication([cdsClient(ISS, [ec.jwk])], { now, replayMemory });
  const token = jwt();
  expect(await authentication.authenticate(token, [SERVICE])).toEqual(authenticated(ISS));
  expect(await authentication.authenticate(jwt(), [SERVICE])).toEqual({
    state: 'refused',
    reason: 'replay-memory-full',
  });
  expect(await authentication.authenticate(token, [SERVICE])).toEqual({ state: 'refused', reason: 'replay' });
});

test('a JWT that runs out while its keys are fetched is refused', async () => {
  let at = NOW.getTime();
  const server = await serveKeys(ec);
  server.answer((_req, res) => {
    at += 331_000;
    res.end(JSON.stringify({ keys: [ec.jwk] }));
  });
  const client = cdsClient(ISS, [], { keys: { jwksUrl: server.url } });
  try {
    const authentication = createClientAuthentication([client], { now: () => new Date(at) });
    expect(await authentication.authenticate(jwt(), [SERVICE])).toEqual({ state: 'refused', reason: 'expired' });
  } finally {
    await server.close();
  }
});

// CH-179, CH-180: one reason out of a closed set, and nothing of the JWT.
describe('a refusal', () => {
  const authentication = createClientAuthentication([cdsClient(ISS, [ec.jwk])], { now });

  test('is an answer, whatever the header holds', async () => {
    const text = fc.string({ unit: 'binary' });
    const part = fc.oneof(text, text.map(encoded), fc.jsonValue().map(encoded));
    const header = fc.oneof(
      text,
      fc.array(part, { maxLength: 6 }).map((parts) => `Bearer ${parts.join('.')}`),
      fc.tuple(fc.jsonValue(), fc.jsonValue()).map(([head, claims]) => `Bearer ${signed(head, claims, ec)}`),
    );
    await fc.assert(
      fc.asyncProperty(header, async (authorization) => {
        expect(await authentication.authenticate(authorization, [SERVICE])).toEqual({
          state: 'refused',
          reason: expect.stringMatching(/^(?:no-token|malformed)$/),
        });
      }),
    );
  });

  test('is an answer, whatever the members are', async () => {
    const changes = (...members: readonly string[]) =>
      fc.dictionary(fc.constantFrom(...members), fc.oneof(fc.jsonValue(), fc.constant(undefined)), { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(
        changes('iss', 'aud', 'exp', 'iat', 'jti', 'nbf'),
        changes('alg', 'kid', 'typ', 'crit', 'jku', 'b64'),
        async (claims, header) => {
          const { state } = await authentication.authenticate(jwt(claims, header), [SERVICE]);
          expect(['refused', 'authenticated']).toContain(state);
        },
      ),
    );
  });

  test('is an answer for claims nested as deep as they fit', async () => {
    const deep = `${'['.repeat(2500)}${']'.repeat(2500)}`;
    const claims = `{"deep":${deep},${JSON.stringify(goodClaims(ISS, SERVICE, NOW)).slice(1)}`;
    const token = `Bearer ${signed(goodHeader(ec), claims, ec)}`;
    expect(await authentication.authenticate(token, [SERVICE])).toEqual(authenticated(ISS));
  });

  test('is all there is, when the service itself is at fault', async () => {
    const broken = createClientAuthentication([cdsClient(ISS, [ec.jwk])], {
      now: () => {
        throw new Error('no clock');
      },
      replayMemory: createReplayMemory(),
    });
    expect(await broken.authenticate(jwt(), [SERVICE])).toMatchObject({ state: 'refused' });
    const timeless = createClientAuthentication([cdsClient(ISS, [ec.jwk])], { now: () => new Date(Number.NaN) });
    expect(await timeless.authenticate(jwt(), [SERVICE])).toMatchObject({ state: 'refused' });
    expect(await authentication.authenticate(jwt(), [])).toEqual({ state: 'refused', reason: 'audience' });
  });
});

test('clients whose keys cannot be keys are found when they are registered, not when they call', () => {
  const malformed = cdsClient(ISS, [], { keys: { jwksUrl: 'no URL' } });
  expect(() => createClientAuthentication([malformed])).toThrow('Invalid URL');
});

test('nobody is authenticated where nobody is registered', async () => {
  const nobody = createClientAuthentication([]);
  expect(await nobody.authenticate(bearer(ec, ISS, SERVICE), [SERVICE])).toEqual({
    state: 'refused',
    reason: 'issuer',
  });
});
