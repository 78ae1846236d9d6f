import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { EMPTY_FINDINGS, mergeFindings } from '../../src/backtest/findings.ts';
import { reportOf } from '../../src/backtest/report.ts';
import { reportHtml } from '../../src/backtest/report-html.ts';
import { FIXTURE_DATE } from '../../src/ehr-demo/hook-request.ts';
import { describeInBrowser, visit } from '../support/browser.ts';
import { type Served, serve } from '../support/http.ts';
import { sidewaysOverflow, violationsIn } from '../support/page-accessibility.ts';
import { evaluated, exported, exportOf, guideline } from './exported-patients.ts';

jest.setTimeout(60_000);

const TABLES = "[...document.querySelectorAll('.scroll')]";
const PAPER = { light: 'rgb(255, 255, 255)', dark: 'rgb(13, 17, 23)' };

describeInBrowser('the report of a backtest in a browser', (browser) => {
  let page: Served;
  beforeAll(async () => {
    const summary = { ...exportOf(['CareTeam']), encountersByDay: { '2026-11-20': 12_345 } };
    const asOf = ['2025-11-22', FIXTURE_DATE];
    const patients = ['metastatic-untreated', 'on-pazopanib', 'no-stage'].map(exported);
    const found = await Promise.all(patients.map((patient) => evaluated(patient, { asOf, summary })));
    const findings = found.reduce(mergeFindings, EMPTY_FINDINGS);
    const html = reportHtml(reportOf(summary, findings, { guideline, asOf, today: FIXTURE_DATE, maxCards: 4 }));
    page = await serve((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html));
  });
  afterAll(() => page.close());

  test.each([
    [400, 'light'],
    [1400, 'light'],
    [400, 'dark'],
  ] as const)(
    'fits a window of %i pixels with all columns, is coloured (%s), and has nothing for axe-core to find',
    async (width, colorScheme) => {
      const {
        page: shown,
        takeComplaints,
        close,
      } = await visit(browser(), page.url, { viewport: { width, height: 900 }, colorScheme });
      try {
        await shown.goto('/');
        expect(await sidewaysOverflow(shown)).toBe(0);
        expect(await shown.evaluate(`${TABLES}.filter((one) => one.scrollWidth > one.clientWidth).length`)).toBe(0);
        expect(await shown.evaluate(`${TABLES}.length`)).toBeGreaterThan(3);
        expect(await shown.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(PAPER[colorScheme]);
        expect(await violationsIn(shown)).toEqual([]);
        // Without its stylesheet, which the page's own policy admits by its hash, captions are centred.
        expect(await shown.evaluate("getComputedStyle(document.querySelector('caption')).textAlign")).toBe('left');
        expect(takeComplaints().filter((complaint) => !complaint.includes('favicon'))).toEqual([]);
      } finally {
        await close();
      }
    },
  );
});
