import { expect, test } from '@jest/globals';
import { violationsIn } from '../support/page-accessibility.ts';
import { glyphsByPage } from '../support/pdf-pages.ts';
import { describeSmartApp } from './smart-visits.ts';

/** Of A4; the evidence is folded. */
const MOST_PAGES = 12;
/** A full page of small type has some 3000, one with a few lines 200. */
const FEW_GLYPHS = 400;

describeSmartApp('the SMART app on paper and in colours of the reader', ({ page, launch, shown }) => {
  const region = (name: string) => page().getByRole('region', { name, exact: true });
  const shownOf = (selector: string) =>
    page().evaluate<readonly string[]>(
      `[...document.querySelectorAll('${selector}')].filter((one) => one.checkVisibility()).map((one) => one.className)`,
    );
  const printed = async () => glyphsByPage(await page().pdf({ format: 'A4' }));

  async function read(patient: string) {
    await launch({ patient });
    await shown('Testcase');
    await region('Evidence').getByText('Response rates').first().waitFor();
    await page().getByText('Still reading').first().waitFor({ state: 'detached' });
  }

  test('no control of the screen is printed, of neither view', async () => {
    await read('progressed-on-atezolizumab');
    expect(await shownOf('.no-print')).not.toEqual([]);
    await page().emulateMedia({ media: 'print' });
    expect(await shownOf('.no-print')).toEqual([]);
    await page().emulateMedia({ media: 'screen' });
    await page().getByRole('button', { name: 'For patients and families' }).click();
    await page().getByRole('button', { name: 'Print this page' }).waitFor();
    await page().emulateMedia({ media: 'print' });
    expect(await shownOf('.no-print')).toEqual([]);
  });

  test.each(['progressed-on-atezolizumab', 'on-atezolizumab-lung-bone', 'metastatic-untreated'])(
    'the chart of %s takes few pages, none of them nearly empty',
    async (patient) => {
      await read(patient);
      const pages = await printed();
      expect(pages.length).toBeGreaterThan(1);
      expect(pages.length).toBeLessThan(MOST_PAGES);
      // The last one ends where the text ends.
      expect(pages.slice(0, -1).filter((glyphs) => glyphs < FEW_GLYPHS)).toEqual([]);
    },
  );

  test('of the evidence that is printed which was opened, by its contents or by a link to a source', async () => {
    await read('metastatic-untreated');
    const sum = (glyphs: readonly number[]) => glyphs.reduce((all, one) => all + one, 0);
    const before = sum(await printed());
    await page().getByRole('navigation', { name: 'Parts of the evidence' }).getByText('Survival').click();
    expect(sum(await printed())).toBeGreaterThan(before + FEW_GLYPHS);
    const source = page().locator('#evidence-survival a[href^="#evidence-source-"]').first();
    const entry = page().locator((await source.getAttribute('href')) ?? 'none');
    expect(await entry.isVisible()).toBe(false);
    await source.click();
    expect(await entry.isVisible()).toBe(true);
  });

  test('axe-core finds nothing wrong with the evidence when all of it is opened', async () => {
    await read('metastatic-untreated');
    await page().evaluate(`document.querySelectorAll('.evidence details').forEach((one) => { one.open = true; })`);
    expect(await violationsIn(page())).toEqual([]);
  });

  test('which button is pressed is seen in colours that the reader has chosen too', async () => {
    await page().emulateMedia({ forcedColors: 'active' });
    await read('metastatic-untreated');
    const colours = await page().evaluate<readonly string[]>(
      `[...document.querySelectorAll('.top-views button')].map((one) => getComputedStyle(one).backgroundColor)`,
    );
    expect(colours).toHaveLength(2);
    expect(new Set(colours).size).toBe(2);
  });
});
