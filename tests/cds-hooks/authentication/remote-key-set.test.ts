import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  type ClientAuthenticationOptions,
  createClientAuthentication,
} from '../../../src/cds-hooks/authentication/client-authentication.ts';
import { MAX_WAITING } from '../../../src/cds-hooks/authentication/remote-key-set.ts';
import type { CdsClient } from '../../../src/cds-hooks/client.ts';
import type { JsonObject } from '../../../src/cds-hooks/json.ts';
import { clientProfile } from '../../../src/cds-hooks/profile.ts';
import { cdsClient } from '../../support/cds-client.ts';
import { goodClaims, goodHeader, type KeyServer, makeKey, serveKeys, signed } from '../../support/jwt.ts';
import { SANDBOX_KEY } from '../../support/sandbox-key.ts';

const ISS = 'https://ehr.example.org';
const SERVICE = 'https://cds.example.org/cds-services/asps-patient-view';

const first = makeKey('ES384', 'first');
const second = makeKey('ES384', 'second');

const ACCEPTED = 'authenticated';

let server: KeyServer;
let at: number;

// jose asks Date.now() how old a key set is.
beforeEach(async () => {
  server = await serveKeys(first);
  at = Date.parse('2026-11-22T12:00:00Z');
  jest.spyOn(Date, 'now').mockImplementation(() => at);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await server.close();
});

function pass(seconds: number): void {
  at += seconds * 1000;
}

/** Says how a JWT fares that a key signed: the reason if it is refused. */
function judgeFor(clients: readonly CdsClient[], options: ClientAuthenticationOptions = {}) {
  const now = () => new Date(at);
  const authentication = createClientAuthentication(clients, { now, ...options });
  return async (key = first, header: JsonObject = {}, claims: JsonObject = {}): Promise<string> => {
    const all = { ...goodClaims(ISS, SERVICE, now()), ...claims };
    const result = await authentication.authenticate(`Bearer ${signed({ ...goodHeader(key), ...header }, all, key)}`, [
      SERVICE,
    ]);
    return result.state === 'refused' ? result.reason : result.state;
  };
}

const client = () => cdsClient(ISS, [], { keys: { jwksUrl: server.url } });
// However busy the machine that runs this: what is to be answered is waited for.
const judgeForOne = (keyServers: ClientAuthenticationOptions['keyServers'] = {}) =>
  judgeFor([client()], { keyServers: { timeoutMs: 60_000, ...keyServers } });

