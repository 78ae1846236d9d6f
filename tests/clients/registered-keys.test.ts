import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../../src/cds-hooks/json.ts';
import type { ProfileId } from '../../src/cds-hooks/profile.ts';
import { keyProblems } from '../../src/clients/registered-keys.ts';
import { makeKey } from '../support/jwt.ts';
import { SANDBOX_KEY } from '../support/sandbox-key.ts';
import { problem } from './problem.ts';

const ec = makeKey('ES384', 'k').jwk;
const rsa = makeKey('RS384', 'k').jwk;

function jwkOf(publicKey: ReturnType<typeof generateKeyPairSync>['publicKey']): JsonObject {
  const jwk: unknown = publicKey.export({ format: 'jwk' });
  if (!isJsonObject(jwk)) throw new Error('A JWK is an object');
  return jwk;
}

const CLIENT = { iss: 'https://ehr.example.org', algorithms: ['ES384', 'RS384'], profile: 'default' } as const;

function inline(jwk: JsonObject, algorithms: readonly string[] = CLIENT.algorithms, profile: ProfileId = 'default') {
  return keyProblems({ ...CLIENT, algorithms, profile, jwks: { keys: [{ ...jwk, kid: 'k' }] } }, true, problem);
}

// CH-159, CH-169, CH-170, CH-172, CH-174.
describe('a key that is given in the clients file', () => {
  test.each<[what: string, jwk: JsonObject, algorithms?: readonly string[]]>([
    ['of the first algorithm', ec],
    ['of the second algorithm', rsa],
    ['that says nothing of its use', { ...ec, use: undefined, alg: undefined }],
    ['that is for verifying', { ...ec, key_ops: ['verify'], ext: true }],
    ['that was made without a thought for its algorithm', { ...rsa, alg: undefined }, ['PS512']],
    ['of Edwards’ curve, by its old name', makeKey('EdDSA', 'k').jwk, ['EdDSA']],
    ['of Edwards’ curve, by its new name', { ...makeKey('EdDSA', 'k').jwk, alg: 'Ed25519' }, ['Ed25519']],
  ])('is taken: %s', (...[, jwk, algorithms]) => {
    expect(inline(jwk, algorithms)).toEqual([]);
  });

  const KEY = '/jwks/keys/0';
  const [p256, ed25519] = [makeKey('ES256', 'k').jwk, makeKey('EdDSA', 'k').jwk];
  const only = 'and its client may sign with ES384, RS384 alone';
  test.each<[what: string, jwk: JsonObject, problem: string, algorithms?: readonly string[]]>([
    ['of another curve', p256, `${KEY} is a key for ES256, ${only}`],
    ['of Edwards’ curve', ed25519, `${KEY} is a key for EdDSA, Ed25519, ${only}`],
    [
      'for another algorithm',
      rsa,
      `${KEY} is a key for RS384, RS256, RS512, PS256, PS384, PS512, and its client may sign with ES384 alone`,
      ['ES384'],
    ],
    [
      'that says it is for another algorithm',
      { ...ec, alg: 'HS256' },
      `${KEY}/alg must be ES384: what the key is for and its client may sign with`,
    ],
    [
      'that says it is for an algorithm that the client may not use',
      { ...rsa, alg: 'RS256' },
      `${KEY}/alg must be RS384: what the key is for and its client may sign with`,
    ],
    ['for encryption', { ...ec, use: 'enc' }, `${KEY}/use must be sig: this key is for something else`],
    [
      'for encryption, in the other words',
      { ...rsa, key_ops: ['encrypt'] },
      `${KEY}/key_ops must be [verify]: a public key of a client is for nothing else`,
    ],
    [
      'for verifying and encrypting',
      { ...rsa, key_ops: ['verify', 'encrypt'] },
      `${KEY}/key_ops must be [verify]: a public key of a client is for nothing else`,
    ],
    [
      'with operations that are no list',
      { ...rsa, key_ops: 'verify' },
      `${KEY}/key_ops must be [verify]: a public key of a client is for nothing else`,
    ],
    ['with an ext that is none', { ...rsa, ext: 'yes' }, `${KEY}/ext must be true or false`],
    [
      'of a curve that no JWT is signed with here',
      { ...jwkOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey) },
      `${KEY}/crv is of no key that signs JWTs here`,
    ],
    [
      'for agreement on a key',
      jwkOf(generateKeyPairSync('x25519').publicKey),
      `${KEY}/crv is of no key that signs JWTs here`,
    ],
    ['of too few bits', makeKey('RS384', 'k', { rsaBits: 1024 }).jwk, `${KEY}/n has less than 2048 bits`],
    ['with an exponent of 1', { ...rsa, e: 'AQ' }, `${KEY}/e is less than 65537: signatures could be forged`],
    ['with an exponent of 3', { ...rsa, e: 'Aw' }, `${KEY}/e is less than 65537: signatures could be forged`],
    ['off its curve', { ...ec, x: ec['y'] }, `${KEY} is no public key: a member is missing or malformed`],
    ['without a member', { ...ec, y: undefined }, `${KEY} is no public key: a member is missing or malformed`],
    ['that is private', { ...ec, d: 'c2VjcmV0' }, `${KEY}/d belongs to a private key: public keys only`],
  ])('is refused with its fault: %s', (...[, jwk, fault, algorithms]) => {
    expect(inline(jwk, algorithms)).toEqual([fault]);
  });
});

