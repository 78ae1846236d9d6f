import * as fc from 'fast-check';
import { CANARY, LIQUID } from './canary.ts';
import type { HttpRequest, Target } from './wire.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE'];

const ODD_ENDS = [
  '',
  '/',
  '//',
  '/.',
  '/..',
  '/../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '/%00',
  '/%0d%0aX-Injected:%20yes',
  '/%E0%A4%A',
  '/%ff',
  '/%',
  '/%u0041',
  ';jsessionid=1',
  '/__proto__',
  '/constructor',
  `/${CANARY}`,
  '/feedback',
  '/feedback/feedback',
  '\\',
  `/${encodeURIComponent(LIQUID)}`,
  `/${'x'.repeat(6000)}`,
  `/${'a/'.repeat(1000)}`,
];

const QUERIES = [
  '',
  '?',
  `?patient=${CANARY}`,
  '?site=general-hospital',
  `?site=${CANARY}`,
  '?site=a&site=b',
  '?site[]=a',
  '?site[__proto__]=a',
  '?__proto__[polluted]=1',
  '?%',
  '?%E0%A4%A',
  `?x=${'y'.repeat(6000)}`,
  `?${'a=1&'.repeat(1500)}`,
  '?a[b][c][d][e][f][g][h]=1',
  '#fragment',
];

const HEADERS: readonly Readonly<Record<string, string>>[] = [
  {},
  { accept: 'text/html' },
  { accept: 'application/json;q=0, */*;q=0' },
  { authorization: `Bearer ${CANARY}` },
  { authorization: `Basic ${CANARY}` },
  { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
  { origin: `http://${CANARY}.example` },
  { origin: 'null' },
  { 'access-control-request-method': 'POST', 'access-control-request-headers': CANARY, origin: 'http://x.example' },
  { 'x-forwarded-for': CANARY, 'x-forwarded-host': `${CANARY}.example`, 'x-forwarded-proto': 'javascript' },
  { host: `${CANARY}.example` },
  { host: '[::1' },
  { 'x-http-method-override': 'DELETE' },
  { 'if-none-match': '*' },
  { 'if-modified-since': CANARY },
  { range: 'bytes=0-0,0-0,0-0' },
  { cookie: `a=${CANARY}` },
  { expect: '100-continue' },
  { 'x-request-id': `${CANARY}"}{"level":60` },
  { 'x-long': 'x'.repeat(12_000) },
  { 'accept-language': '\u00ff\u0080' },
];

const BODIES = [undefined, undefined, '', '{}', '[', CANARY];

type Address = { readonly target: Target; readonly path: string };

/** Requests for every address there is and many that are not, with methods, queries and headers that nobody expects. */
export function addressRequests(serviceIds: readonly string[], cardIds: readonly string[]): fc.Arbitrary<HttpRequest> {
  const known: readonly Address[] = [
    { target: 'discovery', path: '/cds-services' },
    { target: 'discovery', path: '/cds-services/' },
    { target: 'probe', path: '/healthz' },
    { target: 'probe', path: '/readyz' },
    { target: 'page', path: '/' },
    { target: 'page', path: '/evidence' },
    { target: 'page', path: '/page.css' },
    { target: 'page', path: '/evidence/value-sets' },
    ...cardIds.map((id): Address => ({ target: 'page', path: `/evidence/${id}` })),
    ...serviceIds.map((id): Address => ({ target: 'service', path: `/cds-services/${id}` })),
  ];
  const odd = fc
    .tuple(fc.constantFrom(...known), fc.constantFrom(...ODD_ENDS))
    .map(([{ path }, end]): Address => ({ target: 'nowhere', path: path + end }));
  const noise = fc.webPath().map((path): Address => ({ target: 'nowhere', path: path === '' ? '/' : path }));
  return (
    fc
      .record({
        address: fc.oneof(fc.constantFrom(...known), odd, noise),
        query: fc.constantFrom(...QUERIES),
        method: fc.oneof(fc.constant('GET'), fc.constantFrom(...METHODS)),
        headers: fc.constantFrom(...HEADERS),
        body: fc.constantFrom(...BODIES),
      })
      // To headers that are too long the service answers before it knows of the HEAD, with a body that HTTP clients mistrust.
      .filter(({ method, headers }) => method !== 'HEAD' || !('x-long' in headers))
      .map(({ address: { target, path }, query, method, headers, body }) => ({
        via: 'http',
        kind: 'address',
        target,
        done: [`${method} ${path.slice(0, 80)}${query.slice(0, 40)}`, Object.keys(headers).join(', ')],
        method,
        path: path + query,
        headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
        body: body === undefined ? undefined : Buffer.from(body),
        repeatable: true,
      }))
  );
}
