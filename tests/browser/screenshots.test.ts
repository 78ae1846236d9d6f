import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { card, MONA, openChart, pickOrder, section, sign } from './chart-page.ts';
import { describeDemo } from './demo-visits.ts';

const SCREEN = { width: 1400, height: 788 } as const;
/** Of the pictures in the documents. */
const MOST_BYTES = 300_000;

/** The parts that are not, or not wholly, on the screen. */
async function notOnScreen(parts: Readonly<Record<string, Locator>>): Promise<readonly string[]> {
  const places = await Promise.all(
    Object.entries(parts).map(async ([name, part]) => [name, await part.first().boundingBox()] as const),
  );
  return places
    .filter(([, box]) => box === null || box.y < 0 || box.y + box.height > SCREEN.height)
    .map(([name, box]) => `${name} at ${JSON.stringify(box)}`);
}

/** With UPDATE_SCREENSHOTS set the picture of the documents is made anew. */
async function picture(page: Page, name: string): Promise<void> {
  if ((process.env['UPDATE_SCREENSHOTS'] ?? '') === '') return;
  await page.mouse.move(0, 0);
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  expect(png.length).toBeLessThan(MOST_BYTES);
  writeFileSync(fileURLToPath(new URL(`../../docs/images/demo-${name}.png`, import.meta.url)), png);
}

describeDemo('on one screen of 1,400 pixels by 16 to 9, without scrolling, stands', ({ open }) => {
  const window = { viewport: SCREEN, deviceScaleFactor: 1, colorScheme: 'light' } as const;

  test('a chart that was opened: the patient, the most urgent card with what it suggests, and order entry', async () => {
    const { page } = await open(window);
    await openChart(page, MONA);
    const urgent = card(page, /^No brain MRI found/);
    expect(
      await notOnScreen({
        name: page.getByRole('heading', { level: 1 }),
        status: page.getByRole('status'),
        summary: urgent.getByRole('heading'),
        word: urgent.getByText('WARNING', { exact: true }),
        suggestion: urgent.getByRole('button', { name: /^Accept/ }),
        orders: page.getByRole('button', { name: 'Add order' }),
        problems: section(page, 'Problems').getByRole('heading'),
      }),
    ).toEqual([]);
    await picture(page, 'chart');
  });

  test('an order that is held: the order, why, what to do instead, and how to sign all the same', async () => {
    const { page } = await open(window);
    await openChart(page, MONA);
    await pickOrder(page, 'Doxorubicin');
    await sign(page, /^Not signed yet/);
    const warning = card(page, /^ASPS responds little to doxorubicin/);
    expect(
      await notOnScreen({
        status: page.getByRole('status').filter({ hasText: 'Not signed yet' }),
        draft: page.getByRole('button', { name: /^Remove doxorubicin/ }),
        anyway: page.getByRole('button', { name: 'Sign anyway' }),
        summary: warning.getByRole('heading'),
        replacement: warning.getByRole('button', { name: /^Accept: Replace it by atezolizumab/ }),
      }),
    ).toEqual([]);
    await picture(page, 'order');
  });

  test('an app that was launched from a card: the patient, where the chart places them, the card, and what is missing', async () => {
    const { page, context } = await open(window);
    await openChart(page, MONA);
    const opened = context.waitForEvent('page');
    await card(page, /^No brain MRI found/)
      .getByRole('button', { name: /^Open app/ })
      .click();
    const app = await opened;
    await app.getByRole('heading', { name: 'Opened from this card' }).waitFor();
    expect(
      await notOnScreen({
        name: app.getByRole('heading', { level: 1 }),
        stage: app.getByRole('region', { name: 'Patient' }).getByText('metastatic', { exact: true }),
        pathway: app.getByText(/^Pathway of metastatic ASPS: this chart supports step 1/),
        missing: app.getByRole('heading', { name: 'Not in the chart' }),
      }),
    ).toEqual([]);
    await picture(app, 'app');
  });
});
