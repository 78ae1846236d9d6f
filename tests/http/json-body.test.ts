import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isNestedWithin, readJson } from '../../src/http/json-body.ts';
import { call, post, type Reply, type Served } from '../support/http.ts';
import { serveBehind } from './served-behind.ts';

const MIB = 1024 * 1024;
const TOO_DEEP = 'The body is nested deeper than 100 levels.';

let served: Served;
let large: Served;

beforeAll(async () => {
  served = await serveBehind(readJson({ limit: '1mb' }), (request, response) => {
    response.json({ took: request.body as unknown });
  });
  large = await serveBehind(readJson({ limit: '10mb' }), (_request, response) => {
    response.json({});
  });
});

afterAll(() => Promise.all([served.close(), large.close()]));

/** The error code of an answer, and what it says. */
function refusal({ status, body }: Reply): readonly unknown[] {
  const [issue] = (body as { issue?: readonly { diagnostics: string; details: { text: string } }[] }).issue ?? [];
  return [status, issue?.diagnostics, issue?.details.text];
}

/** POSTs bytes as JSON that is packed as it says. */
async function postPacked(encoding: string, body: Uint8Array<ArrayBuffer>): Promise<Reply> {
  const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
  return call(served.url, { method: 'POST', headers, body });
}

/** Writes `bytes` on a connection of its own, and reads until something comes back or the server hangs up. */
async function say(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1', () => socket.write(bytes));
  return new Promise((resolve) => {
    socket.on('data', (chunk) => {
      resolve(String(chunk));
      socket.destroy();
    });
    socket.on('close', () => resolve(''));
  });
}

describe('a body', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/fhir+json; fhirVersion=4.0',
    'text/json',
  ])('is taken as %s (CH-26)', async (type) => {
    expect(await post(served.url, { a: 'é' }, { 'content-type': type })).toMatchObject({
      status: 200,
      body: { took: { a: 'é' } },
    });
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'multipart/form-data',
  ])('is not taken as %s (CH-192)', async (type) => {
    const reply = await post(served.url, '{}', { 'content-type': type });
    expect(refusal(reply).slice(0, 2)).toEqual([415, 'media-type-unsupported']);
  });

  test('that is not there is not taken either', async () => {
    expect(refusal(await call(served.url, { method: 'POST' })).slice(0, 2)).toEqual([415, 'media-type-unsupported']);
  });

  test('that is empty is an empty object, which is no request', async () => {
    expect((await post(served.url, '')).body).toEqual({ took: {} });
  });

  test('may begin with a byte order mark (RFC 8259, 8.1)', async () => {
    expect((await post(served.url, '\uFEFF{"a":1}')).body).toEqual({ took: { a: 1 } });
  });

  test.each([
    ['UTF-16', Buffer.from('\uFEFF{"a":1}', 'utf16le')],
    ['no text at all', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
  ])('in %s is not well-formed', async (_what, body) => {
    const headers = { 'content-type': 'application/json' };
    const reply = await call(served.url, { method: 'POST', headers, body: Uint8Array.from(body) });
    expect(refusal(reply).slice(0, 2)).toEqual([400, 'malformed-json']);
  });
});

describe('the limit', () => {
  const fill = (length: number) => JSON.stringify('x'.repeat(length - 2));

  test('is the last byte that is taken', async () => {
    expect((await post(served.url, fill(MIB))).status).toBe(200);
    expect(refusal(await post(served.url, fill(MIB + 1))).slice(0, 2)).toEqual([413, 'body-too-large']);
  });

  test('counts bytes, not characters', async () => {
    expect((await post(served.url, JSON.stringify('é'.repeat(MIB / 2)))).status).toBe(413);
  });

  // Once packed they are small: a bomb is refused while it is unpacked, and not when it has been.
  const bomb = Buffer.alloc(50 * MIB);
  test.each([
    ['gzip', gzipSync(bomb)],
    ['deflate', deflateSync(bomb)],
    ['br', brotliCompressSync(bomb)],
    ['zstd', zstdCompressSync(bomb)],
    ['GZIP', gzipSync(bomb)],
  ] as const)('counts what %s holds unpacked', async (encoding, packed) => {
    expect(packed.length).toBeLessThan(MIB / 10);
    expect(refusal(await postPacked(encoding, packed)).slice(0, 2)).toEqual([413, 'body-too-large']);
  });

  test('is for one packing: packed twice is not unpacked twice', async () => {
    const twice = gzipSync(gzipSync(bomb));
    expect(refusal(await postPacked('gzip, gzip', twice)).slice(0, 2)).toEqual([415, 'media-type-unsupported']);
    expect(refusal(await postPacked('gzip', twice)).slice(0, 2)).toEqual([400, 'malformed-json']);
  });

  test.each([
    ['is cut off', gzipSync('{"a":1}').subarray(0, -4)],
    ['is damaged', gzipSync('{"a":1}').fill(0, 10, 14)],
    ['is empty', Buffer.alloc(0)],
  ] as const)('lets nothing through that is packed and %s', async (_what, packed) => {
    expect((await postPacked('gzip', Uint8Array.from(packed))).body).not.toHaveProperty('took.a');
  });

  test('holds for chunks, whose length nobody says', async () => {
    const chunk = `${(2 * MIB).toString(16)}\r\n${' '.repeat(2 * MIB)}\r\n0\r\n\r\n`;
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await say(head + chunk)).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('is not passed by a length that says less: the rest is another request, and none', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n';
    expect(await say(`${head}{}{}{}`)).toMatch(/^HTTP\/1\.1 200 [^]*\{"took":\{\}\}/);
  });
});

