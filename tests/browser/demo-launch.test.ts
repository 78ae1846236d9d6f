import { expect, test } from '@jest/globals';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { SENTENCES } from '../../src/smart-app/session/failures.ts';
import { READ_TYPES } from '../../src/smart-app/session/scopes.ts';
import { call } from '../support/http.ts';
import { focusOf } from '../support/page-accessibility.ts';
import { card, LEO, MONA, openChart, section, ULLA } from './chart-page.ts';
import { describeDemo } from './demo-visits.ts';

/** Whose chart the app shows. */
function nameIn(app: Page): Locator {
  return app.getByRole('region', { name: 'Patient', exact: true }).getByRole('heading', { level: 1 });
}

/** Launches the app from the first card that offers it. */
async function launch(page: Page, context: BrowserContext): Promise<Page> {
  const opened = context.waitForEvent('page');
  await section(page, 'Decision support')
    .getByRole('button', { name: /^Open app: / })
    .first()
    .click();
  const app = await opened;
  await nameIn(app).waitFor();
  return app;
}

describeDemo('the SMART link of a card', ({ demo, open }) => {
  /** What was asked of the FHIR server that needs a token, and with which `Authorization`. */
  function listen(context: BrowserContext): { readonly url: string; readonly authorization: string | undefined }[] {
    const asked: { url: string; authorization: string | undefined }[] = [];
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${demo().url}/demo/fhir/`) || url.includes('.well-known') || url.endsWith('/metadata'))
        return;
      asked.push({ url, authorization: request.headers()['authorization'] });
    });
    return asked;
  }

  test('opens the app in the context of the chart, and names the card that it came from', async () => {
    const { page, context } = await open();
    await openChart(page, MONA);
    const app = await launch(page, context);
    expect(await nameIn(app).innerText()).toBe('Mona Testcase');
    const { body: patient } = await call(`${demo().url}/demo/open/fhir/Patient/${MONA.id}`);
    const { birthDate } = patient as { readonly birthDate: string };
    await app.getByText(`born ${birthDate}`, { exact: true }).waitFor();
    const opened = app.getByRole('region', { name: 'Recommendations', exact: true }).locator('details[open]').first();
    expect(await opened.locator('summary').first().innerText()).toMatch(/brain MRI/i);
    // Nothing that was good for getting in stays in the address.
    expect(new URL(app.url()).search).toBe('');
    expect(page.url()).toBe(`${demo().url}/demo/patients/${MONA.id}`);
  });

  test('gives the app a token that reads this chart and no other, and without which nothing is read', async () => {
    const { page, context } = await open();
    const asked = listen(context);
    await openChart(page, MONA);
    const app = await launch(page, context);
    await app.waitForLoadState('networkidle');
    const types = new Set(asked.map(({ url }) => /\/demo\/fhir\/(\w+)/.exec(url)?.[1] ?? url));
    expect([...types].filter((type) => !new Set<string>(READ_TYPES).has(type))).toEqual([]);
    expect(types.size).toBeGreaterThan(10);
    expect(asked.filter(({ url }) => !url.includes(MONA.id))).toEqual([]);
    const { authorization = '' } = asked[0] ?? {};
    expect(authorization).toMatch(/^Bearer ./);

    const fhir = `${demo().url}/demo/fhir`;
    const status = async (path: string, headers: Readonly<Record<string, string>>) =>
      (await call(`${fhir}/${path}`, { headers })).status;
    expect(await status(`Patient/${MONA.id}`, { authorization })).toBe(200);
    expect(await status(`Patient/${MONA.id}`, {})).toBe(401);
    expect(await status(`Patient/${MONA.id}`, { authorization: `${authorization}x` })).toBe(401);
    expect(await status(`Appointment?patient=${MONA.id}`, { authorization })).toBe(403);
    expect([403, 404]).toContain(await status(`Patient/${ULLA.id}`, { authorization }));
    const others = await call(`${fhir}/Condition?patient=${ULLA.id}`, { headers: { authorization } });
    expect(others.text).not.toContain(`Condition/${ULLA.id}`);
  });

  test('opens it for another patient from another chart, even while the first is open', async () => {
    const { page, context } = await open();
    await openChart(page, MONA);
    const first = await launch(page, context);
    await openChart(page, ULLA);
    const second = await launch(page, context);
    expect(await nameIn(second).innerText()).toBe('Ulla Testcase');
    expect(await second.locator('body').innerText()).not.toContain('Mona');
    expect(await nameIn(first).innerText()).toBe('Mona Testcase');
  });

  test('is good once: the address of a launch leads nowhere again', async () => {
    const { page, context, takeComplaints } = await open();
    const launches: string[] = [];
    context.on('request', (request) => {
      if (request.url().startsWith(`${demo().url}/smart/launch?`)) launches.push(request.url());
    });
    await openChart(page, MONA);
    await launch(page, context);
    const again = await context.newPage();
    await again.goto(launches[0] ?? '');
    await again.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    expect(await again.locator('body').innerText()).not.toContain('Mona');
    expect(takeComplaints().filter((complaint) => !/40[01]/.test(complaint))).toEqual([]);
  });

  test('is not there without a card', async () => {
    const { page } = await open();
    await openChart(page, LEO);
    expect(await page.getByRole('button', { name: /^Open app/ }).count()).toBe(0);
    expect(await card(page, /./).count()).toBe(0);
  });
});

describeDemo('the SMART app by itself', ({ demo, open }) => {
  /** Opens the app from the patient list, which leads to the page where a patient is chosen. */
  async function ask(page: Page): Promise<void> {
    await page.goto('/demo');
    await page.getByRole('link', { name: 'Open the app by itself' }).click();
    await page.getByRole('heading', { name: 'Open an app' }).waitFor();
  }

  test('shows the chart of the patient who was chosen, with the keyboard alone', async () => {
    const { page } = await open();
    await ask(page);
    await page.getByRole('radio', { name: 'The demo clinician' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.type('Testcase, Mona');
    for (const key of ['Tab', 'Tab']) await page.keyboard.press(key);
    expect(await focusOf(page)).toEqual({ name: 'button "Share this chart with the app"', visible: true });
    await page.keyboard.press('Enter');
    await nameIn(page).waitFor();
    expect(await nameIn(page).innerText()).toBe('Mona Testcase');
    expect(page.url()).toBe(`${demo().url}/smart/`);
    expect(await page.getByRole('button', { name: 'For clinicians' }).getAttribute('aria-pressed')).toBe('true');
  });

  test('begins with what is said to patients and families, if it is the patient who signs in', async () => {
    const { page } = await open();
    await ask(page);
    await page.getByRole('radio', { name: 'The patient' }).check();
    await page.getByLabel('Whose chart').selectOption(MONA.id);
    await page.getByRole('button', { name: /^Share/ }).click();
    await page.getByRole('button', { name: 'For patients and families', pressed: true }).waitFor();
    expect(page.url()).toBe(`${demo().url}/smart/`);
  });

  test('shows nothing if the chart is not shared', async () => {
    const { page } = await open();
    await ask(page);
    await page.getByRole('button', { name: 'Do not share' }).click();
    await page.getByRole('alert').filter({ hasText: SENTENCES.denied }).waitFor();
    expect(await page.evaluate<string>('JSON.stringify(sessionStorage)')).toBe('{}');
  });
});
