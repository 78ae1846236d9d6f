import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from '@jest/globals';
import { isFromThisMachine } from '../../src/http/admin-loopback.ts';
import { isFromOwnPage } from '../../src/http/admin-origin.ts';

function asked(remoteAddress: string | undefined, headers: IncomingHttpHeaders): boolean {
  return isFromThisMachine({ socket: { remoteAddress }, headers } as Parameters<typeof isFromThisMachine>[0]);
}

test.each([
  ['127.0.0.1', '127.0.0.1:3000'],
  ['127.0.0.1', 'localhost:3000'],
  ['127.8.9.10', 'LOCALHOST'],
  ['::1', '[::1]:3000'],
  ['::ffff:127.0.0.1', 'localhost'],
])('from %s by the name %s somebody on this machine asks', (address, host) => {
  expect(asked(address, { host })).toBe(true);
});

test.each([
  ['another machine', '192.0.2.7', 'localhost'],
  ['another machine, mapped', '::ffff:192.0.2.7', 'localhost'],
  ['a connection that is gone', undefined, 'localhost'],
  ['a name that was made to point here', '127.0.0.1', 'insights.example:3000'],
  ['a name that only begins so', '127.0.0.1', 'localhost.example'],
  ['a name that only begins like an address', '127.0.0.1', '127.0.0.1.example'],
  ['no name', '127.0.0.1', undefined],
  ['nonsense for a name', '127.0.0.1', '['],
  ['a name behind a user', '127.0.0.1', 'evil.example@localhost'],
  ['a name before a path', '127.0.0.1', 'localhost/.evil.example'],
  ['a name before a query', '127.0.0.1', 'localhost?evil.example'],
  ['a name before a fragment', '127.0.0.1', 'localhost#evil.example'],
  ['a name before what URL takes for a path', '127.0.0.1', 'localhost\\evil.example'],
  ['a name with what URL leaves out', '127.0.0.1', 'local\thost'],
])('%s is refused', (_what, address, host) => {
  expect(asked(address, host === undefined ? {} : { host })).toBe(false);
});

test.each([
  'forwarded',
  'x-forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-original-forwarded-for',
  'x-real-ip',
  'via',
  'cdn-loop',
  'client-ip',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'cf-connecting-ip',
])('what a proxy passes on, as %s says, is refused', (name) => {
  expect(asked('127.0.0.1', { host: 'localhost', [name]: '127.0.0.1' })).toBe(false);
});

test.each<[string, IncomingHttpHeaders, boolean]>([
  ['its own page', { 'sec-fetch-site': 'same-origin' }, true],
  ['the person', { 'sec-fetch-site': 'none' }, true],
  ['another port of the machine', { 'sec-fetch-site': 'same-site' }, false],
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'http://a.example', host: 'a.example' }, false],
  ['its own page in an old browser', { origin: 'http://a.example', host: 'a.example' }, true],
  ['another site in an old browser', { origin: 'http://b.example', host: 'a.example' }, false],
  ['another port in an old browser', { origin: 'http://a.example:81', host: 'a.example' }, false],
  ['a page that hides where it is from', { origin: 'null', host: 'a.example' }, false],
  ['what is no browser', { host: 'a.example' }, true],
])('a form from %s', (_who, headers, may) => {
  expect(isFromOwnPage(headers)).toBe(may);
});
