import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { JSDOM } from 'jsdom';
import { FeedbackStoreError } from '../../src/feedback/feedback-store.ts';
import { insightsTables } from '../../src/feedback/insights/tables.ts';
import type { Drawn } from '../plots/drawn.ts';
import { violationsOf } from '../support/accessibility.ts';
import { call, type Reply, type Served } from '../support/http.ts';
import { HOSTILE, madeUpReport, serveInsights } from './insights-served.ts';

// axe-core takes a while for a page of many tables.
jest.setTimeout(120_000);

const SEARCH = 'from=2026-11-10&to=2026-11-22';

let service: Served;
let page: Reply;
let document: Drawn;

beforeAll(async () => {
  service = await serveInsights();
  page = await call(`${service.url}/insights?${SEARCH}`);
  document = new JSDOM(page.text).window.document as Drawn;
});
afterAll(() => service.close());

function texts(selector: string, within: Drawn = document): readonly string[] {
  return [...within.querySelectorAll(selector)].map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim());
}

/** A rate and the bounds of its interval; one dash stands for all three. */
function folded(
  row: readonly (string | number)[],
  columns: readonly { readonly group: string | undefined }[],
): readonly string[] {
  return row
    .filter(
      (cell, at) =>
        !(
          cell === '–' &&
          columns[at]?.group !== undefined &&
          columns[at]?.group === columns[at - 1]?.group &&
          row[at - 1] === '–'
        ),
    )
    .map(String);
}

/** The numbers and words of a row, one after the other, without what only helps to read them. */
function cellsOf(row: readonly string[]): readonly string[] {
  return row
    .join(' ')
    .replaceAll(/(?<=\d),(?=\d{3})/g, '')
    .split(/[\s,%]+|\bto\b/)
    .filter((cell) => cell !== '');
}

describe('the page', () => {
  test('says on top what is counted and what is not, of which days', () => {
    expect(page.status).toBe(200);
    expect(texts('.lead')[0]).toMatch(/from 2026-11-10 to 2026-11-22 \(13 days, UTC\).*not patients and not people/);
  });

  test('has every table of the report with every cell of it, beside what it is of, in words', () => {
    const tables = insightsTables(
      madeUpReport({ from: '2026-11-10', to: '2026-11-22', client: undefined, service: undefined }),
    );
    const shown = new Map(
      [...document.querySelectorAll('.table')].map((table) => [texts('caption', table)[0] ?? '', table]),
    );
    expect(shown.size).toBe(tables.length);
    for (const { caption, columns, rows, denominators } of tables) {
      const table = shown.get(caption.replaceAll(/\s+/g, ' '));
      if (table === undefined) throw new Error(`There is no table ${caption}`);
      expect(texts('.denominators', table)[0]).toContain(denominators.slice(0, 40));
      expect([...table.querySelectorAll('tbody tr')].map((row) => cellsOf(texts('th, td', row)))).toEqual(
        rows.map((row) => cellsOf(folded(row, columns))),
      );
    }
  });

  test('puts the card with the largest burden first and flags it in words', () => {
    const [first = ''] = texts('section[aria-labelledby="cards"] tbody tr');
    expect(first).toMatch(/^Baseline brain MRI at staging.*more than half overridden/);
    expect(texts('.flagged li')).toEqual(['Baseline brain MRI at staging, version 1.0.0']);
  });

  test('shows a count with its rate and interval, and a dash where there is nothing to divide by', () => {
    expect(texts('section[aria-labelledby="cards"] tbody td')).toContain('40 91 %, 79 to 96');
    const unanswered = [...document.querySelectorAll('section[aria-labelledby="cards"] tbody tr')].find(
      ({ textContent }) => textContent.startsWith('chest-ct'),
    );
    expect(unanswered && texts('td', unanswered).slice(6, 8)).toEqual(['0 –', '0 –']);
  });

  test('names no point of a trend that stands on fewer than five answers, or showings', () => {
    const ofMri = [...document.querySelectorAll('.multiple')].find(({ textContent }) =>
      textContent.includes('Baseline brain MRI at staging'),
    );
    const ofChest = [...document.querySelectorAll('.multiple')].find(({ textContent }) =>
      textContent.includes('chest-ct'),
    );
    // Points have a place; the two in the legend too. Two lines of two weeks, and none.
    expect(ofMri?.querySelectorAll('svg path[transform]').length).toBe(6);
    expect(ofChest?.querySelectorAll('svg path[transform]').length).toBe(2);
    expect(texts('.multiple svg desc')[0]).toContain('A week with fewer than 5 answers, or showings, has no point.');
    expect(texts('section[aria-labelledby="trends"] > .denominators')[0]).toMatch(
      /the last weeks may still get answers\. A week with fewer than 5 answers/,
    );
  });

  test('says what a flag does not', () => {
    expect(texts('.flagged p')[0]).toContain('Whether an override was right these figures do not say.');
  });

  test('says on top from when nothing is known, if that is within the window', async () => {
    expect(page.text).not.toContain('The record begins');
    const { text } = await call(`${service.url}/insights?from=2026-11-09&to=2026-11-22`);
    expect(text).toContain('The record begins on 2026-11-10: of the days before it nothing is known.');
  });

  test('goes month by month where the weeks are too many', async () => {
    const { text } = await call(`${service.url}/insights?days=365`);
    expect(text).toContain('Month by month');
    expect(text).toContain('Each point is one calendar month, since the window has more than 40 weeks, UTC');
    expect(page.text).toContain('Week by week');
  });

  test('of one day says so', async () => {
    expect((await call(`${service.url}/insights?from=2026-11-22`)).text).toContain('(1 day, UTC)');
  });

  test('shows a trend for each card, with the new version in it', () => {
    expect(texts('.multiple h3')).toContain('Baseline brain MRI at staging');
    expect(texts('.multiple svg desc').some((text) => text.includes('New versions: 1.0.0 on 2026-11-17'))).toBe(true);
  });

  test('warns before comments, and of feedback that it does not count', () => {
    expect(page.text).toContain('Comments may name a patient.');
    expect(page.text).toContain('2 entries of feedback came on cards that are not on record here');
  });

  test('keeps the window when it offers clients, and the client when it offers windows', async () => {
    const { text } = await call(`${service.url}/insights?${SEARCH}&client=General+Hospital`);
    expect(text).toContain('<option selected>General Hospital</option>');
    expect(text).toContain('value="2026-11-10"');
    expect(text).toContain('/insights?days=7&amp;client=General+Hospital');
    expect(text).toContain('Only client “General Hospital”.');
  });

  test('takes nothing for markup, wherever it stands', () => {
    expect(document.querySelectorAll('img, script, [style], [onerror]')).toHaveLength(0);
    expect(document.querySelector('body')?.textContent).toContain(HOSTILE);
  });

  test('has nothing that axe-core finds wrong', async () => {
    expect(await violationsOf(page.text)).toEqual([]);
  });

  test('is kept nowhere, framed by nobody, and asks for nothing from elsewhere', () => {
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none';style-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'",
    );
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.text).not.toMatch(/(?:href|src|action)="(?!\/|#)/);
  });

  test('is linked from the start page', async () => {
    expect((await call(service.url)).text).toContain('href="/insights"');
  });
});

