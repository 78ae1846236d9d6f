import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express from 'express';
import { smartAppPages } from '../../src/pages/smart-app-pages.ts';
import { violationsOf } from '../support/accessibility.ts';
import { call, type Served, serve } from '../support/http.ts';
import { guideline, PUBLIC_URL } from '../support/service.ts';

const ISS = 'https://ehr.example/fhir';
const TOKEN_ORIGIN = 'https://login.ehr.example';

let service: Served;

beforeAll(async () => {
  const app = express();
  app.use(
    smartAppPages({
      clientIdFor: (iss) => (iss === ISS ? 'the "app"' : undefined),
      publicUrl: () => PUBLIC_URL,
      guideline,
      origins: () => ['https://ehr.example', TOKEN_ORIGIN],
    }),
  );
  service = await serve(app);
});
afterAll(() => service.close());

function launch(parameters: Readonly<Record<string, string>> | string) {
  return call(`${service.url}/smart/launch?${new URLSearchParams(parameters)}`);
}

describe('the launch address', () => {
  test('is a page that knows what to ask the EHR for, and where it is to answer', async () => {
    const { status, text } = await launch({ iss: ISS, launch: 'abc' });
    expect(status).toBe(200);
    expect(text).toContain(`data-iss="${ISS}" data-launch="abc" data-client-id="the &#34;app&#34;"`);
    expect(text).toContain(`data-redirect-uri="${PUBLIC_URL}/smart/"`);
    expect(text).toContain('data-scope="launch openid fhirUser patient/Patient.rs patient/Condition.rs"');
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
    const { status, text } = await launch({ iss, launch: 'abc' });
    expect(status).toBe(403);
    expect(text).toContain('no EHR that has registered this app');
    expect(text).not.toContain('<script');
    expect(text).not.toMatch(/evil|alert|Call us/);
  });

  test.each([
    ['without parameters', ''],
    ['without a launch', `iss=${ISS}`],
    ['with an empty launch', `iss=${ISS}&launch=`],
    ['without an EHR', 'launch=abc'],
    ['with two EHRs', `iss=${ISS}&iss=https://evil.example&launch=abc`],
    ['with a list of launches', `iss=${ISS}&launch=a&launch=b`],
  ])('is of no use %s', async (_name, query) => {
    const { status, text } = await launch(query);
    expect(status).toBe(400);
    expect(text).toContain('each once');
    expect(text).not.toContain('<script');
  });
});

test('its pages run no script but their own, talk to registered EHRs alone, and are not kept', async () => {
  for (const path of [`/smart/launch?iss=${ISS}&launch=x`, '/smart/launch', '/smart/']) {
    const { headers, text } = await call(`${service.url}${path}`);
    expect(headers.get('content-security-policy')?.split(';')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `connect-src 'self' https://ehr.example ${TOKEN_ORIGIN}`,
      "frame-ancestors 'self'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(text).not.toMatch(/<script(?![^>]* src=)|\son\w+=|style=/);
  }
});

test('the redirect address is told by no parameter what to show', async () => {
  const [plain, sent] = await Promise.all(
    ['', '?code=secret-code&state=x&error=y'].map((query) => call(`${service.url}/smart/${query}`)),
  );
  expect(sent?.text).toBe(plain?.text);
});

test('every card can be named by the app, with its page', async () => {
  const { text } = await call(`${service.url}/smart/`);
  for (const { file } of [...guideline.cards, ...guideline.off])
    expect(text).toContain(`<a href="/evidence/${file.id}" data-card="${file.id}">`);
});

describe('its files', () => {
  test('are served with their types, and all that the pages ask for is there', async () => {
    const pages = await Promise.all([launch({ iss: ISS, launch: 'x' }), call(`${service.url}/smart/`)]);
    const asked = pages.flatMap(({ text }) =>
      [...text.matchAll(/"(\/smart\/assets\/[^"]+)"/g)].map(([, path = '']) => path),
    );
    const modules = new Set(asked);
    for (const path of modules) {
      const { status, headers, text } = await call(`${service.url}${path}`);
      expect([path, status]).toEqual([path, 200]);
      const type = path.endsWith('.css') ? 'text/css' : 'text/javascript';
      expect(headers.get('content-type')).toBe(`${type}; charset=utf-8`);
      for (const [, name = ''] of text.matchAll(/from '\.\/([\w-]+\.js)'/g)) modules.add(`/smart/assets/${name}`);
    }
    expect([...modules].toSorted()).toEqual(expect.arrayContaining(['/smart/assets/app.css', '/smart/assets/json.js']));
  });

  test.each(['nothing.js', '..%2fmain.ts', '%2e%2e/%2e%2e/package.json', '__proto__'])(
    'are no others: %s',
    async (name) => {
      expect((await call(`${service.url}/smart/assets/${name}`)).status).toBe(404);
    },
  );
});

test.each([`/smart/launch?iss=${ISS}&launch=x`, '/smart/launch?iss=x&launch=x', '/smart/launch', '/smart/'])(
  'axe-core finds nothing wrong with %s',
  async (path) => {
    expect(await violationsOf((await call(`${service.url}${path}`)).text)).toEqual([]);
  },
);
