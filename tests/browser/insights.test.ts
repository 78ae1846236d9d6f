import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { readInsights } from '../../src/feedback/insights/read-insights.ts';
import type { Database } from '../../src/feedback/store/database.ts';
import { openDatabase } from '../../src/feedback/store/open-database.ts';
import { fillStore } from '../../src/insights-demo/fill-store.ts';
import { insightsWords } from '../../src/pages/insights-words.ts';
import { NOW, serveInsights, TOKEN } from '../pages/insights-served.ts';
import { describeInBrowser, type Visit, type VisitOptions, visit } from '../support/browser.ts';
import type { Served } from '../support/http.ts';
import { focusOf, sidewaysOverflow, violationsIn } from '../support/page-accessibility.ts';
import { guideline } from '../support/service.ts';

/** Nothing is timed by it. */
const PATIENCE_MS = 180_000;
const SCREEN = { width: 1400, height: 788 } as const;
/** Of the pictures in the documents. */
const MOST_BYTES = 300_000;
const LOOKS = [
  [400, 'light'],
  [400, 'dark'],
  [1400, 'light'],
  [1400, 'dark'],
] as const;

/** Where the keyboard is; the parts of a field for a day are the browser's own, and so is how they show it. */
const PLACE = `(() => {
  const at = document.activeElement;
  const name = at.name || at.getAttribute('aria-label') || at.textContent.trim();
  const isShown = at.type === 'date' || getComputedStyle(at).outlineStyle !== 'none';
  return [at.localName, name, ...(isShown ? [] : ['not outlined'])].join(' ');
})()`;

jest.setTimeout(PATIENCE_MS);

