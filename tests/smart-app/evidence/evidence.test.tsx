import { describe, expect, test } from '@jest/globals';
import { JSDOM } from 'jsdom';
import { render } from 'preact-render-to-string';
import type { Outcomes } from '../../../src/guideline/figure.ts';
import type { EvidenceContent } from '../../../src/smart-app/evidence/content.ts';
import { Evidence } from '../../../src/smart-app/evidence/evidence.tsx';
import { content } from './content.ts';

function shown(more: Partial<EvidenceContent> = {}): Document {
  return new JSDOM(render(<Evidence content={{ ...content, ...more }} />)).window.document;
}

const page = shown();

/** Every text of an element, its white space as one space. */
function textOf(element: Element | null | undefined): string {
  return element?.textContent?.replaceAll(/\s+/g, ' ').trim() ?? '';
}

describe('the evidence panel', () => {
  test('begins with the plot, the two rates of atezolizumab first', () => {
    const rows = [...page.querySelectorAll('.evidence-row-name')].map((row) => textOf(row));
    expect(rows.slice(0, 2)).toEqual(['Atezolizumab FDA approval 2022', 'Atezolizumab NEJM 2023']);
    const [firstImage] = page.querySelectorAll('[role="img"]');
    const [firstTable] = page.querySelectorAll('table');
    expect(firstImage?.compareDocumentPosition(firstTable ?? page)).toBe(4);
  });

  test('draws the point and the interval of a rate where they are, and no interval that is not published', () => {
    const [fda, , , registry] = page.querySelectorAll('.evidence-plot svg:not(.evidence-axis)');
    expect(fda?.querySelector('circle')?.getAttribute('cx')).toBe('24%');
    const line = fda?.querySelector('.evidence-interval:last-of-type');
    expect([line?.getAttribute('x1'), line?.getAttribute('x2')]).toEqual(['13%', '39%']);
    expect(registry?.querySelector('circle')?.getAttribute('cx')).toBe('54.4%');
    expect(registry?.querySelectorAll('.evidence-interval')).toHaveLength(0);
  });

  test.each([
    ['survival', /No single one is this patient's.*82 % are of US cancer registries/],
    ['brain', /weaker in localised disease/],
    ['presentation', /the range, 27 to 65 %/],
  ])('says why figures disagree, beside them: %s', (section, why) => {
    const told = [...page.querySelectorAll(`#evidence-${section} .evidence-sentence`)].map((one) => textOf(one));
    expect(told.join(' ')).toMatch(why);
  });

  test('leads from its contents to sections that are there, each named by its heading', () => {
    const links = [...page.querySelectorAll('nav a')].map((link) => link.getAttribute('href') ?? '');
    expect(links).toHaveLength(9);
    for (const href of links) {
      const section = page.querySelector(href);
      expect(textOf(page.getElementById(section?.getAttribute('aria-labelledby') ?? ''))).not.toBe('');
    }
  });

  test('folds all but the rates and why they differ, and says how much it holds', () => {
    const folded = [...page.querySelectorAll('.evidence-folded')];
    expect(folded).toHaveLength(9);
    for (const one of folded) {
      expect(one.hasAttribute('open')).toBe(false);
      expect(textOf(one.querySelector('summary'))).toMatch(/ \([1-9]\d*\)$/);
    }
    expect(textOf(page.querySelector('#evidence-survival summary'))).toBe(
      `Survival (${page.querySelectorAll('#evidence-survival tbody tr').length})`,
    );
    expect(page.querySelector('.evidence-plot')?.closest('details')).toBeNull();
    expect(page.querySelector('.evidence-why')?.closest('details')).toBeNull();
  });

  test('links every source of every figure, or leads to the entry that says why there is no link', () => {
    const links = [...page.querySelectorAll('td .evidence-sources a')];
    expect(links.length).toBeGreaterThan(50);
    const [listed, published] = [true, false].map((isListed) =>
      links.filter((link) => link.getAttribute('href')?.startsWith('#') === isListed),
    );
    for (const link of listed ?? [])
      expect(textOf(page.querySelector(link.getAttribute('href') ?? ''))).toMatch(/No link: /);
    for (const link of published ?? [])
      expect([link.getAttribute('rel'), link.getAttribute('target')]).toEqual(['noopener noreferrer', '_blank']);
    expect(Math.min(listed?.length ?? 0, published?.length ?? 0)).toBeGreaterThan(0);
  });

  test('marks every use of an unreviewed source in words', () => {
    const unreviewed = content.sources.filter(({ level }) => level === 'tertiary unreviewed');
    for (const { id, label } of unreviewed) {
      const uses = [...page.querySelectorAll('.evidence-sources li, .evidence-items > li')].filter((item) =>
        textOf(item.querySelector('a') ?? item).startsWith(label),
      );
      expect([id, uses.length]).toEqual([id, expect.any(Number)]);
      expect(uses.length).toBeGreaterThan(0);
      expect(uses.filter((use) => !textOf(use).includes('unreviewed'))).toEqual([]);
    }
  });

  test('reaches every table that may scroll with the keyboard, and names it', () => {
    const regions = [...page.querySelectorAll('.table-scroll')];
    expect(regions.length).toBe(page.querySelectorAll('table').length);
    for (const region of regions) {
      expect(region.getAttribute('tabindex')).toBe('0');
      expect(region.getAttribute('aria-label')).toMatch(/, table$/);
    }
  });

  test('has no id twice', () => {
    const ids = [...page.querySelectorAll('[id]')].map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  test('is the same for every patient, and says so', () => {
    expect(textOf(page.querySelector('.evidence-lead'))).toMatch(/professionals.*The same for every patient/);
  });
});

describe('where something is missing', () => {
  test('empty lists of figures are said to be empty', () => {
    const outcomes: Outcomes = {
      responses: [],
      medians: [],
      survival: [],
      occurrences: [],
      reactions: [],
      contrasts: [],
    };
    const empty = shown({ outcomes });
    expect(empty.querySelector('#evidence-survival')?.textContent).toContain(
      'Survival by cohort: no figures recorded.',
    );
    expect(empty.querySelectorAll('[role="img"]')).toHaveLength(0);
  });

  test('a source that is not in the list is named by its id with that said', () => {
    const without = shown({ sources: [] });
    expect(textOf(without.querySelector('td .evidence-sources li'))).toBe(
      'fda-2022-atezolizumabnot in the list of sources',
    );
  });

  test('markup in a text of a site is text', () => {
    const [first] = content.outcomes.responses;
    if (first === undefined) throw new Error('no response');
    const hostile = { ...first, treatment: '<img src=x onerror=alert(1)>', note: '"><script>alert(1)</script>' };
    const odd = shown({ outcomes: { ...content.outcomes, responses: [hostile] } });
    expect(odd.querySelectorAll('img, script')).toHaveLength(0);
    expect(odd.body.textContent).toContain('<img src=x onerror=alert(1)>');
  });
});
