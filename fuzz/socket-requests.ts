import * as fc from 'fast-check';
import { type ByteMutation, byteMutations, damaged } from './byte-mutation.ts';
import { CANARY } from './canary.ts';
import type { RealRequest } from './real-requests.ts';
import type { SocketRequest } from './wire.ts';

const HEAD_LINES = [
  [],
  [`X-${CANARY}: ${CANARY}`],
  ['Content-Length: 5'],
  ['Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked, identity'],
  ['Transfer-Encoding: x'],
  ['Content-Type: text/plain'],
  [`X-Long: ${'x'.repeat(20_000)}`],
  Array.from({ length: 3000 }, (_, index) => `X-${index}: 1`),
  ['Bad Header'],
  ['X: a\u0000b'],
  [' folded: yes'],
  ['Connection: upgrade', 'Upgrade: websocket'],
  ['Expect: 200-ok'],
  ['Host: b'],
];

const REQUEST_LINES = [
  (path: string) => `POST ${path} HTTP/1.1`,
  (path: string) => `POST ${path} HTTP/1.0`,
  (path: string) => `POST ${path} HTTP/9.9`,
  (path: string) => `POST http://127.0.0.1${path} HTTP/1.1`,
  (path: string) => `POST http://[${path} HTTP/1.1`,
  (path: string) => `${CANARY} ${path} HTTP/1.1`,
  (path: string) => `CONNECT ${path} HTTP/1.1`,
  (path: string) => `GET ${path}\u0000 HTTP/1.1`,
  (path: string) => `POST ${path} ${CANARY}`,
  () => '',
];

/** Bytes of a hook call on a connection of their own: wrong lengths, torn chunks, damaged heads, two calls at once. */
export function socketRequests(real: readonly RealRequest[]): fc.Arbitrary<SocketRequest> {
  return fc
    .record({
      base: fc.constantFrom(...real),
      line: fc.oneof(fc.constant(REQUEST_LINES[0] ?? String), fc.constantFrom(...REQUEST_LINES)),
      extra: fc.constantFrom(...HEAD_LINES),
      // What the head says is missing from, or follows, the body.
      off: fc.oneof(fc.constant(0), fc.integer({ min: -2000, max: 2000 })),
      damage: fc.oneof({ weight: 4, arbitrary: fc.constant<readonly ByteMutation[]>([]) }, byteMutations),
      times: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 5 })),
    })
    .map(({ base, line, extra, off, damage, times }) => {
      const body = Buffer.from(base.json);
      const head = [
        line(`/cds-services/${base.serviceId}`),
        'Host: 127.0.0.1',
        'Content-Type: application/json',
        `Content-Length: ${Math.max(0, body.length + off)}`,
        ...extra,
      ];
      const call = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
      const calls = Buffer.concat(Array.from({ length: times }, () => call));
      return {
        via: 'socket',
        kind: 'socket',
        target: 'service',
        done: [
          base.name,
          head[0] ?? '',
          `length ${off}`,
          ...extra.slice(0, 1).map((text) => text.slice(0, 40)),
          ...damage.map(({ done }) => done),
        ],
        bytes: damaged(calls, damage),
      };
    });
}
