import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { violationsOf } from '../support/accessibility.ts';
import { call, type Served } from '../support/http.ts';
import { serveService } from '../support/service.ts';

// A second or two a page on a machine that does nothing else.
jest.setTimeout(60_000);

let service: Served;

beforeAll(async () => {
  service = await serveService();
});
afterAll(() => service.close());

/**
 * All card pages are made from the same templates; these have every part that any has. A second or two each is too much
 * for all 36 in three time zones.
 */
const CARDS = [
  'baseline-brain-mri', // conditions per hook, indicator by condition, an order
  'atezolizumab-dose', // doses by weight, orders that correct a draft
  'pembrolizumab-tmb-high', // many wordings, conditions on each hook
  'pathway-position', // texts in parts
  'refractory-combination-or-trial', // links
  'record-stage', // no order at all
];

const pages = [
  '/',
  '/evidence',
  '/evidence/value-sets',
  '/evidence/value-sets/mri-brain',
  '/evidence/value-sets/metastasis-bone',
  ...CARDS.map((card) => `/evidence/${card}`),
];

test.each(pages)('axe-core finds nothing wrong with %s', async (path) => {
  const { status, text } = await call(`${service.url}${path}`);
  expect(status).toBe(200);
  expect(await violationsOf(text)).toEqual([]);
});

test('axe-core would find something', async () => {
  const found = await violationsOf('<!doctype html><html><head></head><body><img src="x"><h3>a</h3></body></html>');
  expect(found.map((one) => one.split(':')[0])).toEqual(
    expect.arrayContaining(['html-has-lang', 'document-title', 'image-alt', 'region']),
  );
});