// CH-159, CH-161, CH-174, CH-178.
describe('a key set at a URL', () => {
  test('is not fetched before it is needed, and then once for all calls', async () => {
    const judge = judgeForOne();
    expect(server.requests).toBe(0);
    const fates = await Promise.all(Array.from({ length: 20 }, () => judge()));
    expect(new Set(fates)).toEqual(new Set([ACCEPTED]));
    expect(await judge()).toBe(ACCEPTED);
    expect(server.requests).toBe(1);
  });

  test('is fetched again for a key that is new, and both keys count', async () => {
    const judge = judgeForOne();
    await judge();
    server.serve(first, second);
    pass(31);
    expect(await judge(second)).toBe(ACCEPTED);
    expect(await judge(first)).toBe(ACCEPTED);
    expect(server.requests).toBe(2);
  });

  test('loses a key that its owner takes away, once the cache’s life is over', async () => {
    const judge = judgeForOne();
    await judge();
    server.serve(second);
    pass(599);
    expect(await judge(first)).toBe(ACCEPTED);
    pass(1);
    expect(await judge(first)).toBe('key');
    expect(await judge(second)).toBe(ACCEPTED);
    expect(server.requests).toBe(2);
  });

  test('takes a key of the same name for the new one', async () => {
    const judge = judgeForOne();
    await judge();
    const renewed = makeKey('ES384', first.kid);
    server.serve(renewed);
    pass(600);
    expect(await judge(first)).toBe('signature');
    expect(await judge(renewed)).toBe(ACCEPTED);
  });

  test('is not fetched for every unknown key: once in a cooldown, however many ask', async () => {
    const judge = judgeForOne();
    await judge();
    const unknown = () => Promise.all(Array.from({ length: 50 }, (_, n) => judge(first, { kid: `unknown-${n}` })));

    expect(new Set(await unknown())).toEqual(new Set(['key']));
    expect(server.requests).toBe(1);
    pass(31);
    expect(new Set(await unknown())).toEqual(new Set(['key']));
    expect(server.requests).toBe(2);
    expect(await unknown()).toHaveLength(50);
    expect(server.requests).toBe(2);
  });

  test('is asked for a new key soon, whatever keys others ask for meanwhile', async () => {
    const judge = judgeForOne();
    await judge();
    server.serve(first, second);
    // Whoever knows the issuer can send what they like.
    for (let n = 0; n < 6; n += 1) {
      pass(1);
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as time passes
      expect(await judge(first, { kid: `unknown-${n}` })).toBe('key');
    }
    expect(server.requests).toBe(2);
    expect(await judge(second)).toBe(ACCEPTED);

    const third = makeKey('ES384', 'third');
    server.serve(first, second, third);
    expect(await judge(third)).toBe('key'); // the cooldown that the others began
    pass(5);
    expect(await judge(third)).toBe(ACCEPTED);
    expect(server.requests).toBe(3);
  });

  test('is fetched for one unknown key once in half a minute, however often it is asked for', async () => {
    const judge = judgeForOne();
    await judge();
    const asked: number[] = [];
    for (let seconds = 5; seconds <= 40; seconds += 5) {
      pass(5);
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as time passes
      expect(await judge(second)).toBe('key');
      asked.push(server.requests);
    }
    expect(asked).toEqual([2, 2, 2, 2, 2, 2, 3, 3]);
    expect(await judge(first)).toBe(ACCEPTED);
  });

  test('is looked at anew for an unknown key, once another had it fetched', async () => {
    const judge = judgeForOne();
    await judge();
    pass(5);
    expect(await judge(second)).toBe('key');
    server.serve(first, second);
    pass(5);
    expect(await judge(first, { kid: 'third' })).toBe('key');
    expect(await judge(second)).toBe(ACCEPTED);
    expect(server.requests).toBe(3);
  });

  test('does not lose a key to others who ask for it with an algorithm that is not its own', async () => {
    const judge = judgeForOne();
    expect(await judge(first, { alg: 'RS384' })).toBe('key');
    expect(await judge(first)).toBe(ACCEPTED);
  });

  test('that several clients have in common is fetched once', async () => {
    const tenants = ['north', 'south'];
    const judge = judgeFor(tenants.map((tenant) => ({ ...client(), name: tenant, tenants: [tenant] })));
    for (const tenant of tenants) {
      // oxlint-disable-next-line no-await-in-loop -- the second finds what the first fetched
      expect(await judge(first, {}, { tenant })).toBe(ACCEPTED);
    }
    expect(server.requests).toBe(1);
  });

  test('may hold keys that are of no use here', async () => {
    const odd: readonly JsonObject[] = [{ kty: 'XX', kid: 'odd' }, {}, { kty: 'EC', kid: first.kid, use: 'enc' }];
    server.answer((_req, res) => res.end(JSON.stringify({ keys: [...odd, first.jwk], note: 'x' })));
    expect(await judgeForOne()()).toBe(ACCEPTED);
  });

  test.each<[what: string, keys: readonly JsonObject[]]>([
    ['no key', []],
    ['a private key', [{ ...first.privateKey.export({ format: 'jwk' }), kid: first.kid }]],
    ['a shared secret', [{ kty: 'oct', k: 'c2VjcmV0', kid: first.kid }]],
    ['a key for encryption', [{ ...first.jwk, use: 'enc' }]],
    ['a key without a name', [{ ...first.jwk, kid: undefined }]],
    ['a key off its curve', [{ ...first.jwk, x: second.jwk['y'] }]],
    ['two keys of one name', [first.jwk, { ...second.jwk, kid: first.kid }]],
    ['a key of another algorithm', [{ ...first.jwk, alg: 'ES256' }]],
    ['a key that is for wrapping keys', [{ ...first.jwk, key_ops: ['wrapKey'] }]],
    ['the key of the public Sandbox, by that name', [{ ...SANDBOX_KEY, kid: first.kid }]],
  ])('with %s has no key for the JWT', async (_what, keys) => {
    server.answer((_req, res) => res.end(JSON.stringify({ keys })));
    expect(await judgeForOne()()).toBe('key');
  });
});