const SANDBOX = 'the public Sandbox, whose private key is public: only with profile sandbox, and not in production';

describe('the public Sandbox, whose private key is public', () => {
  test.each<[what: string, jwk: JsonObject]>([
    ['as it is', SANDBOX_KEY],
    ['without its name, use and algorithm', { ...SANDBOX_KEY, use: undefined, alg: undefined }],
    // The bits that base64url has to spare: another text, the same key.
    ['written in another way', { ...SANDBOX_KEY, x: `${String(SANDBOX_KEY['x'])}=` }],
  ])('is known by its key, under whatever issuer: %s', (_what, jwk) => {
    expect(inline(jwk)).toEqual([`/jwks/keys/0 is the key of ${SANDBOX}`]);
    expect(inline(jwk, undefined, 'sandbox')).toEqual([]);
  });

  test.each([
    ['sandbox.cds-hooks.org', 2],
    ['SANDBOX.cds-hooks.org', 2],
    ['sandbox.cds-hooks.org.', 2],
    ['sandbox.cds-hooks.org:443', 2],
    ['sandbox.cds-hooks.org.example.org', 0],
    ['my-sandbox.cds-hooks.org', 0],
  ])('is known by its host: %s', (host, problems) => {
    const client = { ...CLIENT, iss: `https://${host}`, jwksUrl: `https://${host}/.well-known/jwks.json` };
    const said = ['/iss', '/jwksUrl'].map((place) => `${place} is ${SANDBOX}`);
    expect(keyProblems(client, false, problem)).toEqual(said.slice(0, problems));
    expect(keyProblems({ ...client, profile: 'sandbox' }, false, problem)).toEqual([]);
  });
});

// CH-161.
describe('the address of a key set', () => {
  const at = (jwksUrl: string) => keyProblems({ ...CLIENT, jwksUrl }, false, problem);

  test.each([
    'https://ehr.example.org/jwks',
    'https://ehr.example.org',
    'http://127.0.0.1:8080/jwks.json',
    'https://ehr.example.org/keys?tenant=a/b',
    'https://ehr.example.org?tenant=north',
  ])('may be %s', (url) => {
    expect(at(url)).toEqual([]);
  });

  test.each([
    'ehr.example.org/jwks',
    'ftp://ehr.example.org/jwks',
    'https:/ehr.example.org/jwks',
    'https://user@ehr.example.org/jwks',
    'https://ehr.example.org/jwks#x',
    'https://ehr.example.org/jwks?x#y',
    'https://ehr.example.org/jwks?x y',
    'https://ehr.example.org\\jwks',
    'https://ehr.example.org:99999/jwks',
    '',
  ])('may not be %j', (url) => {
    expect(at(url)).toEqual(['/jwksUrl must be an absolute http or https URL']);
  });
});
