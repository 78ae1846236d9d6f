import type { Locator, Page } from 'playwright-core';

/** A patient of the demo EHR: the id of the record, and the name on the screen. */
export interface Patient {
  readonly id: string;
  readonly name: string;
}

/** Metastatic and untreated, without a brain MRI. */
export const MONA: Patient = { id: 'metastatic-untreated', name: 'Testcase, Mona' };
/** Metastatic and untreated, the brain MRI is ordered. */
export const CORA: Patient = { id: 'brain-mri-ordered', name: 'Testcase, Cora' };
/** Localised and resected. */
export const ULLA: Patient = { id: 'localised-resected', name: 'Testcase, Ulla' };
/** Another sarcoma. */
export const LEO: Patient = { id: 'leiomyosarcoma-on-doxorubicin', name: 'Testcase, Leo' };
/** Markup and code typed into the chart. */
export const BOBBY: Patient = { id: 'hostile-text', name: 'Testcase, Bobby <b>Tables</b>' };

/** Goes to the list, picks the patient, and waits for what the service says. */
export async function openChart(page: Page, { name }: Patient): Promise<void> {
  await page.goto('/demo');
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  await told(page, /\d cards?:|No cards|nobody was asked/);
}

/** Waits until the status line says it. */
export async function told(page: Page, what: RegExp): Promise<void> {
  await page.getByRole('status').filter({ hasText: what }).waitFor();
}

export function section(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

export function card(page: Page, summary: RegExp): Locator {
  return section(page, 'Decision support').getByRole('article', { name: summary });
}

/** The cards in their order, each as `WARNING summary`. */
export async function cardsShown(page: Page): Promise<readonly string[]> {
  const cards = await section(page, 'Decision support').getByRole('article').all();
  return Promise.all(
    cards.map(async (one) => {
      const word = await one.getByText(/^(?:INFO|WARNING|CRITICAL)$/).innerText();
      return `${word} ${await one.getByRole('heading').innerText()}`;
    }),
  );
}

/** The orders that wait for a signature. */
export async function draftsShown(page: Page): Promise<readonly string[]> {
  const list = section(page, 'Orders').getByRole('list', { name: 'To be signed' });
  return (await list.getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s*\n\s*/g, ' '));
}

export async function pickOrder(page: Page, order: string): Promise<void> {
  await page.getByLabel('New order').selectOption({ label: order });
  await page.getByRole('button', { name: 'Add order' }).click();
  await told(page, /^Picked: /);
}

/** Signs what is there; the status line then says what came of it. */
export async function sign(page: Page, outcome: RegExp): Promise<void> {
  await page.getByRole('button', { name: /^(?:Sign \d|Check again and sign)/ }).click();
  await told(page, outcome);
}

/** Lets the EHR behave like another one, on the patient list. */
export async function become(page: Page, character: string): Promise<void> {
  await page.goto('/demo');
  await page.getByLabel(character, { exact: true }).check();
  await page.getByRole('button', { name: 'Use this EHR' }).click();
  await page.waitForLoadState();
}