// The private key is public: that of the Sandbox is a key for whoever says so, and no other client's.
test('the key of the public Sandbox is used for a client with its profile alone', async () => {
  server.answer((_req, res) => res.end(JSON.stringify({ keys: [{ ...SANDBOX_KEY, kid: first.kid }] })));
  const sandbox = { ...client(), profile: clientProfile('sandbox') };
  expect(await judgeFor([sandbox])(first)).toBe('signature');
  expect(await judgeForOne()(first)).toBe('key');
});

// CH-161, CH-173.
describe('a jku in the header', () => {
  test('may name the URL on record', async () => {
    expect(await judgeForOne()(first, { jku: server.url })).toBe(ACCEPTED);
  });

  test.each<[what: string, jku: (url: string) => unknown]>([
    ['another path', (url) => url.replace('jwks', 'other')],
    ['another case', (url) => url.toUpperCase()],
    ['a fragment', (url) => `${url}#x`],
    ['a query', (url) => `${url}?x`],
    ['a user', (url) => url.replace('//', '//user@')],
    ['another writing of it', (url) => url.replace('/jwks', '/./jwks')],
    ['a list with it', (url) => [url]],
    ['nothing', () => ''],
    ['null', () => null],
  ])('with %s is refused, and nobody is asked', async (_what, jku) => {
    expect(await judgeForOne()(first, { jku: jku(server.url) })).toBe('jku');
    expect(server.requests).toBe(0);
  });

  test('is never followed: not to someone else’s keys, nor to those of another client', async () => {
    const evil = await serveKeys(second);
    try {
      const neighbour = cdsClient('https://other.example.org', [], { keys: { jwksUrl: evil.url } });
      const judge = judgeFor([client(), neighbour, cdsClient('https://inline.example.org', [first.jwk])]);
      expect(await judge(second, { jku: evil.url })).toBe('jku');
      expect(await judge(second, { jku: evil.url }, { iss: 'https://inline.example.org' })).toBe('key');
      expect(await judge(first, { jku: evil.url }, { iss: 'https://inline.example.org' })).toBe(ACCEPTED);
      expect(evil.requests).toBe(0);
    } finally {
      await evil.close();
    }
  });
});

