import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundledOnce } from '../../src/pages/smart-app-assets.ts';
import { call, type Served } from '../support/http.ts';
import { FAKE_BUNDLE } from './fake-bundle.ts';
import { serveSmartApp } from './smart-app-served.ts';

let service: Served;

beforeAll(async () => {
  service = await serveSmartApp();
});
afterAll(() => service.close());

describe('the app’s files', () => {
  test.each([
    ['app-111.js', 'text/javascript'],
    ['launch-333.js', 'text/javascript'],
    ['fhir-client-555.js', 'text/javascript'],
    ['app-222.css', 'text/css'],
    ['launch-444.css', 'text/css'],
  ])('are served with their types, and kept for good: %s', async (name, type) => {
    const { status, headers } = await call(`${service.url}/smart/assets/${name}`);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  test.each(['gzip', 'br'])('are compressed for who takes %s, and whole', async (encoding) => {
    const { headers, text } = await call(`${service.url}/smart/assets/app-111.js`, {
      headers: { 'accept-encoding': encoding },
    });
    expect(headers.get('content-encoding')).toBe(encoding);
    expect(headers.get('vary')).toContain('Accept-Encoding');
    expect(text).toBe(FAKE_BUNDLE.appScript.content.toString());
  });

  test('are sent as they are to who takes nothing else', async () => {
    const { headers, text } = await call(`${service.url}/smart/assets/app-111.js`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(headers.get('content-encoding')).toBeNull();
    expect(text).toBe(FAKE_BUNDLE.appScript.content.toString());
  });

  test.each([
    'app.js',
    'app-112.js',
    'main.tsx',
    'appScript',
    'name',
    '..%2fmain.ts',
    '%2e%2e/%2e%2e/package.json',
    '__proto__',
    'constructor',
    '',
  ])('are no others: %s', async (name) => {
    const { status, text } = await call(`${service.url}/smart/assets/${name}`);
    expect([status, text]).toEqual([404, 'not the app']);
  });

  test('are not there if they could not be built', async () => {
    const broken = await serveSmartApp({ files: async () => undefined });
    expect((await call(`${broken.url}/smart/assets/app-111.js`)).status).toBe(404);
    await broken.close();
  });
});

describe('the bundle', () => {
  test('is made when it is first asked for, and once for all who ask', async () => {
    let times = 0;
    const files = bundledOnce(
      async () => {
        times += 1;
        return FAKE_BUNDLE;
      },
      () => {},
    );
    expect(times).toBe(0);
    expect(await Promise.all([files(), files()])).toEqual([FAKE_BUNDLE, FAKE_BUNDLE]);
    expect(await files()).toBe(FAKE_BUNDLE);
    expect(times).toBe(1);
  });

  test('that cannot be made is not there, and the reason is told once', async () => {
    const told: (readonly string[])[] = [];
    const files = bundledOnce(
      async () => ({ problems: ['main.tsx:1: no'] }),
      (problems) => told.push(problems),
    );
    expect([await files(), await files()]).toEqual([undefined, undefined]);
    expect(told).toEqual([['main.tsx:1: no']]);
  });
});
