import { expect, test } from '@jest/globals';
import { call } from '../support/http.ts';
import {
  CORA,
  card,
  cardsShown,
  draftsShown,
  LEO,
  MONA,
  openChart,
  type Patient,
  pickOrder,
  section,
  sign,
  told,
} from './chart-page.ts';
import { describeDemo } from './demo-visits.ts';

describeDemo('in the demo EHR', ({ demo, open }) => {
  /** What is on file, asked of the FHIR server as anybody can. */
  async function onFile(type: string, { id }: Patient, status: string): Promise<readonly string[]> {
    const { body } = await call(`${demo().url}/demo/open/fhir/${type}?patient=${id}&status=${status}&_count=100`);
    const { entry = [] } = body as { entry?: readonly { resource: Readonly<Record<string, unknown>> }[] };
    return entry.map(({ resource }) => JSON.stringify(resource['medicationCodeableConcept'] ?? resource['code']));
  }

  test('opening a chart brings the cards, the most urgent first, each with its urgency in a word', async () => {
    const { page } = await open();
    await openChart(page, MONA);
    expect(await cardsShown(page)).toEqual([
      expect.stringMatching(/^WARNING No brain MRI found/),
      expect.stringMatching(/^INFO .*consider atezolizumab/),
      expect.stringMatching(/^INFO .*sarcoma centre/),
      expect.stringMatching(/^INFO .*TFE3/),
    ]);
    await told(page, /4 cards: 1 warning, 3 info/);
  });

  test('a suggestion that is accepted becomes an order, and once it is signed the next opening does not ask for it again', async () => {
    const { page } = await open();
    await openChart(page, MONA);
    const missing = card(page, /^No brain MRI found/);
    await missing.getByRole('button', { name: /^Accept: Order MRI brain/ }).click();
    await told(page, /^Accepted: Order MRI brain/);
    expect(await missing.innerText()).toContain('Accepted');
    expect(await missing.getByRole('button', { name: /^Accept/ }).count()).toBe(0);
    expect(await draftsShown(page)).toEqual([expect.stringContaining('MRI brain without and with contrast')]);
    expect(await onFile('ServiceRequest', MONA, 'draft')).toEqual([expect.stringContaining('MRI brain')]);

    await page.reload();
    await told(page, /4 cards/);
    expect(await draftsShown(page)).toEqual([expect.stringContaining('MRI brain without and with contrast')]);
    await sign(page, /^Signed: 1 order/);
    expect(await draftsShown(page)).toEqual([]);
    expect(await onFile('ServiceRequest', MONA, 'draft')).toEqual([]);
    expect(await section(page, 'Orders and referrals').innerText()).toContain('MRI brain without and with contrast');

    await openChart(page, MONA);
    expect(await cardsShown(page)).not.toContainEqual(expect.stringContaining('No brain MRI found'));
  });

  test('an order against the guideline is warned of when it is picked, held at signing, and replaced by what the card suggests', async () => {
    const { page } = await open();
    await openChart(page, CORA);
    expect(await cardsShown(page)).not.toContainEqual(expect.stringMatching(/^WARNING/));
    await pickOrder(page, 'Doxorubicin');
    expect((await cardsShown(page))[0]).toMatch(/^WARNING ASPS responds little to doxorubicin/);

    await sign(page, /^Not signed yet/);
    expect(await onFile('MedicationRequest', CORA, 'active')).toEqual([]);
    expect(await draftsShown(page)).toEqual([expect.stringContaining('doxorubicin')]);
    const warning = card(page, /^ASPS responds little to doxorubicin/);
    expect(await warning.count()).toBe(1);
    await warning.getByRole('button', { name: /^Accept: Replace it by atezolizumab/ }).click();
    await told(page, /^Accepted: Replace it by atezolizumab/);
    expect(await draftsShown(page)).toEqual([expect.stringContaining('Atezolizumab 1200 mg')]);
    expect(await page.getByRole('button', { name: 'Sign anyway' }).count()).toBe(0);

    await sign(page, /^Signed: 1 order/);
    expect(await section(page, 'Medications').innerText()).toMatch(/Atezolizumab 1200 mg[\s\S]*active/);
    expect(await onFile('MedicationRequest', CORA, 'active')).toEqual([
      expect.stringContaining('Atezolizumab 1200 mg'),
    ]);
    expect(await onFile('MedicationRequest', CORA, 'draft')).toEqual([]);
  });

  test('an order that is held can be signed all the same', async () => {
    const { page } = await open();
    await openChart(page, CORA);
    await pickOrder(page, 'Doxorubicin');
    await sign(page, /^Not signed yet/);
    await page.getByRole('button', { name: 'Sign anyway' }).click();
    await told(page, /^Signed: 1 order/);
    expect(await section(page, 'Medications').innerText()).toMatch(/doxorubicin[\s\S]*active/);
    expect(await onFile('MedicationRequest', CORA, 'active')).toEqual([expect.stringContaining('doxorubicin')]);
    expect(await cardsShown(page)).not.toContainEqual(expect.stringContaining('responds little'));
  });

  test('an order that is held can be removed, and what was said of it goes with it', async () => {
    const { page } = await open();
    await openChart(page, CORA);
    const before = await cardsShown(page);
    await pickOrder(page, 'Doxorubicin');
    await sign(page, /^Not signed yet/);
    await page.getByRole('button', { name: /^Remove doxorubicin/ }).click();
    await told(page, /^The order is removed/);
    expect(await draftsShown(page)).toEqual([]);
    expect(await cardsShown(page)).toEqual(before);
    expect(await onFile('MedicationRequest', CORA, 'draft')).toEqual([]);
  });

  test('where the guideline has nothing to say there is no card, and the order goes out', async () => {
    const { page } = await open();
    await openChart(page, LEO);
    await told(page, /^No cards/);
    await pickOrder(page, 'Doxorubicin');
    await sign(page, /^Signed: 1 order/);
    expect(await cardsShown(page)).toEqual([]);
  });

  test('two people see the same record, each with their own cards', async () => {
    const [one, other] = [await open(), await open()];
    await openChart(one.page, CORA);
    await pickOrder(one.page, 'CT chest with contrast');
    await openChart(other.page, CORA);
    expect(await draftsShown(other.page)).toEqual([expect.stringContaining('CT chest with contrast')]);
    await openChart(one.page, LEO);
    expect(await cardsShown(one.page)).toEqual([]);
    expect((await cardsShown(other.page)).length).toBeGreaterThan(0);
  });

  test('clicking twice orders once', async () => {
    const { page } = await open();
    const posted: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posted.push(request.url().replace(/^.*\//, ''));
    });
    await openChart(page, MONA);
    await page.getByLabel('New order').selectOption({ label: 'CT chest with contrast' });
    await page.getByRole('button', { name: 'Add order' }).dblclick();
    await told(page, /^Picked: CT chest/);
    await card(page, /^No brain MRI found/)
      .getByRole('button', { name: /^Accept: Order MRI brain/ })
      .dblclick();
    await told(page, /^Accepted: Order MRI brain/);
    // By then whatever was sent has been answered.
    await openChart(page, MONA);
    expect(posted).toEqual(['patient-view', 'orders', 'accept', 'patient-view']);
    expect(await draftsShown(page)).toHaveLength(2);
  });
});
