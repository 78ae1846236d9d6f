import { expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { call } from '../support/http.ts';
import { card, LEO, MONA, openChart, section, ULLA } from './chart-page.ts';
import { describeDemo } from './demo-visits.ts';

/** Launches the app from the first card that offers it. */
async function launch(page: Page, context: BrowserContext): Promise<Page> {
  const opened = context.waitForEvent('page');
  await section(page, 'Decision support')
    .getByRole('button', { name: /^Open app: / })
    .first()
    .click();
  const app = await opened;
  await app.getByRole('heading', { name: 'Problems' }).waitFor();
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
    const said = await app.getByRole('main').innerText();
    expect(said).toContain('Mona Testcase');
    const { body: patient } = await call(`${demo().url}/demo/open/fhir/Patient/${MONA.id}`);
    expect(said).toContain((patient as { readonly birthDate: string }).birthDate);
    expect(said).toContain('Secondary malignant neoplasm of lung');
    expect(await app.getByRole('link', { name: /brain MRI/i }).getAttribute('href')).toBe(
      '/evidence/baseline-brain-mri',
    );
    // Nothing that was good for getting in stays in the address.
    expect(new URL(app.url()).search).toBe('');
    expect(page.url()).toBe(`${demo().url}/demo/patients/${MONA.id}`);
  });

  test('gives the app a token that reads this chart and no other, and without which nothing is read', async () => {
    const { page, context } = await open();
    const asked = listen(context);
    await openChart(page, MONA);
    await launch(page, context);
    expect(asked.map(({ url }) => url)).toEqual([
      expect.stringContaining(`/Patient/${MONA.id}`),
      expect.stringContaining('/Condition'),
    ]);
    const { authorization = '' } = asked[0] ?? {};
    expect(authorization).toMatch(/^Bearer ./);

    const fhir = `${demo().url}/demo/fhir`;
    const status = async (path: string, headers: Readonly<Record<string, string>>) =>
      (await call(`${fhir}/${path}`, { headers })).status;
    expect(await status(`Patient/${MONA.id}`, { authorization })).toBe(200);
    expect(await status(`Patient/${MONA.id}`, {})).toBe(401);
    expect(await status(`Patient/${MONA.id}`, { authorization: `${authorization}x` })).toBe(401);
    expect(await status(`MedicationRequest?patient=${MONA.id}`, { authorization })).toBe(403);
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
    expect(await second.getByRole('main').innerText()).toContain('Ulla Testcase');
    expect(await second.getByRole('main').innerText()).not.toContain('Mona');
    await first.reload();
    await first.getByRole('heading', { name: 'Problems' }).waitFor();
    expect(await first.getByRole('main').innerText()).toContain('Mona Testcase');
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
    expect(await again.getByRole('main').innerText()).not.toContain('Mona');
    expect(takeComplaints().filter((complaint) => !/40[01]/.test(complaint))).toEqual([]);
  });

  test('is not there without a card', async () => {
    const { page } = await open();
    await openChart(page, LEO);
    expect(await page.getByRole('button', { name: /^Open app/ }).count()).toBe(0);
    expect(await card(page, /./).count()).toBe(0);
  });
});