describeInBrowser('the insights in a browser, from a store of made-up data', (browser) => {
  const folder = mkdtempSync(join(tmpdir(), 'asps-insights-'));
  const visits: Visit[] = [];
  let database: Database;
  let service: Served;

  beforeAll(async () => {
    database = await openDatabase(`sqlite:${join(folder, 'made-up.db')}`);
    await fillStore(database, guideline, { last: '2026-11-22', days: 60 });
    const words = insightsWords([guideline]);
    service = await serveInsights({
      adminToken: TOKEN,
      read: (query) => readInsights(database, query, words, NOW),
      keptMs: 60_000,
    });
  });
  afterAll(async () => {
    await service.close();
    await database.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    const complaints = visits.flatMap((opened) => opened.takeComplaints());
    await Promise.all(visits.splice(0).map((opened) => opened.close()));
    // A browser tells of each page that it was not let into.
    const faults = complaints.filter((complaint) => !complaint.includes('status of 401'));
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });

  async function open(path = '/insights', options: VisitOptions = {}): Promise<Page> {
    const opened = await visit(browser(), service.url, { reducedMotion: 'reduce', ...options });
    visits.push(opened);
    await opened.page.goto(path);
    return opened.page;
  }

  async function signIn(page: Page): Promise<void> {
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Insights' }).waitFor();
  }

  async function faultsOf(page: Page): Promise<readonly string[]> {
    const faults: string[] = [];
    for (const [width, colorScheme] of LOOKS) {
      // oxlint-disable-next-line no-await-in-loop -- one page, laid out anew each time
      await page.setViewportSize({ width, height: 900 });
      // oxlint-disable-next-line no-await-in-loop -- as above
      await page.emulateMedia({ colorScheme });
      // oxlint-disable-next-line no-await-in-loop -- as above
      const [violations, overflow] = [await violationsIn(page), await sidewaysOverflow(page)];
      if (overflow > 0) faults.push(`${width}, ${colorScheme}: scrolls sideways by ${overflow}`);
      faults.push(...violations.map((violation) => `${width}, ${colorScheme}: ${violation}`));
    }
    return faults;
  }

  test('axe-core finds nothing, and nothing is too wide: on the sign-in page, the insights, and with a table opened', async () => {
    const page = await open();
    expect(await faultsOf(page)).toEqual([]);
    await signIn(page);
    await page.locator('summary').first().click();
    expect(await faultsOf(page)).toEqual([]);
  });

  test('by keyboard alone one signs in, opens the figures of a trend, chooses a window, and signs out', async () => {
    const page = await open('/insights?days=30');
    // The field has the focus when the page opens.
    expect((await focusOf(page)).name).toBe('textbox "Token"');
    await page.keyboard.type(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Insights' }).waitFor();
    expect(new URL(page.url()).search).toBe('?from=2026-10-24&to=2026-11-22');

    const passed: string[] = [];
    for (let at = 0; at < 60 && !passed.at(-1)?.startsWith('summary'); at += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one key after another
      await page.keyboard.press('Tab');
      // oxlint-disable-next-line no-await-in-loop -- as above
      passed.push(await page.evaluate<string>(PLACE));
    }
    expect(passed).toEqual(
      expect.arrayContaining(['a Skip to the content', 'button Sign out', 'input from', 'button Show', 'a 7 days']),
    );
    expect(passed.at(-1)).toMatch(/^summary Figures of /);
    expect(passed.filter((place) => place.endsWith('not outlined'))).toEqual([]);
    await page.keyboard.press('Enter');
    await page.locator('details[open] table').waitFor();

    await page.getByRole('link', { name: '7 days' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('(7 days, UTC)').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Token').waitFor();
    await page.goto('/insights');
    expect(await page.getByLabel('Token').count()).toBe(1);
  });

  test('a wrong token is said to be wrong, and stands in no address', async () => {
    const page = await open();
    await page.getByLabel('Token').fill('wrong-token-of-somebody-else');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'That is not the token.' }).waitFor();
    expect(page.url()).not.toContain('wrong-token');
  });

  test('a filter shows one service and its CSV has the same rows', async () => {
    const page = await open();
    await signIn(page);
    await page.getByRole('combobox', { name: /^Service/ }).selectOption('asps-patient-view');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('Only service “asps-patient-view”.').waitFor();
    const rows = await page
      .getByRole('region', { name: /^Cards and their versions/ })
      .locator('tbody tr')
      .count();
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: /^Cards and their versions.* as CSV$/ }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('insights-cards-2026-08-25-2026-11-22-asps-patient-view.csv');
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks).toString().trim().split('\r\n')).toHaveLength(rows + 1);
  });

  test('where the text of a plot is as large as it is made for, at 400 pixels and at 1,400', async () => {
    const page = await open();
    await signIn(page);
    for (const width of [400, 1400]) {
      // oxlint-disable-next-line no-await-in-loop -- one page, laid out anew each time
      await page.setViewportSize({ width, height: 900 });
      // oxlint-disable-next-line no-await-in-loop -- as above
      const sizes = await page.evaluate<readonly number[]>(
        `[...document.querySelectorAll('svg.plot')].map((svg) => 13 * svg.getBoundingClientRect().width / 360)`,
      );
      expect(sizes.length).toBeGreaterThan(5);
      expect(sizes.filter((size) => size < 12 || size > 18)).toEqual([]);
    }
  });

  // With UPDATE_SCREENSHOTS set the picture of the documents is made anew.
  test('on one screen of 1,400 pixels by 16 to 9, without scrolling, stands what is counted, the window and the first card', async () => {
    const page = await open('/insights', {
      viewport: SCREEN,
      deviceScaleFactor: 1,
      colorScheme: 'light',
      locale: 'en-GB',
    });
    await signIn(page);
    const first = await page.locator('.figures tbody tr').first().boundingBox();
    expect((first?.y ?? SCREEN.height) + (first?.height ?? 0)).toBeLessThanOrEqual(SCREEN.height);
    if ((process.env['UPDATE_SCREENSHOTS'] ?? '') === '') return;
    await page.mouse.move(0, 0);
    const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    expect(png.length).toBeLessThan(MOST_BYTES);
    writeFileSync(fileURLToPath(new URL('../../docs/images/insights.png', import.meta.url)), png);
  });
});
