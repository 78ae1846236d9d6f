import { describe, expect, test } from '@jest/globals';
import { JSDOM } from 'jsdom';
import { render } from 'preact-render-to-string';
import { loadGuideline } from '../../../src/guideline/load.ts';
import { Pathway } from '../../../src/smart-app/pathway/pathway.tsx';
import type { Situation } from '../../../src/smart-app/situation.ts';
import { shipped } from '../../guideline/folder.ts';
import { PATIENTS, situationOf } from '../header/situation-of.ts';

function shown(situation: Situation): Document {
  return new JSDOM(render(<Pathway situation={situation} />)).window.document;
}

const textOf = (from: ParentNode | null | undefined, selector: string) =>
  from?.querySelector(selector)?.textContent?.replaceAll(/\s+/g, ' ').trim();
const step = (page: Document, number: number) => page.querySelector(`.pathway-steps > li:nth-child(${number})`);

describe('without a click', () => {
  test('a sentence says where the chart stands, as the card on the pathway has it', async () => {
    const page = shown(await situationOf('progressed-on-both'));
    expect(textOf(page, '.pathway-position')).toContain('step 5');
  });

  test('one step is marked as the place, in words and for whoever hears it', async () => {
    const page = shown(await situationOf('on-atezolizumab-lung-bone'));
    const places = [...page.querySelectorAll('[aria-current=step]')];
    expect(places.map((place) => textOf(place, '.pathway-here'))).toEqual(['Supported by this chart']);
    expect(places[0]).toBe(step(page, 3));
  });

  test('every step has its position in words and why in short', async () => {
    const page = shown(await situationOf('on-atezolizumab-lung-bone'));
    const standing = [1, 2, 3, 4, 5].map((number) => textOf(step(page, number), '.pathway-standing .mark'));
    expect(standing.map((words) => words?.replace(/^\S /, '').replace(/^[▶✓→◇·✕?]/, ''))).toEqual([
      'Begun, progression recorded',
      'Not supported by this chart',
      'Next',
      'Possible',
      'Not yet',
    ]);
    expect(textOf(step(page, 3), '.pathway-reason')).toContain('no record of an anti-angiogenic TKI');
  });
});

test.each([
  ['worsened-after-second-drug-only', 1, 'Begun, stopped as not tolerated'],
  ['pneumonitis-on-nivolumab', 1, 'Begun, not going on by this chart'],
  ['stable-on-pazopanib-naive', 3, 'Not yet, but a TKI is on file'],
  ['kidney-transplant-metastatic', 1, 'Next, but a caution is on file'],
  ['combination-after-both', 5, 'Begun'],
  ['combination-worsened', 5, 'Begun, progression recorded'],
])('%s: step %d is "%s"', async (patient, number, words) => {
  const standing = textOf(step(shown(await situationOf(patient)), number), '.pathway-standing .mark');
  expect(standing?.slice(1)).toBe(words);
});

test('no step is called first-line: what was given before is not known', async () => {
  const page = shown(await situationOf('on-doxorubicin'));
  expect(textOf(step(page, 1), '.pathway-name')).toBe('1 Immunotherapy');
  expect(textOf(page, '.pathway-position')).not.toContain('first-line');
});

test('behind a step stand the facts that decided it, what a clinician has to judge, and its cards', async () => {
  const page = shown(await situationOf('on-atezolizumab-lung-bone'));
  const details = textOf(step(page, 4), '.pathway-details');
  expect(details).toContain('What decided it');
  expect(details).toContain('How many lesions grow');
  expect(step(page, 4)?.querySelector('a')?.getAttribute('href')).toBe('#card-oligometastatic-local-therapy');
  expect(step(page, 1)?.querySelectorAll('.record').length).toBeGreaterThan(0);
});

test('a history that cannot be read leaves the place open: no step is marked, and what is missing is named', async () => {
  const page = shown(
    await situationOf('metastatic-untreated', { without: ['medicationRequests', 'medicationAdministrations'] }),
  );
  expect(page.querySelector('[aria-current]')).toBeNull();
  expect(textOf(page, '.pathway-position')).toContain('step undecided');
  expect(textOf(step(page, 1), '.pathway-standing')).toContain('Undecided');
  expect(textOf(step(page, 1), '.pathway-details')).toContain('could not be read: MedicationRequest');
});

describe('where the pathway is not for the chart, that is said with what decided it', () => {
  test.each<[string, RegExp]>([
    ['localised-resected', /not metastatic/],
    ['abbreviation-only', /only suspected/],
    ['remission', /in remission/],
    ['no-stage', /undecided/],
    ['second-cancer', /undecided/],
  ])('%s', async (patient, says) => {
    const page = shown(await situationOf(patient));
    expect(textOf(page, '.pathway-position')).toMatch(says);
    expect(page.querySelectorAll('.pathway-answers > li').length).toBeGreaterThan(0);
    expect(page.querySelectorAll('.pathway-outline > li')).toHaveLength(5);
    expect(page.querySelector('[aria-current]')).toBeNull();
  });

  test('a patient who has died stands at no step', async () => {
    const situation = await situationOf('metastatic-untreated');
    const page = shown({ ...situation, chart: { ...situation.chart, deceased: true } });
    expect(textOf(page, '.pathway-position')).toContain('has died');
    expect(page.querySelector('.pathway-steps')).toBeNull();
  });
});

test('a site that switched the card off still gets the place, in other words', async () => {
  const files = new Map([
    ['overlay.yaml', 'name: A hospital\nversion: 1.0.0\nmaintainer: Sarcoma board\ndate: 2026-11-01\n'],
    ['pathway-position.yaml', 'because: Our own pathway.\nstate: off\n'],
  ]);
  const situation = await situationOf('progressed-on-both');
  const guideline = loadGuideline(shipped, [{ folder: 'overlays/a', files }]);
  expect(textOf(shown({ ...situation, guideline }), '.pathway-position')).toBe(
    'This chart stands at step 5: Refractory: a combination or a trial.',
  );
});

test.each(PATIENTS)('%s: nothing of the chart is an element or an address', async (patient) => {
  const page = shown(await situationOf(patient));
  expect(page.querySelectorAll('script, img, iframe, style, [style], [onerror]')).toHaveLength(0);
  const addresses = [...page.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '');
  expect(addresses.filter((href) => !/^#card-[a-z0-9-]+$/.test(href))).toEqual([]);
});
