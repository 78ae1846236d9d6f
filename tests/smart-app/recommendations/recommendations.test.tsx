import { describe, expect, test } from '@jest/globals';
import { JSDOM } from 'jsdom';
import { render } from 'preact-render-to-string';
import { Recommendations } from '../../../src/smart-app/recommendations/recommendations.tsx';
import type { Situation } from '../../../src/smart-app/situation.ts';
import { guideline } from '../../support/service.ts';
import { PATIENTS, situationOf } from '../header/situation-of.ts';

const untreated = await situationOf('metastatic-untreated');

const evidenceUrl = (id: string) => `../evidence/${id}`;

function shown(situation: Situation): Document {
  const page = render(<Recommendations situation={situation} evidenceUrl={evidenceUrl} />);
  return new JSDOM(page).window.document;
}

/** All that the guideline itself links to. */
const ADDRESSES: ReadonlySet<string | undefined> = new Set([
  ...guideline.sources.map(({ url }) => url),
  ...guideline.cards.flatMap(({ file }) => [...(file.links ?? []).map(({ url }) => url), evidenceUrl(file.id)]),
]);

const textOf = (from: ParentNode | null, selector: string) =>
  from?.querySelector(selector)?.textContent?.replaceAll(/\s+/g, ' ').trim();

const page = shown(untreated);

describe('a card that applies', () => {
  const card = page.querySelector('#card-baseline-brain-mri');

  test('is one line: how urgent in a word, and what it says', () => {
    expect(textOf(card, 'summary')).toMatch(/Warning .*brain MRI/);
    expect(card?.hasAttribute('open')).toBe(false);
  });

  test('has its criteria with their answers and records, evidence, regulatory position, sources and review dates', () => {
    const titles = [...(card?.querySelectorAll('h4') ?? [])].map(({ textContent }) => textContent);
    expect(titles).toEqual(expect.arrayContaining(['Why it is shown', 'Regulatory', 'Sources']));
    expect(titles.some((title) => title?.startsWith('Evidence ('))).toBe(true);
    expect(textOf(card, '.recommendations-criteria')).toMatch(/met.*Is ASPS established.*Alveolar soft part sarcoma/);
    expect(textOf(card, '.recommendations-criteria')).toContain('no record of brain MRI since the diagnosis found in');
    expect(card?.textContent).toMatch(/reviewed 2026-\d\d-\d\d, next review due 2027-/);
    expect(card?.querySelector('a[href="../evidence/baseline-brain-mri"]')).not.toBeNull();
  });
});

test('the card that the app was opened from comes first, open, and says what it comes to now', () => {
  const at = (openedFrom: string) => shown({ ...untreated, openedFrom });
  const first = at('atezolizumab-first-line').querySelector('details');
  expect(first?.id).toBe('card-atezolizumab-first-line');
  expect(first?.hasAttribute('open')).toBe(true);
  expect(textOf(at('atezolizumab-first-line'), 'h3')).toBe('Opened from this card – it applies');
  expect(textOf(at('record-stage'), 'h3')).toBe('Opened from this card – it does not apply as the chart stands');
  expect(textOf(at('immunotherapy-safety'), 'h3')).toBe('Opened from this card – it is about an order');
});

test('what is still being read is named, and that the list may change', async () => {
  const situation = await situationOf('metastatic-untreated', { pending: ['procedures'] });
  expect(textOf(shown(situation), '[role=status]')).toBe('Still reading Procedure: this list may change.');
  expect(page.querySelector('[role=status]')).toBeNull();
});

test('a card past its review date says so', () => {
  const later = shown({ ...untreated, now: new Date('2028-01-01T00:00:00Z') });
  expect(textOf(later, '#card-baseline-brain-mri')).toContain('past its review date');
  expect(textOf(page, '#card-baseline-brain-mri')).not.toContain('past its review date');
});

test('the words of a card that does not apply are not shown', () => {
  const card = page.querySelector('#card-tki-after-immunotherapy');
  expect(card).not.toBeNull();
  expect(card?.textContent).not.toContain('Consider');
  expect(card?.textContent).toContain('It would be shown if');
});

test.each(PATIENTS)(
  '%s: each card has an id of its own, and nothing of the chart is an element or an address',
  async (patient) => {
    const all = shown(await situationOf(patient));
    const ids = [...all.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(all.querySelectorAll('script, img, iframe, style, [style], [onerror]')).toHaveLength(0);
    const addresses = [...all.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '');
    expect(addresses.filter((href) => !ADDRESSES.has(href))).toEqual([]);
    expect(all.body.textContent).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]/);
  },
);
