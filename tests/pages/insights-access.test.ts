import { afterEach, describe, expect, test } from '@jest/globals';
import { call, type Served } from '../support/http.ts';
import { serveInsights, TOKEN } from './insights-served.ts';

const served: Served[] = [];

async function open(options: Parameters<typeof serveInsights>[0] = {}): Promise<string> {
  const started = await serveInsights(options);
  served.push(started);
  return started.url;
}
afterEach(async () => {
  await Promise.all(served.splice(0).map((each) => each.close()));
});

async function signIn(
  url: string,
  token: string,
  more: Record<string, string> = {},
  headers: Record<string, string> = {},
) {
  return call(`${url}/insights/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ token, ...more }).toString(),
  });
}

function cookieOf(headers: Headers): string {
  return headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('with a token', () => {
  test('nobody sees anything without it: neither the page nor a table', async () => {
    const url = await open({ adminToken: TOKEN });
    for (const path of ['/insights', '/insights?days=7', '/insights/cards.csv', '/insights/none.csv']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { status, text, headers } = await call(`${url}${path}`);
      expect([path, status]).toEqual([path, 401]);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(text).toContain('autocomplete="current-password"');
      expect(text).not.toContain('Baseline brain MRI');
    }
  });

  test('not even in open mode on this machine', async () => {
    const url = await open({ adminToken: TOKEN, isOpen: true });
    expect((await call(`${url}/insights`)).status).toBe(401);
  });

  test('a form signs in, the cookie is known from then on, and signing out takes it away', async () => {
    const url = await open({ adminToken: TOKEN });
    const { status, headers } = await signIn(url, TOKEN);
    expect([status, headers.get('location')]).toEqual([303, '/insights']);
    const cookie = cookieOf(headers);
    const page = await call(`${url}/insights`, { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Sign out');
    expect((await call(`${url}/insights/cards.csv`, { headers: { cookie } })).status).toBe(200);
    const out = await call(`${url}/insights/sign-out`, { method: 'POST', redirect: 'manual', headers: { cookie } });
    expect([out.status, out.headers.get('location'), cookieOf(out.headers)]).toEqual([
      303,
      '/insights',
      'insights-session=',
    ]);
  });

  test('the cookie is for https alone if people come by https', async () => {
    const http = await signIn(await open({ adminToken: TOKEN }), TOKEN);
    expect(http.headers.get('set-cookie')).not.toContain('Secure');
    const https = await signIn(await open({ adminToken: TOKEN, publicUrl: () => 'https://cds.example' }), TOKEN);
    expect(https.headers.get('set-cookie')).toContain('; Secure');
  });

  test('another instance with the same token knows the session', async () => {
    const [one, other] = [await open({ adminToken: TOKEN }), await open({ adminToken: TOKEN })];
    const cookie = cookieOf((await signIn(one, TOKEN)).headers);
    expect((await call(`${other}/insights`, { headers: { cookie } })).status).toBe(200);
  });

  test('what was asked for before is shown then, and no other place is ever led to', async () => {
    const url = await open({ adminToken: TOKEN });
    const { text } = await call(`${url}/insights?client=A%26B&days=7`);
    expect(text).toContain('name="search" value="client=A%26B&amp;days=7"');
    const asked = await signIn(url, TOKEN, { search: 'client=A%26B&days=7' });
    expect(asked.headers.get('location')).toBe('/insights?from=2026-11-16&to=2026-11-22&client=A%26B');
    for (const search of [
      '//evil.example',
      'https://evil.example',
      '/../..',
      'next=https://evil.example',
      '\r\nX: y',
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { headers } = await signIn(url, TOKEN, { search });
      expect(headers.get('location')).toBe('/insights');
    }
  });

  test('a script brings the token as a bearer', async () => {
    const url = await open({ adminToken: TOKEN });
    const bring = (authorization: string) => call(`${url}/insights/cards.csv`, { headers: { authorization } });
    expect((await bring(`Bearer ${TOKEN}`)).status).toBe(200);
    expect((await bring(`bearer ${TOKEN}`)).status).toBe(200);
    expect((await bring(`Basic ${TOKEN}`)).status).toBe(401);
    expect((await bring(`Bearer ${TOKEN}x`)).status).toBe(401);
  });

  test.each(['', 'wrong', `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase()])('%j is not the token', async (wrong) => {
    const { status, text, headers } = await signIn(await open({ adminToken: TOKEN }), wrong);
    expect(status).toBe(401);
    expect(text).toContain('That is not the token.');
    expect(headers.get('set-cookie')).toBeNull();
  });

  test('a form of another site neither signs in nor out', async () => {
    const url = await open({ adminToken: TOKEN });
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const { status, headers } = await signIn(url, TOKEN, {}, foreign);
    expect([status, headers.get('set-cookie')]).toEqual([403, null]);
    const out = await call(`${url}/insights/sign-out`, { method: 'POST', headers: foreign });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([403, null]);
  });

  test('after ten wrong ones in a minute no token is looked at, and whoever is signed in goes on', async () => {
    const url = await open({ adminToken: TOKEN });
    const cookie = cookieOf((await signIn(url, TOKEN)).headers);
    const tries = await Promise.all(Array.from({ length: 10 }, () => signIn(url, 'wrong')));
    expect(new Set(tries.map(({ status }) => status))).toEqual(new Set([401]));
    const refused = await signIn(url, TOKEN);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(refused.headers.get('set-cookie')).toBeNull();
    expect((await call(`${url}/insights`, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(429);
    expect((await call(`${url}/insights`, { headers: { cookie } })).status).toBe(200);
    // Who brings none is asked for it.
    expect((await call(`${url}/insights`)).status).toBe(401);
  });

  test('right ones are not counted', async () => {
    const url = await open({ adminToken: TOKEN });
    const statuses: number[] = [];
    for (let at = 0; at < 15; at += 1) {
      // oxlint-disable-next-line no-await-in-loop -- as a script that fetches one table after another
      const { status } = await call(`${url}/insights/cards.csv`, { headers: { authorization: `Bearer ${TOKEN}` } });
      statuses.push(status);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('without a token', () => {
  test('in open mode whoever is on this machine sees them', async () => {
    const url = await open();
    const { status, text } = await call(`${url}/insights`);
    expect(status).toBe(200);
    expect(text).not.toContain('Sign out');
  });

  test('nobody sees them through a proxy', async () => {
    const url = await open();
    for (const path of ['/insights', '/insights/cards.csv']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { status, text } = await call(`${url}${path}`, { headers: { 'x-forwarded-for': '192.0.2.7' } });
      expect([path, status]).toEqual([path, 403]);
      expect(text).toContain('ADMIN_TOKEN');
      expect(text).not.toContain('Baseline brain MRI');
    }
  });

  test('with real clients there are none', async () => {
    const url = await open({ isOpen: false });
    expect((await call(`${url}/insights`)).status).toBe(404);
    expect((await call(`${url}/insights/cards.csv`)).status).toBe(404);
    expect((await call(url)).text).not.toContain('href="/insights"');
  });
});
