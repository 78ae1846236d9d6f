import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { violationsOf } from '../support/accessibility.ts';
import { call, type Served } from '../support/http.ts';
import { PUBLIC_URL } from '../support/service.ts';
import { ISS, serveSmartApp } from './smart-app-served.ts';

let service: Served;
let broken: Served;

beforeAll(async () => {
  service = await serveSmartApp();
  broken = await serveSmartApp({ files: async () => undefined });
});
afterAll(() => Promise.all([service.close(), broken.close()]));

function launch(parameters: Readonly<Record<string, string>> | string) {
  return call(`${service.url}/smart/launch?${new URLSearchParams(parameters)}`);
}

describe('the launch address', () => {
  test('is a page that knows where to ask for access, and where the answer is to go', async () => {
    const { status, text } = await launch({ iss: ISS, launch: 'abc' });
    expect(status).toBe(200);
    expect(text).toContain(`data-iss="${ISS}" data-launch="abc" data-client-id="the &#34;app&#34;"`);
    expect(text).toContain(`data-redirect-uri="${PUBLIC_URL}/smart/"`);
  });

  test('without a launch is that of a standalone one', async () => {
    const { status, text } = await launch({ iss: ISS });
    expect(status).toBe(200);
    expect(text).toContain(`data-iss="${ISS}" data-launch="" data-client-id=`);
  });

  test('takes what a launch says as text', async () => {
    const { text } = await launch({ iss: ISS, launch: '"><script>alert(1)</script>' });
    expect(text).toContain('data-launch="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  });

  test.each([
    ['another server', 'https://evil.example/fhir'],
    ['a script', 'javascript:alert(1)'],
    ['markup', '<h1>Call us</h1>'],
  ])('is refused to an EHR that is not known, and repeats nothing of it: %s', async (_name, iss) => {
    for (const launched of [{ iss, launch: 'abc' }, { iss }]) {
      const { status, text } = await launch(launched);
      expect(status).toBe(403);
      expect(text).toContain('no EHR that has registered this app');
      expect(text).not.toContain('<script');
      expect(text).not.toMatch(/evil|alert|Call us/);
    }
  });

  test.each([
    ['without parameters', ''],
    ['with an empty launch', `iss=${ISS}&launch=`],
    ['without an EHR', 'launch=abc'],
    ['with an empty EHR', 'iss=&launch=abc'],
    ['with two EHRs', `iss=${ISS}&iss=https://evil.example&launch=abc`],
    ['with a list of launches', `iss=${ISS}&launch=a&launch=b`],
    ['with an EHR that is an object', `iss[x]=${ISS}&launch=a`],
  ])('is of no use %s', async (_name, query) => {
    const { status, text } = await launch(query);
    expect(status).toBe(400);
    expect(text).toContain('once');
    expect(text).not.toContain('<script');
  });
});

const PAGES = [
  ['launched', `/smart/launch?iss=${ISS}&launch=x`, 200],
  ['launched by itself', `/smart/launch?iss=${ISS}`, 200],
  ['from nowhere', '/smart/launch', 400],
  ['from an EHR that is not known', '/smart/launch?iss=x&launch=x', 403],
  ['after the launch', '/smart/', 200],
] as const;

describe.each(PAGES)('a page %s', (_name, path, status) => {
  test('runs no script but its own, talks to registered EHRs alone, and opens in their frames alone', async () => {
    const { status: answered, headers, text } = await call(`${service.url}${path}`);
    expect(answered).toBe(status);
    expect(headers.get('content-security-policy')?.split(';')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self' https://ehr.example https://login.ehr.example",
      "frame-ancestors 'self' https://portal.ehr.example https://ward.ehr.example:8443",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    // It would forbid what frame-ancestors allows.
    expect(headers.get('x-frame-options')).toBeNull();
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|style=/);
  });

  test('is not kept, tells nobody its address, and has no use for devices', async () => {
    const { headers } = await call(`${service.url}${path}`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringMatching(/camera=\(\).*geolocation=\(\).*microphone=\(\)/),
    });
    expect(headers.get('permissions-policy')).not.toContain('clipboard-write');
  });

  test('can be closed by the EHR that opened it', async () => {
    expect((await call(`${service.url}${path}`)).headers.get('cross-origin-opener-policy')).toBeNull();
  });

  test('has nothing wrong with it that axe-core finds', async () => {
    expect(await violationsOf((await call(`${service.url}${path}`)).text)).toEqual([]);
  });

  test('loads what is there, from beside itself', async () => {
    const { text } = await call(`${service.url}${path}`);
    const asked = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
    expect(asked.length).toBeGreaterThan(0);
    for (const address of asked) {
      expect(address).toMatch(/^assets\//);
      expect((await call(new URL(address, `${service.url}${path}`).href)).status).toBe(200);
    }
  });

  test('says that the app is not available if it could not be built', async () => {
    const { status: answered, headers, text } = await call(`${broken.url}${path}`);
    expect(answered).toBe(503);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain('The app is not available');
    expect(text).not.toContain('<script');
    expect(await violationsOf(text)).toEqual([]);
  });
});

test('the redirect address is told by no parameter what to show', async () => {
  const [plain, sent] = await Promise.all(
    ['', '?code=secret-code&state=x&error=y&iss=z'].map((query) => call(`${service.url}/smart/${query}`)),
  );
  expect(sent?.text).toBe(plain?.text);
});

test.each(['/smart', '/smart/launch/'])('%s is no page: what it loads would be looked for elsewhere', async (path) => {
  expect((await call(`${service.url}${path}`)).status).toBe(404);
});

test('without further origins pages talk to the service, and are framed by it, alone', async () => {
  const alone = await serveSmartApp({
    registrations: { siteFor: () => undefined, origins: [], frameAncestors: [] },
  });
  const policy = (await call(`${alone.url}/smart/`)).headers.get('content-security-policy')?.split(';');
  expect(policy).toEqual(expect.arrayContaining(["connect-src 'self'", "frame-ancestors 'self'"]));
  await alone.close();
});
