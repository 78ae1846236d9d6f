import { afterAll, beforeAll, expect, test } from '@jest/globals';
import helmet from 'helmet';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { call, type Served } from '../support/http.ts';
import { serveBehind } from './served-behind.ts';

let served: Served;

beforeAll(async () => {
  const page = helmet({ contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'self'"] } } });
  served = await serveBehind(securityHeaders(), (request, response, next) => {
    if (request.path === '/error') throw new TypeError('x');
    if (request.path === '/page') page(request, response, () => response.send('<p>'));
    else if (request.path === '/') response.json({});
    else next();
  });
});

afterAll(() => served.close());

test.each(['/', '/error'])('no browser renders, frames or guesses what is at %s', async (path) => {
  const { headers } = await call(served.url + path);
  expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('a client in a browser of another origin may read it (CH-181)', async () => {
  const { headers } = await call(served.url);
  expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
});

test('what is said of a patient is kept by nobody on the way', async () => {
  const posted = await Promise.all(['/', '/error'].map((path) => call(served.url + path, { method: 'POST' })));
  expect(posted.map(({ headers }) => headers.get('cache-control'))).toEqual(['no-store', 'no-store']);
  expect((await call(served.url)).headers.get('cache-control')).toBeNull();
});

test('transport security is for whoever terminates TLS to promise', async () => {
  expect((await call(served.url)).headers.get('strict-transport-security')).toBeNull();
});

test('a page has its own over these', async () => {
  const { headers } = await call(`${served.url}/page`);
  expect(headers.get('content-security-policy')).toBe("default-src 'self'");
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
});
