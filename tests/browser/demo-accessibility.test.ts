import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { sidewaysOverflow, violationsIn } from '../support/page-accessibility.ts';
import { BOBBY, become, CORA, card, MONA, openChart, pickOrder, section, sign } from './chart-page.ts';
import { describeDemo } from './demo-visits.ts';

type Look = readonly [width: number, colorScheme: 'light' | 'dark'];

const SOME_LOOKS: readonly Look[] = [
  [400, 'light'],
  [1400, 'dark'],
];
const ALL_LOOKS: readonly Look[] = [...SOME_LOOKS, [400, 'dark'], [1400, 'light']];

/** What is wrong with the page as it is now, in each width and colour scheme; and by how much it is too wide. */
async function faultsOf(page: Page, looks = ALL_LOOKS): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [width, colorScheme] of looks) {
    // oxlint-disable-next-line no-await-in-loop -- one page, laid out anew each time
    await page.setViewportSize({ width, height: 900 });
    // oxlint-disable-next-line no-await-in-loop -- as above
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // oxlint-disable-next-line no-await-in-loop -- as above
    const [violations, overflow] = [await violationsIn(page), await sidewaysOverflow(page)];
    if (overflow > 0) faults.push(`${width}, ${colorScheme}: scrolls sideways by ${overflow}`);
    faults.push(...violations.map((violation) => `${width}, ${colorScheme}: ${violation}`));
  }
  return faults;
}

describeDemo('at 400 and 1,400 pixels, light and dark, axe-core finds nothing and nothing is too wide', ({ open }) => {
  test('on the patient list', async () => {
    const { page } = await open();
    await page.goto('/demo');
    expect(await faultsOf(page)).toEqual([]);
  });

  test('on the page where a patient is chosen for an app', async () => {
    const { page } = await open();
    await page.goto('/demo');
    await page.getByRole('link', { name: 'Open the app by itself' }).click();
    await page.getByText('What it would be granted').click();
    expect(await faultsOf(page)).toEqual([]);
  });

  test('on a chart with cards, one of them accepted and one about to be dismissed', async () => {
    const { page } = await open();
    await openChart(page, MONA);
    await card(page, /^No brain MRI found/)
      .getByRole('button', { name: /^Accept: Order MRI brain/ })
      .click();
    await card(page, /sarcoma centre/)
      .getByText('Dismiss…')
      .click();
    await card(page, /^Advanced ASPS/)
      .getByText('More about this')
      .click();
    expect(await faultsOf(page)).toEqual([]);
  });

  test('on orders that are held, with a call opened', async () => {
    const { page } = await open();
    await openChart(page, CORA);
    await pickOrder(page, 'Doxorubicin');
    await sign(page, /^Not signed yet/);
    const calls = section(page, 'Calls, for the integrator');
    await calls.getByText('order-sign', { exact: true }).click();
    await calls.getByRole('region', { name: 'Answer body' }).waitFor();
    await calls.getByText('Show the commands').click();
    expect(await faultsOf(page)).toEqual([]);
  });

  test.each(['Epic-like', 'Oracle-like', 'Minimal'])('on a chart of an EHR that is %s', async (character) => {
    const { page } = await open();
    await become(page, character);
    await openChart(page, BOBBY);
    expect(await faultsOf(page, SOME_LOOKS)).toEqual([]);
  });

  test('on the page of an app that was launched', async () => {
    const { page, context } = await open();
    await openChart(page, MONA);
    const opened = context.waitForEvent('page');
    await card(page, /^No brain MRI found/)
      .getByRole('button', { name: /^Open app/ })
      .click();
    const app = await opened;
    await app.getByRole('heading', { name: 'Opened from this card' }).waitFor();
    expect(await faultsOf(app, SOME_LOOKS)).toEqual([]);
  });
});