// CH-178.
describe('a key server', () => {
  const KEYS = JSON.stringify({ keys: [first.jwk] });
  const text = (body: string | Buffer, status = 200, headers = {}): RequestListener => {
    return (_req, res) => res.writeHead(status, headers).end(body);
  };
  const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

  function* endless(): Generator<string> {
    for (;;) yield ' '.repeat(65_536);
  }

  test.each<[what: string, listener: RequestListener]>([
    ['has an error', text(KEYS, 500)],
    ['finds nothing', text(KEYS, 404)],
    ['says it has nothing to say', text('', 204)],
    ['says nothing has changed', text('', 304)],
    ['sends only a part', text(KEYS, 206)],
    ['sends a page', text('<!doctype html><p>Log in</p>', 200, { 'content-type': 'text/html' })],
    ['sends nothing', text('')],
    ['sends half of it', text(KEYS.slice(0, -10))],
    ['sends a list', text('[]')],
    ['sends null', text('null')],
    ['sends keys that are no list', text('{"keys":{}}')],
    ['sends keys that are no objects', text('{"keys":["x"]}')],
    ['sends too much', text(`${KEYS}${' '.repeat(256 * 1024)}`)],
    [
      'sends too much in a small parcel',
      text(gzipSync(`${KEYS}${' '.repeat(50_000_000)}`), 200, { 'content-encoding': 'gzip' }),
    ],
    ['sends what is nested without sense', text(`{"keys":[],"x":${nested}}`)],
    ['sends bytes that are not what they say', text('x', 200, { 'content-encoding': 'gzip' })],
    ['hangs up', (req) => req.socket.destroy()],
    ['hangs up in the middle', (_req, res) => res.write(KEYS.slice(0, 10), () => res.destroy())],
    ['speaks no HTTP', (req) => req.socket.end('HELLO\r\n\r\n')],
    [
      'redirects',
      (req, res) => res.writeHead(302, { location: req.url === '/jwks.json' ? '/moved' : '/moved-again' }).end(),
    ],
  ])('that %s crashes nothing: its keys are not available', async (_what, listener) => {
    const judge = judgeForOne({ pauseMs: 0 });
    server.answer(listener);
    expect(await judge()).toBe('keys-unavailable');
    expect(server.requests).toBe(1);

    server.serve(first);
    expect(await judge()).toBe(ACCEPTED);
  });

  test.each<[what: string, listener: RequestListener]>([
    ['promises more than it sends', (_req, res) => res.writeHead(200, { 'content-length': '1000' }).end(KEYS)],
    ['never answers', () => undefined],
    ['never ends its answer', (_req, res) => res.write(KEYS)],
    ['never begins its answer', (_req, res) => res.flushHeaders()],
  ])('that %s hangs nothing: its keys are not available in time', async (_what, listener) => {
    server.answer(listener);
    expect(await judgeForOne({ timeoutMs: 100 })()).toBe('keys-unavailable');

    server.serve(first);
    expect(await judgeForOne()()).toBe(ACCEPTED);
  });

  test.each([200, 500])('that sends without an end is hung up on, with status %p', async (status) => {
    const judge = judgeForOne();
    const hungUp = new Promise((resolve) => {
      server.answer((_req, res) => {
        pipeline(Readable.from(endless()), res.writeHead(status)).catch(resolve);
      });
    });
    expect(await judge()).toBe('keys-unavailable');
    expect(await hungUp).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  test('that hangs keeps fifty calls waiting, and no more: the others are told at once', async () => {
    const asked = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    server.answer((_req, res) => {
      asked.resolve();
      void release.promise.then(() => res.destroy());
    });
    const judge = judgeForOne({ timeoutMs: 60_000 });
    const waiting = Array.from({ length: MAX_WAITING }, () => judge());
    await asked.promise;
    expect(await judge()).toBe('keys-unavailable');
    release.resolve();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['keys-unavailable']));
  });

  test('that cannot be reached is one whose keys are not available', async () => {
    const judge = judgeForOne();
    await server.close();
    expect(await judge()).toBe('keys-unavailable');
  });

  test('that redirects to good keys is not followed', async () => {
    const target = await serveKeys(first);
    try {
      server.answer((_req, res) => res.writeHead(302, { location: target.url }).end());
      expect(await judgeForOne()()).toBe('keys-unavailable');
      expect(target.requests).toBe(0);
    } finally {
      await target.close();
    }
  });

  test('that has failed is left alone for a while, and then asked again', async () => {
    const judge = judgeForOne();
    server.answer(text('', 500));
    const fates = await Promise.all(Array.from({ length: 20 }, () => judge()));
    expect(new Set(fates)).toEqual(new Set(['keys-unavailable']));

    server.serve(first);
    pass(4);
    expect(await judge()).toBe('keys-unavailable');
    expect(server.requests).toBe(1);
    pass(1);
    expect(await judge()).toBe(ACCEPTED);
    expect(server.requests).toBe(2);
  });

  test('that fails takes no key away that was fetched before, until the cache’s life is over', async () => {
    const judge = judgeForOne();
    await judge();
    server.answer(text('', 500));
    pass(31);
    expect(await judge(second)).toBe('keys-unavailable');
    expect(await judge(first)).toBe(ACCEPTED);
    pass(600);
    expect(await judge(first)).toBe('keys-unavailable');
  });

  test('that fails is one client’s trouble, and no other’s', async () => {
    const neighbour = cdsClient('https://other.example.org', [second.jwk]);
    const judge = judgeFor([client(), neighbour]);
    server.answer(text('', 500));
    expect(await judge()).toBe('keys-unavailable');
    expect(await judge(second, {}, { iss: neighbour.iss })).toBe(ACCEPTED);
  });
});
