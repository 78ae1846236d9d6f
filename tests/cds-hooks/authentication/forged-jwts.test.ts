import { createHash, createHmac, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { RefusalReason } from '../../../src/cds-hooks/authentication/authentication.ts';
import { createClientAuthentication } from '../../../src/cds-hooks/authentication/client-authentication.ts';
import type { JsonObject } from '../../../src/cds-hooks/json.ts';
import { cdsClient } from '../../support/cds-client.ts';
import { encoded, goodClaims, goodHeader, makeKey, serveKeys, signature, signed } from '../../support/jwt.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const URL_OF_SERVICE = 'https://cds.example.org/cds-services/asps-patient-view';
const HOSPITAL = 'https://ehr.example.org';
const OTHER = 'https://other.example.org';

const ec = makeKey('ES384', 'ec');
const rsa = makeKey('RS384', 'rsa');
const shortRsa = makeKey('RS384', 'short-rsa', { rsaBits: 1024 });
const p256 = makeKey('ES256', 'p-256');
const others = makeKey('ES384', 'others');
const twin = makeKey('ES384', 'twin');
const attackers = makeKey('ES384', ec.kid);

// Two keys that are not what the algorithm needs, one of them pretending to be.
const { alg: _alg, ...p256WithoutAlgorithm } = p256.jwk;
const liar = { ...p256WithoutAlgorithm, kid: 'liar', crv: 'P-384' };

const HOSPITAL_KEYS = [ec.jwk, rsa.jwk, shortRsa.jwk, p256WithoutAlgorithm, liar, twin.jwk, { ...ec.jwk, kid: 'twin' }];

function authentication() {
  const clients = [
    cdsClient(HOSPITAL, HOSPITAL_KEYS, { tenants: ['north'] }),
    cdsClient(OTHER, [others.jwk], { tenants: ['east'] }),
  ];
  return createClientAuthentication(clients, { now: () => NOW });
}

const judge = (authorization: string | undefined, by = authentication()) =>
  by.authenticate(authorization, [URL_OF_SERVICE, `${URL_OF_SERVICE}/feedback`]);

/** A JWT that is accepted, and what it is made of. */
interface Good {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly token: string;
  /** The same with other members, properly signed again; what is undefined is left out. */
  readonly withHeader: (changes: JsonObject) => string;
  readonly withClaims: (changes: JsonObject) => string;
  /** The same header and claims with another signature. */
  readonly withSignature: (bytes: Buffer | string) => string;
}

function good(key = ec): Good {
  const header = goodHeader(key);
  const claims = { ...goodClaims(HOSPITAL, URL_OF_SERVICE, NOW), tenant: 'north' };
  const token = signed(header, claims, key);
  return {
    header,
    claims,
    token,
    withHeader: (changes) => signed({ ...header, ...changes }, claims, key),
    withClaims: (changes) => signed(header, { ...claims, ...changes }, key),
    withSignature: (bytes) => `${signingInput(token)}.${typeof bytes === 'string' ? bytes : encoded(bytes)}`,
  };
}

function signingInput(token: string): string {
  return token.slice(0, token.lastIndexOf('.'));
}

function signatureOf(token: string): Buffer {
  return Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url');
}

function unsecured(alg: string): (it: Good) => string {
  return ({ header, claims }) => `${encoded({ ...header, alg })}.${encoded(claims)}.`;
}

function hmac(alg: string, secret: string | Buffer): (it: Good) => string {
  return ({ header, claims }) => {
    const input = `${encoded({ ...header, alg })}.${encoded(claims)}`;
    return `${input}.${createHmac(`sha${alg.slice(2)}`, secret)
      .update(input)
      .digest('base64url')}`;
  };
}

const publicPem = ec.publicKey.export({ format: 'pem', type: 'spki' });
const publicDer = ec.publicKey.export({ format: 'der', type: 'spki' });

/** A number of the size that ES384 has two of. */
function scalar(hex: string): Buffer {
  return Buffer.from(hex.padStart(96, '0'), 'hex');
}
const ORDER_OF_P384 =
  'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973';

type Forgery = readonly [what: string, forge: (it: Good) => string, reason: RefusalReason];

// CH-158, CH-169, CH-170, CH-172.
const ALGORITHMS: readonly Forgery[] = [
  ['alg none', unsecured('none'), 'algorithm'],
  ['alg None', unsecured('None'), 'algorithm'],
  ['alg NONE', unsecured('NONE'), 'algorithm'],
  ['alg nOnE', unsecured('nOnE'), 'algorithm'],
  ['alg none with a signature', (it) => it.withHeader({ alg: 'none' }), 'algorithm'],
  ['alg empty', (it) => it.withHeader({ alg: '' }), 'algorithm'],
  ['alg missing', (it) => it.withHeader({ alg: undefined }), 'malformed'],
  ['alg null', (it) => it.withHeader({ alg: null }), 'malformed'],
  ['alg a list', (it) => it.withHeader({ alg: ['ES384'] }), 'malformed'],
  ['alg in lower case', (it) => it.withHeader({ alg: 'es384' }), 'algorithm'],
  ['alg of another object', (it) => it.withHeader({ alg: '__proto__' }), 'algorithm'],
  ['HS256 with the public key as PEM', hmac('HS256', publicPem), 'algorithm'],
  ['HS384 with the public key as PEM', hmac('HS384', publicPem), 'algorithm'],
  ['HS512 with the public key as PEM', hmac('HS512', publicPem), 'algorithm'],
  ['HS256 with the public key as DER', hmac('HS256', publicDer), 'algorithm'],
  ['HS384 with the public key as JWK', hmac('HS384', JSON.stringify(ec.jwk)), 'algorithm'],
  ['HS256 with an empty secret', hmac('HS256', ''), 'algorithm'],
  ['an algorithm that the client may not use', (it) => it.withHeader({ alg: 'ES256' }), 'algorithm'],
  ['an algorithm that no one has', (it) => it.withHeader({ alg: 'XS384' }), 'algorithm'],
  ['an encryption algorithm', (it) => it.withHeader({ alg: 'ECDH-ES' }), 'algorithm'],
  ['the algorithm of another key of the client', (it) => it.withHeader({ alg: 'RS384' }), 'key'],
];

// CH-157.
const SIGNATURES: readonly Forgery[] = [
  ['no signature', (it) => it.withSignature(''), 'signature'],
  ['no signature and no dot', (it) => signingInput(it.token), 'malformed'],
  ['a signature with a bit flipped', (it) => it.withSignature(flipped(signatureOf(it.token))), 'signature'],
  ['half a signature', (it) => it.withSignature(signatureOf(it.token).subarray(0, 48)), 'signature'],
  [
    'a signature and a byte',
    (it) => it.withSignature(Buffer.concat([signatureOf(it.token), Buffer.of(0)])),
    'signature',
  ],
  ['the signature of another JWT', (it) => it.withSignature(signatureOf(good().token)), 'signature'],
  ['the signature of another key', (it) => signed(it.header, it.claims, attackers), 'signature'],
  ['the signature of a key of another client', (it) => signed(it.header, it.claims, others), 'signature'],
  ['the payload of another JWT', (it) => joined(it.token, good().token, it.token), 'signature'],
  ['a payload with a member more', (it) => joined(it.token, it.withClaims({ admin: true }), it.token), 'signature'],
  ['the header of another JWT', (it) => joined(it.withHeader({ cty: 'x' }), it.token, it.token), 'signature'],
  ['r and s zero', (it) => it.withSignature(Buffer.alloc(96)), 'signature'],
  ['r and s the order of the curve', (it) => it.withSignature(scalarPair(ORDER_OF_P384)), 'signature'],
  ['r and s one', (it) => it.withSignature(scalarPair('1')), 'signature'],
  ['a signature in DER', (it) => it.withSignature(sign('sha384', bytesToSign(it), ec.privateKey)), 'signature'],
  [
    'a signature over another digest',
    (it) => it.withSignature(signature('ES256', signingInput(it.token), ec.privateKey)),
    'signature',
  ],
];

const RSA_SIGNATURES: readonly Forgery[] = [
  [
    'the signature of PS384',
    (it) => it.withSignature(signature('PS384', signingInput(it.token), rsa.privateKey)),
    'signature',
  ],
  [
    'the signature of RS256',
    (it) => it.withSignature(signature('RS256', signingInput(it.token), rsa.privateKey)),
    'signature',
  ],
  ['PS384 in the header', (it) => it.withHeader({ alg: 'PS384' }), 'algorithm'],
  ['bits to spare that are set', (it) => `${it.token.slice(0, -1)}${nextCharacter(it.token.at(-1))}`, 'malformed'],
  ['a key that is too short', (it) => signed({ ...it.header, kid: 'short-rsa' }, it.claims, shortRsa), 'key'],
];

// CH-159, CH-173.
const KEYS: readonly Forgery[] = [
  ['kid missing', (it) => it.withHeader({ kid: undefined }), 'malformed'],
  ['kid empty', (it) => it.withHeader({ kid: '' }), 'malformed'],
  ['kid a number', (it) => it.withHeader({ kid: 1 }), 'malformed'],
  ['kid a list', (it) => it.withHeader({ kid: ['ec'] }), 'malformed'],
  ['kid unknown', (it) => it.withHeader({ kid: 'nobody' }), 'key'],
  ['kid of a key of another client', (it) => signed({ ...it.header, kid: 'others' }, it.claims, others), 'key'],
  ['kid a path', (it) => it.withHeader({ kid: '../../../../dev/null' }), 'key'],
  ['kid of another object', (it) => it.withHeader({ kid: '__proto__' }), 'key'],
  ['kid an injection', (it) => it.withHeader({ kid: "x' UNION SELECT 'secret" }), 'key'],
  ['kid in upper case', (it) => it.withHeader({ kid: 'EC' }), 'key'],
  ['kid of two keys', (it) => signed({ ...it.header, kid: 'twin' }, it.claims, twin), 'key'],
  [
    'a key of another curve',
    (it) => signed({ ...it.header, kid: 'p-256' }, it.claims, { ...p256, alg: 'ES384' }),
    'key',
  ],
  [
    'a key that is not on its curve',
    (it) => signed({ ...it.header, kid: 'liar' }, it.claims, { ...p256, alg: 'ES384' }),
    'key',
  ],
  [
    'its own key in the header',
    (it) => signed({ ...it.header, jwk: attackers.jwk }, it.claims, attackers),
    'signature',
  ],
  [
    'its own key, of its own kid',
    (it) => signed({ ...it.header, kid: 'x', jwk: attackers.jwk }, it.claims, attackers),
    'key',
  ],
  ['a certificate in the header', (it) => signed({ ...it.header, x5c: ['MIIB'] }, it.claims, attackers), 'signature'],
  [
    'a certificate elsewhere',
    (it) => signed({ ...it.header, x5u: 'https://evil.example/x' }, it.claims, attackers),
    'signature',
  ],
];

// CH-160.
const HEADERS: readonly Forgery[] = [
  ['crit unknown', (it) => it.withHeader({ crit: ['x'], x: 1 }), 'malformed'],
  ['crit empty', (it) => it.withHeader({ crit: [] }), 'malformed'],
  ['crit of a known member', (it) => it.withHeader({ crit: ['alg'] }), 'malformed'],
  ['b64 false', (it) => it.withHeader({ b64: false }), 'malformed'],
  ['b64 false and critical', (it) => it.withHeader({ b64: false, crit: ['b64'] }), 'malformed'],
  ['typ missing', (it) => it.withHeader({ typ: undefined }), 'malformed'],
  ['typ of an access token', (it) => it.withHeader({ typ: 'at+jwt' }), 'malformed'],
  ['typ with a prefix', (it) => it.withHeader({ typ: 'application/jwt' }), 'malformed'],
  ['typ JWS', (it) => it.withHeader({ typ: 'JWS' }), 'malformed'],
  ['typ a number', (it) => it.withHeader({ typ: 1 }), 'malformed'],
  [
    'a member of the header twice',
    (it) => signed('{"alg":"none","alg":"ES384","kid":"ec","typ":"JWT"}', it.claims, ec),
    'malformed',
  ],
  ['a header that is a list', (it) => signed([it.header], it.claims, ec), 'malformed'],
  ['a header that is null', (it) => signed('null', it.claims, ec), 'malformed'],
  ['a header that is no JSON', (it) => signed('{alg:ES384}', it.claims, ec), 'malformed'],
  ['a header that is not UTF-8', (it) => signed(Buffer.of(0x7b, 0xff, 0x7d), it.claims, ec), 'malformed'],
  ['an empty header', (it) => it.token.replace(/^[^.]+/, ''), 'malformed'],
];

// CH-157.
const FORMS: readonly Forgery[] = [
  ['a dot more at the end', (it) => `${it.token}.`, 'malformed'],
  ['a dot more at the beginning', (it) => `.${it.token}`, 'malformed'],
  ['four parts', (it) => `${it.token}.${encoded('x')}`, 'malformed'],
  ['five parts, as if encrypted', (it) => `${it.token}.${encoded('x')}.${encoded('y')}`, 'malformed'],
  ['one part', () => 'token', 'malformed'],
  ['only dots', () => '..', 'malformed'],
  ['a character of base64', (it) => `${it.token.slice(0, -1)}+`, 'malformed'],
  ['a character of nothing', (it) => `${it.token.slice(0, -1)}!`, 'malformed'],
  ['padding', (it) => `${it.token}=`, 'malformed'],
  ['a space inside', (it) => it.token.replace('.', ' .'), 'malformed'],
  ['a line break inside', (it) => it.token.replace('.', '.\n'), 'malformed'],
  ['a null byte', (it) => `${it.token}\0`, 'malformed'],
  ['a letter beyond ASCII', (it) => it.token.replace('e', 'é'), 'malformed'],
  ['a letter that looks the same', (it) => it.token.replace('e', 'е'), 'malformed'],
  ['two tokens', (it) => `${it.token} ${good().token}`, 'malformed'],
  ['two credentials', (it) => `${it.token}, Bearer ${good().token}`, 'malformed'],
  ['quotes around it', (it) => `"${it.token}"`, 'malformed'],
  ['JSON serialisation', (it) => JSON.stringify({ payload: it.token }), 'malformed'],
  ['ten kilobytes', (it) => it.withClaims({ sub: 'x'.repeat(10_000) }), 'malformed'],
];

// CH-162, CH-163, CH-164, CH-165, CH-166, CH-167.
const CLAIMS: readonly Forgery[] = [
  ['claims that are a list', (it) => signed(it.header, [it.claims], ec), 'malformed'],
  ['claims that are a string', (it) => signed(it.header, '"x"', ec), 'malformed'],
  ['claims that are null', (it) => signed(it.header, 'null', ec), 'malformed'],
  ['claims that are no JSON', (it) => signed(it.header, 'x', ec), 'malformed'],
  ['claims that are empty', (it) => signed(it.header, '{}', ec), 'malformed'],
  [
    'a claim twice',
    (it) => signed(it.header, `{"tenant":"south",${JSON.stringify(it.claims).slice(1)}`, ec),
    'malformed',
  ],
  ['exp as text', (it) => it.withClaims({ exp: `${SECONDS + 300}` }), 'malformed'],
  ['exp missing', (it) => it.withClaims({ exp: undefined }), 'malformed'],
  ['exp null', (it) => it.withClaims({ exp: null }), 'malformed'],
  ['exp past', (it) => it.withClaims({ iat: SECONDS - 400, exp: SECONDS - 30 }), 'expired'],
  ['exp negative', (it) => it.withClaims({ exp: -1 }), 'expired'],
  ['exp in the far future', (it) => it.withClaims({ exp: 1e300 }), 'lifetime'],
  [
    'exp infinite',
    (it) => signed(it.header, JSON.stringify(it.claims).replace(/"exp":\d+/, '"exp":1e400'), ec),
    'malformed',
  ],
  ['exp in milliseconds', (it) => it.withClaims({ exp: NOW.getTime() }), 'lifetime'],
  ['a life of more than an hour', (it) => it.withClaims({ exp: SECONDS + 3601 }), 'lifetime'],
  ['a life that began long ago', (it) => it.withClaims({ iat: SECONDS - 3600 }), 'lifetime'],
  ['iat missing', (it) => it.withClaims({ iat: undefined }), 'malformed'],
  ['iat in the future', (it) => it.withClaims({ iat: SECONDS + 31 }), 'not-yet-valid'],
  ['iat in the future, and nbf past', (it) => it.withClaims({ iat: SECONDS + 31, nbf: SECONDS }), 'not-yet-valid'],
  ['iat as text', (it) => it.withClaims({ iat: `${SECONDS}` }), 'malformed'],
  ['nbf in the future', (it) => it.withClaims({ nbf: SECONDS + 31 }), 'not-yet-valid'],
  ['nbf as text', (it) => it.withClaims({ nbf: '0' }), 'malformed'],
  ['nbf null', (it) => it.withClaims({ nbf: null }), 'malformed'],
  ['aud of another service', (it) => it.withClaims({ aud: URL_OF_SERVICE.replace('view', 'edit') }), 'audience'],
  ['aud on another host', (it) => it.withClaims({ aud: URL_OF_SERVICE.replace('cds.', 'cds2.') }), 'audience'],
  ['aud of another scheme', (it) => it.withClaims({ aud: URL_OF_SERVICE.replace('https', 'http') }), 'audience'],
  ['aud of another port', (it) => it.withClaims({ aud: URL_OF_SERVICE.replace('.org', '.org:443') }), 'audience'],
  ['aud that is a part', (it) => it.withClaims({ aud: 'https://cds.example.org' }), 'audience'],
  ['aud with a slash more', (it) => it.withClaims({ aud: `${URL_OF_SERVICE}/` }), 'audience'],
  ['aud with a query', (it) => it.withClaims({ aud: `${URL_OF_SERVICE}?x` }), 'audience'],
  ['aud in upper case', (it) => it.withClaims({ aud: URL_OF_SERVICE.toUpperCase() }), 'audience'],
  ['aud empty', (it) => it.withClaims({ aud: '' }), 'audience'],
  ['aud a list of others', (it) => it.withClaims({ aud: ['https://a.example', 'https://b.example'] }), 'audience'],
  ['aud an empty list', (it) => it.withClaims({ aud: [] }), 'audience'],
  ['aud a list of lists', (it) => it.withClaims({ aud: [[URL_OF_SERVICE]] }), 'malformed'],
  ['aud an object', (it) => it.withClaims({ aud: { url: URL_OF_SERVICE } }), 'malformed'],
  ['aud missing', (it) => it.withClaims({ aud: undefined }), 'malformed'],
  ['iss of another client', (it) => it.withClaims({ iss: OTHER, tenant: 'east' }), 'key'],
  ['iss of nobody', (it) => it.withClaims({ iss: 'https://evil.example' }), 'issuer'],
  ['iss with a slash more', (it) => it.withClaims({ iss: `${HOSPITAL}/` }), 'issuer'],
  ['iss in upper case', (it) => it.withClaims({ iss: HOSPITAL.toUpperCase() }), 'issuer'],
  ['iss of another object', (it) => it.withClaims({ iss: '__proto__' }), 'issuer'],
  ['iss missing', (it) => it.withClaims({ iss: undefined }), 'malformed'],
  ['iss a list', (it) => it.withClaims({ iss: [HOSPITAL] }), 'malformed'],
  ['tenant missing', (it) => it.withClaims({ tenant: undefined }), 'tenant'],
  ['tenant of another client', (it) => it.withClaims({ tenant: 'east' }), 'tenant'],
  ['tenant in upper case', (it) => it.withClaims({ tenant: 'North' }), 'tenant'],
  ['tenant a list', (it) => it.withClaims({ tenant: ['north'] }), 'tenant'],
  ['tenant a number', (it) => it.withClaims({ tenant: 0 }), 'tenant'],
  ['tenant null', (it) => it.withClaims({ tenant: null }), 'tenant'],
  ['jti missing', (it) => it.withClaims({ jti: undefined }), 'malformed'],
  ['jti empty', (it) => it.withClaims({ jti: '' }), 'malformed'],
  ['jti a number', (it) => it.withClaims({ jti: 1 }), 'malformed'],
  ['jti too long', (it) => it.withClaims({ jti: 'x'.repeat(257) }), 'malformed'],
];

// CH-180, CH-182.
describe('a JWT that is forged or damaged is refused, and its twin that is not is accepted:', () => {
  const forgeries = [...ALGORITHMS, ...SIGNATURES, ...KEYS, ...HEADERS, ...FORMS, ...CLAIMS];
  test.each([...withKey(forgeries, ec), ...withKey(RSA_SIGNATURES, rsa)])('%s', async (_what, forge, reason, key) => {
    const by = authentication();
    const it = good(key);
    const forged = forge(it);

    expect(forged).not.toBe(it.token);
    expect(await judge(`Bearer ${forged}`, by)).toEqual({ state: 'refused', reason });
    expect(await judge(`Bearer ${it.token}`, by)).toMatchObject({ state: 'authenticated', client: { name: HOSPITAL } });
  });

  test('there are at least fifty of them, and no two of one name', () => {
    expect(new Set(forgeries.map(([what]) => what)).size).toBe(forgeries.length);
    expect(forgeries.length).toBeGreaterThanOrEqual(50);
  });
});

// CH-159, CH-182.
describe('a JWT that anybody can make, since the key is no good, is refused:', () => {
  // With an exponent of 1, what is signed (RFC 8017, 9.2, with the name of SHA-384) is its own signature.
  const forgeable = { ...rsa.jwk, kid: 'forgeable', e: 'AQ' };
  const { header, claims } = good({ ...rsa, kid: 'forgeable' });
  const input = `${encoded(header)}.${encoded(claims)}`;
  const digest = createHash('sha384').update(input).digest();
  const hashed = Buffer.concat([Buffer.from('3041300d060960864801650304020205000430', 'hex'), digest]);
  const padding = Buffer.alloc(256 - 3 - hashed.length, 0xff);
  const forged = Buffer.concat([Buffer.of(0, 1), padding, Buffer.of(0), hashed]);
  const token = `Bearer ${input}.${encoded(forged)}`;

  test('the signature is right, as the key has it', () => {
    expect(verify('sha384', Buffer.from(input), createPublicKey({ key: forgeable, format: 'jwk' }), forged)).toBe(true);
  });

  test('with the key in the clients file', async () => {
    const by = createClientAuthentication([cdsClient(HOSPITAL, [forgeable])], { now: () => NOW });
    expect(await judge(token, by)).toEqual({ state: 'refused', reason: 'key' });
  });

  test('with the key on a key server', async () => {
    const server = await serveKeys({ ...rsa, jwk: forgeable });
    try {
      const client = cdsClient(HOSPITAL, [], { keys: { jwksUrl: server.url } });
      const by = createClientAuthentication([client], { now: () => NOW, keyServers: { timeoutMs: 60_000 } });
      expect(await judge(token, by)).toEqual({ state: 'refused', reason: 'key' });
      expect(server.requests).toBe(1);
    } finally {
      await server.close();
    }
  });
});

// CH-156.
describe('a JWT counts only behind the Bearer scheme:', () => {
  test.each<[what: string, header: (token: string) => string | undefined, reason: RefusalReason]>([
    ['no header', () => undefined, 'no-token'],
    ['an empty header', () => '', 'no-token'],
    ['no scheme', (token) => token, 'no-token'],
    ['the scheme alone', () => 'Bearer', 'no-token'],
    ['the scheme and a space', () => 'Bearer ', 'no-token'],
    ['the scheme of passwords', (token) => `Basic ${token}`, 'no-token'],
    ['another scheme', (token) => `DPoP ${token}`, 'no-token'],
    ['no space', (token) => `Bearer${token}`, 'no-token'],
    ['a tab', (token) => `Bearer\t${token}`, 'no-token'],
    ['a colon', (token) => `Bearer: ${token}`, 'no-token'],
    ['the scheme twice', (token) => `Bearer Bearer ${token}`, 'malformed'],
    ['a parameter', (token) => `Bearer token=${token}`, 'malformed'],
  ])('%s is refused', async (_what, header, reason) => {
    expect(await judge(header(good().token))).toEqual({ state: 'refused', reason });
  });

  test.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])('%p is the scheme', async (scheme) => {
    expect(await judge(`${scheme} ${good().token}`)).toMatchObject({ state: 'authenticated' });
  });
});

function withKey(forgeries: readonly Forgery[], key: typeof ec): [...Forgery, typeof ec][] {
  return forgeries.map((forgery) => [...forgery, key]);
}

function flipped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte)));
}

function joined(header: string, payload: string, ofSignature: string): string {
  const part = (token: string, at: number): string => token.split('.')[at] ?? '';
  return `${part(header, 0)}.${part(payload, 1)}.${part(ofSignature, 2)}`;
}

function scalarPair(hex: string): Buffer {
  return Buffer.concat([scalar(hex), scalar(hex)]);
}

function bytesToSign(it: Good): Buffer {
  return Buffer.from(signingInput(it.token));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function nextCharacter(character = ''): string {
  return ALPHABET.charAt(ALPHABET.indexOf(character) + 1);
}