/** How many objects and arrays stand inside one another: the plain definition. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('objects and arrays', () => {
  const many = (count: number) => `[${'{},'.repeat(count - 1)}${' '.repeat(MIB)}0]`;

  test('may be half a million, and not one more', async () => {
    const { url } = large;
    expect((await post(url, many(500_000))).status).toBe(200);
    expect(refusal(await post(url, many(500_001)))).toEqual([
      400,
      'request-invalid',
      'The body holds more than 500000 objects and arrays.',
    ]);
  });
});

test('objects may have 600,000 members in all, and not one more', async () => {
  const five = (count: number) => Array.from({ length: count }, () => '{"a":1,"b":2,"c":3,"d":4,"e":5}').join(',');
  expect((await post(large.url, `[${five(120_000)}]`)).status).toBe(200);
  expect(refusal(await post(large.url, `[${five(120_000)},{"a":1}]`))).toEqual([
    400,
    'request-invalid',
    'The objects in the body have more than 600000 members.',
  ]);
});

test('an object may have ten thousand members, and not one more', async () => {
  const members = (count: number) =>
    `{${Array.from({ length: count }, (_, at) => `"k${at}":1`).join(',')},"x":"${'x'.repeat(MIB)}"}`;
  expect((await post(large.url, members(9_999))).status).toBe(200);
  expect(refusal(await post(large.url, members(10_000)))).toEqual([
    400,
    'request-invalid',
    'An object in the body has more than 10000 members.',
  ]);
});

describe('nesting', () => {
  const lists = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const mixed = (levels: number) => `${'[{"a":['.repeat(levels / 3)}1${']}]'.repeat(levels / 3)}`;

  test.each([
    ['lists', lists(100), lists(101)],
    ['objects', objects(100), objects(101)],
    ['lists in objects in lists', mixed(99), mixed(102)],
    ['a member among shallow ones', `[1,"[[[[",{},${lists(99)},[]]`, `[1,{},${lists(100)},[]]`],
    ['a member called __proto__', `{"__proto__":${lists(99)}}`, `{"__proto__":${lists(100)}}`],
    ['a body of ten thousand levels', '1', lists(10_000)],
  ])('of %s ends at 100 levels', async (_what, within, beyond) => {
    expect((await post(served.url, within)).status).toBe(200);
    expect(refusal(await post(served.url, beyond))).toEqual([400, 'request-invalid', TOO_DEEP]);
  });

  test('that is not closed is malformed', async () => {
    expect(refusal(await post(served.url, '['.repeat(1000))).slice(0, 2)).toEqual([400, 'malformed-json']);
  });

  test('is told as deep as it is, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.nat(10), (value, levels) => {
        expect(isNestedWithin(value, levels)).toBe(depthOf(value) <= levels);
      }),
    );
  });

  test('beyond a mebibyte is judged before anything is parsed', async () => {
    const parse = jest.spyOn(JSON, 'parse');
    try {
      const reply = await fetch(large.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: lists(MIB),
      });
      expect(reply.status).toBe(400);
      expect(parse).not.toHaveBeenCalled();
    } finally {
      parse.mockRestore();
    }
    expect(refusal(await post(large.url, lists(MIB)))).toEqual([400, 'request-invalid', TOO_DEEP]);
  });

  test('of the charts in the fixtures is far from it', () => {
    const folder = new URL('../../fixtures/patients/', import.meta.url);
    const charts = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const deepest = Math.max(...charts.map((name) => depthOf(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))));
    expect(deepest).toBeGreaterThan(5);
    expect(deepest).toBeLessThan(20);
  });

  test('may be allowed to be less', async () => {
    const strict = await serveBehind(readJson({ limit: '1kb', maxDepth: 1 }), (_request, response) => {
      response.json({});
    });
    expect((await post(strict.url, '{}')).status).toBe(200);
    expect((await post(strict.url, '{"a":[]}')).status).toBe(400);
    await strict.close();
  });
});
