import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { type ByteMutation, byteMutations, damaged } from './byte-mutation.ts';
import { CANARY } from './canary.ts';
import type { RealRequest } from './real-requests.ts';
import type { HttpRequest } from './wire.ts';

const MEDIA_TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/json; charset=latin1',
  `application/json; charset=${CANARY}`,
  'application/json;;;=',
  `application/json; boundary="${'x'.repeat(3000)}"`,
  'application/fhir+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/html',
  'application/xml',
  'application/jsonp',
  `${CANARY}/${CANARY}`,
  '*/*',
  '/',
  '',
];

const ENCODINGS = ['identity', 'gzip', 'deflate', 'br', 'zstd', 'compress', 'gzip, gzip', 'GZIP', CANARY, '*', ''];

const BOMB = gzipSync(Buffer.alloc(2_200_000, ' '));

type Packing = readonly [encoding: string | undefined, pack: (bytes: Buffer) => Buffer];

/** Packed as the header says. */
const HONEST: readonly Packing[] = [
  [undefined, (bytes) => bytes],
  ['identity', (bytes) => bytes],
  ['gzip', (bytes) => gzipSync(bytes)],
  ['deflate', (bytes) => deflateSync(bytes)],
  ['br', brotli],
];

/** How a body is packed when the header is not asked. */
const PACKINGS: readonly ((bytes: Buffer) => Buffer)[] = [
  (bytes) => bytes,
  (bytes) => gzipSync(bytes),
  (bytes) => deflateSync(bytes),
  brotli,
  (bytes) => gzipSync(gzipSync(bytes)),
  (bytes) => gzipSync(bytes).subarray(0, 100),
  (bytes) => Buffer.concat([gzipSync(bytes), Buffer.from(CANARY)]),
  () => BOMB,
  () => Buffer.alloc(0),
];

// The best packing takes a hundred times longer.
function brotli(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
}

const ACCEPTS = ['application/json', 'text/html', 'application/xml;q=1', '*/*', '', 'q=;,,', CANARY, 'x'.repeat(2000)];

/** A hook call whose headers and body do not agree on what it is made of. */
export function encodedCalls(real: readonly RealRequest[]): fc.Arbitrary<HttpRequest> {
  return fc
    .record({
      base: fc.constantFrom(...real),
      type: fc.oneof({ weight: 2, arbitrary: fc.constant('application/json') }, fc.constantFrom(...MEDIA_TYPES)),
      packing: fc.oneof(
        fc.constantFrom(...HONEST),
        fc.tuple(fc.constantFrom(...ENCODINGS), fc.constantFrom(...PACKINGS)),
      ),
      damage: fc.oneof(fc.constant<readonly ByteMutation[]>([]), byteMutations),
      accept: fc.constantFrom(...ACCEPTS),
    })
    .map(({ base, type, packing: [encoding, pack], damage, accept }) => ({
      via: 'http',
      kind: 'encoding',
      target: 'service',
      done: [
        base.name,
        `content-type ${type}`,
        `content-encoding ${encoding ?? 'none'}`,
        ...damage.map(({ done }) => done),
      ],
      method: 'POST',
      path: `/cds-services/${base.serviceId}`,
      headers: {
        'content-type': type,
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
        accept,
      },
      body: damaged(pack(Buffer.from(base.json)), damage),
      repeatable: true,
    }));
}