describe('a table as CSV', () => {
  test('has exactly the cells of the table, by the link beside it', async () => {
    const links = [...document.querySelectorAll('.table a[href*=".csv"]')].map(
      (link) => link.getAttribute('href') ?? '',
    );
    expect(links).toHaveLength(document.querySelectorAll('.table').length);
    const replies = await Promise.all(links.map((link) => call(new URL(link, service.url).href)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(replies.map(({ headers }) => headers.get('content-type')))).toEqual(
      new Set(['text/csv; charset=utf-8']),
    );
    expect(links).toContain(`/insights/reasons.csv?${SEARCH}`);
  });

  test('is a file with a name that says what it is', async () => {
    const { headers, text } = await call(`${service.url}/insights/clients.csv?${SEARCH}`);
    expect(headers.get('content-disposition')).toBe('attachment; filename=insights-clients-2026-11-10-2026-11-22.csv');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).toContain('General Hospital');
    expect(text).toContain('open mode');
  });

  test('of one client or service is named after it, in characters that are safe anywhere', async () => {
    const nameFor = async (search: string) =>
      (await call(`${service.url}/insights/clients.csv?${SEARCH}&${search}`)).headers.get('content-disposition');
    const name = (filters: string) => `attachment; filename=insights-clients-2026-11-10-2026-11-22-${filters}.csv`;
    expect(await nameFor('client=General+Hospital&service=asps-order-sign')).toBe(
      name('General-Hospital-asps-order-sign'),
    );
    expect(await nameFor(`client=${encodeURIComponent('../..\\"évil;')}`)).toBe(name('vil'));
    expect(await nameFor(`client=${encodeURIComponent('病院')}`)).toBe(name('one-client'));
  });

  test('that cannot be is not found, and nothing is read for it', async () => {
    let count = 0;
    const counting = await serveInsights({
      read: async (query) => {
        count += 1;
        return madeUpReport(query);
      },
    });
    expect((await call(`${counting.url}/insights/none.csv`)).status).toBe(404);
    await counting.close();
    expect(count).toBe(0);
  });

  test('of another name is not found', async () => {
    expect((await call(`${service.url}/insights/none.csv`)).status).toBe(404);
    expect((await call(`${service.url}/insights/cards`)).status).toBe(404);
  });
});

