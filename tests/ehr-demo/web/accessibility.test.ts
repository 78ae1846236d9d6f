import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { violationsOf } from '../../support/accessibility.ts';
import { chartWith, SILENT, sessionWith } from './page-states.ts';
import { ADA, type ServedPages, servePages } from './served-pages.ts';

// A second or two a page on a machine that does nothing else.
jest.setTimeout(60_000);

/** With everything unfolded: what is folded away is not looked at. */
const unfolded = (html: string) => html.replaceAll('<details', '<details open');

let full: ServedPages;
let empty: ServedPages;

beforeAll(async () => {
  [full, empty] = await Promise.all([servePages(chartWith('Some words')), servePages([ADA])]);
  full.ehr.see(sessionWith('Some words'));
});
afterAll(() => Promise.all([full.close(), empty.close()]));

test.each([
  ['the patient list', '/', 200],
  ['a chart with cards of every kind and held orders', '/patients/ada?answered', 200],
  ['a whole call', '/calls/exchange-0', 200],
  ['the choice of a patient for an app', '/choose-patient?scope=launch/patient%20patient/*.rs', 200],
  ['what is not found', '/nothing', 404],
])('axe-core finds nothing wrong with %s', async (_what, path, expected) => {
  const { status, text } = await full.get(path);
  expect(status).toBe(expected);
  expect(await violationsOf(unfolded(text))).toEqual([]);
});

test('axe-core finds nothing wrong with an empty chart of an EHR that sends no feedback', async () => {
  empty.ehr.see({ character: SILENT });
  const { text } = await empty.get('/patients/ada');
  expect(await violationsOf(unfolded(text))).toEqual([]);
});

test('axe-core finds nothing wrong with an opened call within a chart', async () => {
  const [page, call] = await Promise.all([
    full.get('/patients/ada?answered'),
    full.get('/calls/exchange-0', { 'hx-request': 'true' }),
  ]);
  const opened = page.text.replace(
    /(<div id="call-exchange-0-all"[^>]*>).*?<\/div>/s,
    (_all, start) => `${start}${call.text}</div>`,
  );
  expect(opened).toContain('Copy as curl');
  expect(await violationsOf(unfolded(opened))).toEqual([]);
});

test('no id stands twice on a page: the answers would be put in the wrong place', async () => {
  const { text } = await full.get('/patients/ada?answered');
  const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(50);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

test('everything that a label or a description points at is there', async () => {
  const { text } = await full.get('/patients/ada?answered');
  const ids = new Set([...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  const named = [...text.matchAll(/ (?:aria-labelledby|aria-describedby|for|data-then)="([^"]*)"/g)].map(
    ([, id]) => id,
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((id) => !ids.has(id))).toEqual([]);
});
