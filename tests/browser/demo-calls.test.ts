import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { call as ask } from '../support/http.ts';
import {
  become,
  CORA,
  cardsShown,
  draftsShown,
  MONA,
  openChart,
  pickOrder,
  section,
  sign,
  told,
} from './chart-page.ts';
import { describeDemo } from './demo-visits.ts';

type Json = Readonly<Record<string, unknown>>;

/** Opens the latest call on this hook, and waits for all of it. */
async function openCall(page: Page, about: string): Promise<Locator> {
  const named = page.getByText(about, { exact: true });
  const call = section(page, 'Calls, for the integrator').getByRole('group').filter({ has: named }).first();
  await call.getByText(about, { exact: true }).click();
  await call.getByRole('region', { name: 'Request body' }).waitFor();
  return call;
}

async function bodyIn(call: Locator, name: 'Request body' | 'Answer body'): Promise<Json> {
  return JSON.parse(await call.getByRole('region', { name }).innerText()) as Json;
}

function traffic(call: Locator): Locator {
  // Without the line of the headings.
  return call
    .getByRole('region', { name: 'FHIR traffic' })
    .getByRole('row')
    .filter({ has: call.page().getByRole('cell') });
}

describeDemo('the demo EHR, behaving', ({ demo, open }) => {
  test('as the specification says, calls with prefetch and a token, and shows the call as it was', async () => {
    const { page } = await open();
    await openChart(page, MONA);
    const call = await openCall(page, 'patient-view');
    const request = await bodyIn(call, 'Request body');
    expect(request).toMatchObject({
      hook: 'patient-view',
      hookInstance: expect.stringMatching(/^[0-9a-f-]{36}$/),
      fhirServer: `${demo().url}/demo/fhir`,
      fhirAuthorization: {
        token_type: 'Bearer',
        subject: 'asps-cds-service',
        patient: MONA.id,
        scope: expect.stringContaining('patient/Condition.rs'),
      },
      context: { patientId: MONA.id, userId: expect.stringMatching(/^Practitioner\//) },
      prefetch: { patient: { id: MONA.id } },
    });
    // What is not sent along, the service reads with the token.
    expect(Object.keys(request['prefetch'] as Json).toSorted()).toEqual(['conditions', 'patient']);
    const asked = await traffic(call).allInnerTexts();
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((row) => !/\s200\s/.test(row))).toEqual([]);
    expect(await call.getByRole('region', { name: 'Request headers' }).innerText()).toMatch(
      /authorization: Bearer ey/i,
    );
    expect(await call.getByRole('region', { name: 'Answer headers' }).innerText()).toMatch(
      /content-type: application\/json/i,
    );
    const { cards } = (await bodyIn(call, 'Answer body')) as { cards: readonly { summary: string }[] };
    const shown = await cardsShown(page);
    expect(cards.map(({ summary }) => summary).toSorted()).toEqual(
      shown.map((text) => text.replace(/^\w+ /, '')).toSorted(),
    );
  });

  test('as the specification says, sends a token that is good for reading this chart, and for nothing else', async () => {
    const { page } = await open();
    await openChart(page, MONA);
    const request = await bodyIn(await openCall(page, 'patient-view'), 'Request body');
    const { access_token: token } = request['fhirAuthorization'] as { access_token: string };
    const fhir = `${demo().url}/demo/fhir`;
    const status = async (path: string, method = 'GET') =>
      (await ask(`${fhir}/${path}`, { method, headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status(`Condition?patient=${MONA.id}`)).toBe(200);
    expect((await ask(`${fhir}/Condition?patient=${MONA.id}`)).status).toBe(401);
    expect(await status(`Appointment?patient=${MONA.id}`)).toBe(403);
    expect(await status(`Condition/${MONA.id}-asps`, 'DELETE')).toBe(403);
    expect([403, 404]).toContain(await status(`Patient/${CORA.id}`));
  });

  test.each([
    ['Copy as curl', 'curl command', true],
    ['Copy as curl without the Authorization header', 'curl command without the Authorization header', false],
  ])(
    'as the specification says, gives the command of a call to the clipboard: %s',
    async (button, shown, hasHeader) => {
      const { page, context } = await open();
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await openChart(page, MONA);
      const call = await openCall(page, 'patient-view');
      await call.getByRole('button', { name: button, exact: true }).click();
      await call.getByText('Copied.').waitFor();
      const command = await page.evaluate<string>('navigator.clipboard.readText()');
      expect(command).toMatch(/^curl [^\n]*\/cds-services\/asps-patient-view/);
      expect(/--header 'authorization: Bearer ey/.test(command)).toBe(hasHeader);
      // What is copied is what stands there.
      await call.getByText('Show the commands').click();
      expect(await call.getByRole('region', { name: shown, exact: true }).textContent()).toBe(command);
    },
  );

  test('like Epic, has what is recommended ticked beforehand, but no drug, and takes what stays ticked', async () => {
    const { page } = await open();
    await become(page, 'Epic-like');
    await openChart(page, MONA);
    const cards = section(page, 'Decision support').getByRole('article');
    const drug = cards.getByRole('checkbox', { name: /atezolizumab/i });
    expect([await drug.count(), await drug.first().isChecked()]).toEqual([1, false]);
    const mri = cards.filter({ hasText: 'No brain MRI found' });
    expect(await mri.getByRole('checkbox', { name: /MRI brain/ }).isChecked()).toBe(true);
    await mri.getByRole('button', { name: 'Accept selected' }).click();
    await told(page, /^Accepted: /);
    expect(await draftsShown(page)).toEqual([expect.stringContaining('MRI brain')]);
  });

  test('like Epic, is sent of a replacement the removal alone', async () => {
    const { page } = await open();
    await become(page, 'Epic-like');
    await openChart(page, CORA);
    await pickOrder(page, 'Doxorubicin');
    const cards = section(page, 'Decision support').getByRole('article');
    const warning = cards.filter({ hasText: 'ASPS responds little to doxorubicin' });
    const removal = warning.getByRole('checkbox', { name: /^Remove the doxorubicin order/ });
    expect(await removal.isChecked()).toBe(false);
    expect(await warning.getByRole('checkbox').count()).toBe(1);
    await removal.check();
    await warning.getByRole('button', { name: 'Accept selected' }).click();
    await told(page, /^Accepted: Remove the doxorubicin order/);
    expect(await draftsShown(page)).toEqual([]);
    const request = await bodyIn(await openCall(page, 'order-select'), 'Request body');
    expect(request).toMatchObject({
      context: { userId: expect.stringMatching(/^PractitionerRole\//) },
      extension: { 'com.epic.cdshooks.request.fhir-version': 'R4' },
    });
  });

  test('like Oracle, asks on opening alone, and an order goes out without advice', async () => {
    const { page } = await open();
    await become(page, 'Oracle-like');
    await openChart(page, CORA);
    const opening = await cardsShown(page);
    expect(opening.length).toBeGreaterThan(0);
    await pickOrder(page, 'Doxorubicin');
    expect(await cardsShown(page)).toEqual(opening);
    await sign(page, /^Signed: 1 order.*nobody was asked/);
    const calls = await section(page, 'Calls, for the integrator').getByRole('group').allInnerTexts();
    expect(calls.filter((text) => text.includes('order-'))).toEqual([]);
    expect(await page.getByLabel('Comment').count()).toBe(0);
    await section(page, 'Decision support').getByRole('button', { name: 'Dismiss', exact: true }).first().click();
    await told(page, /^Dismissed.*no feedback/);
    expect(await cardsShown(page)).toHaveLength(opening.length - 1);
  });

  test('minimally, sends neither prefetch nor token: the service reads the chart itself, and the cards are the same', async () => {
    const { page } = await open();
    await openChart(page, MONA);
    const usual = await cardsShown(page);
    await become(page, 'Minimal');
    await openChart(page, MONA);
    expect(await cardsShown(page)).toEqual(usual);
    const call = await openCall(page, 'patient-view');
    const request = await bodyIn(call, 'Request body');
    expect(request).toMatchObject({ fhirServer: `${demo().url}/demo/open/fhir` });
    expect(request).not.toHaveProperty('prefetch');
    expect(request).not.toHaveProperty('fhirAuthorization');
    const asked = await traffic(call).allInnerTexts();
    expect(asked).toContainEqual(expect.stringMatching(/^GET Condition\?.*\s200\s/));
    expect(asked.length).toBeGreaterThan(5);
  });

  test('another way from now on, loses the cards of the way before', async () => {
    const { page } = await open();
    await openChart(page, CORA);
    await page.getByLabel('Behave like').selectOption({ label: 'Oracle-like' });
    await page.getByRole('button', { name: 'Switch' }).click();
    await page.getByRole('heading', { level: 1, name: CORA.name }).waitFor();
    await told(page, /\d cards?:/);
    expect(await page.getByLabel('Behave like').locator('option:checked').innerText()).toBe('Oracle-like');
    const calls = await section(page, 'Calls, for the integrator').getByRole('group').allInnerTexts();
    expect(calls.filter((text) => text.includes('patient-view')).length).toBeGreaterThan(0);
  });
});