test.each(['/insights?days=8', '/insights/cards.csv?days=8'])('%s is refused with what is wrong', async (path) => {
  const { status, text } = await call(`${service.url}${path}`);
  expect(status).toBe(400);
  expect(text).toContain('“days” must be one of 7, 30, 90, 365.');
  expect(await violationsOf(text)).toEqual([]);
});

test('of an empty store it says so', async () => {
  const empty = await serveInsights({
    read: async (query) => ({
      ...madeUpReport({ ...query, client: 'nobody' }),
      trends: [],
      comments: [],
    }),
  });
  const { status, text } = await call(`${empty.url}/insights`);
  await empty.close();
  expect(status).toBe(200);
  expect(text).toContain('nothing in this window');
  expect(await violationsOf(text)).toEqual([]);
});

describe('when the store cannot be read', () => {
  test('it is said plainly, and when to come again; what was read before is not shown', async () => {
    const down = await serveInsights({
      read: async () => {
        throw new FeedbackStoreError('locked');
      },
    });
    const replies = await Promise.all(['/insights', '/insights/cards.csv'].map((path) => call(`${down.url}${path}`)));
    await down.close();
    for (const { status, headers, text } of replies) {
      expect([status, headers.get('retry-after')]).toEqual([503, '5']);
      expect(text).toContain('Cards are shown to clinicians all the same.');
    }
  });

  test('the next who asks is not answered from a failure', async () => {
    let isDown = true;
    const shaky = await serveInsights({
      keptMs: 60_000,
      read: async (query) => {
        if (isDown) throw new FeedbackStoreError('locked');
        return madeUpReport(query);
      },
    });
    expect((await call(`${shaky.url}/insights`)).status).toBe(503);
    isDown = false;
    expect((await call(`${shaky.url}/insights`)).status).toBe(200);
    await shaky.close();
  });
});

test('where several wait already nobody joins them, and is told when to come again', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const busy = await serveInsights({
    read: async (query) => {
      begin();
      await released;
      return madeUpReport(query);
    },
  });
  const replies = Array.from({ length: 12 }, (_, at) => call(`${busy.url}/insights/calls.csv?client=${at}`));
  await begun;
  const refused = await Promise.any(
    replies.map(async (reply) => {
      const { status, headers, text } = await reply;
      if (status !== 503) throw new Error('It was answered');
      return [headers.get('retry-after'), text.includes('Please try again in a few seconds.')];
    }),
  );
  expect(refused).toEqual(['5', true]);
  release();
  const statuses = (await Promise.all(replies)).map(({ status }) => status);
  // Whoever came once some were answered was let in.
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(5);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  expect((await call(`${busy.url}/insights/calls.csv?client=again`)).status).toBe(200);
  await busy.close();
});

test.each([
  ['cross-site', 'no-cors', 403],
  ['cross-site', 'navigate', 200],
  ['same-origin', 'no-cors', 200],
])('what a page %s sends for by %s is answered with %i', async (site, mode, status) => {
  // `fetch` sets these headers by itself.
  const headers = { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode };
  const request = get(`${service.url}/insights/calls.csv?${SEARCH}`, { headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = await textOf(response);
  expect(response.statusCode).toBe(status);
  expect(body.includes('A page of another site has sent this.')).toBe(status === 403);
});

test('its address is written in one way, so that a proxy can keep it to itself', async () => {
  expect((await call(`${service.url}/INSIGHTS`)).status).toBe(404);
});

test('a report is read once for the page and its tables, and two are not read at once', async () => {
  let reading = 0;
  let mostAtOnce = 0;
  let count = 0;
  const busy = await serveInsights({
    keptMs: 60_000,
    read: async (query) => {
      reading += 1;
      count += 1;
      mostAtOnce = Math.max(mostAtOnce, reading);
      await new Promise((resolve) => setImmediate(resolve));
      reading -= 1;
      return madeUpReport(query);
    },
  });
  const paths = [
    '/insights',
    '/insights/cards.csv',
    '/insights?days=7',
    '/insights/reasons.csv?days=7',
    '/insights?days=30',
  ];
  const statuses = await Promise.all(paths.map(async (path) => (await call(`${busy.url}${path}`)).status));
  await busy.close();
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect([count, mostAtOnce]).toEqual([3, 1]);
});
