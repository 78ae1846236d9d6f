import { describe, expect, test } from '@jest/globals';
import { assess } from '../../../src/guideline/assess.ts';
import { loadGuideline } from '../../../src/guideline/load.ts';
import { GROUPS, grouped } from '../../../src/smart-app/recommendations/groups.ts';
import {
  type RecommendationsView,
  recommendationsView,
} from '../../../src/smart-app/recommendations/recommendations-view.ts';
import { folderOfCards, plainCard } from '../../guideline/folder.ts';
import { guideline } from '../../support/service.ts';
import { PATIENTS, situationOf } from '../header/situation-of.ts';

const untreated = await situationOf('metastatic-untreated');

function idsIn(view: RecommendationsView): readonly string[] {
  const { opened, groups, undecided, withOrder, notMet, notShown } = view;
  return [
    ...(opened === undefined ? [] : [opened]),
    ...groups.flatMap(({ assessments }) => assessments),
    ...undecided,
    ...withOrder,
    ...notMet,
    ...notShown,
  ].map(({ card }) => card.file.id);
}

const allIds = guideline.cards.map(({ file }) => file.id).toSorted();

describe.each(PATIENTS)('%s', (patient) => {
  test('every card stands in one place, whichever the app was opened from', async () => {
    const situation = await situationOf(patient);
    for (const openedFrom of [undefined, 'pathway-position', 'immunotherapy-safety', 'record-stage'])
      expect(idsIn(recommendationsView({ ...situation, openedFrom })).toSorted()).toEqual(allIds);
  });

  test('each that does not apply says why', async () => {
    const { undecided, withOrder, notMet, notShown, reasonOf } = recommendationsView(await situationOf(patient));
    const others = [...undecided, ...withOrder, ...notMet, ...notShown];
    expect(others.filter((one) => reasonOf(one).length < 8)).toEqual([]);
    expect(others.length).toBeGreaterThan(0);
  });
});

test('the card it was opened from stands apart, whatever it comes to, and still counts', () => {
  const view = recommendationsView({ ...untreated, openedFrom: 'atezolizumab-first-line' });
  expect(view.opened).toMatchObject({ outcome: 'applies', card: { file: { id: 'atezolizumab-first-line' } } });
  expect(view.counts).toEqual(recommendationsView(untreated).counts);
  expect(recommendationsView({ ...untreated, openedFrom: 'record-stage' }).opened?.outcome).toBe('not-met');
  expect(recommendationsView({ ...untreated, openedFrom: 'no-such-card' }).opened).toBeUndefined();
});

test('warnings come first, then the subjects in their order, and within each the priorities', () => {
  const { groups } = recommendationsView(untreated);
  expect(groups.map(({ title }) => title)).toEqual([
    'Warnings',
    'Diagnosis and staging',
    'Systemic therapy',
    'Supportive care, referral and follow-up',
  ]);
  expect(groups[0]?.assessments.map(({ card }) => card.file.id)).toEqual(['baseline-brain-mri']);
  for (const { assessments } of groups) {
    const priorities = assessments.map(({ card }) => card.file.priority);
    expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
  }
});

test('every card of the guideline has a subject, and every subject only cards of the guideline', () => {
  expect(GROUPS.flatMap(({ cards }) => [...cards]).toSorted()).toEqual(allIds);
});

test("a site's own card is not lost", () => {
  const own = loadGuideline(folderOfCards(plainCard('our-own')));
  expect(grouped(assess(own, untreated.chart, '2026-11-22'))).toMatchObject([
    { title: 'Other cards', assessments: [{ outcome: 'applies' }] },
  ]);
});

test('an unread part leaves cards undecided and names what is open, and makes none of them not met', async () => {
  const situation = await situationOf('progressed-on-atezolizumab', {
    without: ['medicationRequests', 'medicationAdministrations'],
  });
  const { undecided, notMet, reasonOf } = recommendationsView(situation);
  const card = undecided.find(({ card: { file } }) => file.id === 'refractory-combination-or-trial');
  expect(card && reasonOf(card)).toMatch(/^Open: .*anti-angiogenic TKI/);
  expect(notMet.map(({ card: { file } }) => file.id)).not.toContain('tki-after-immunotherapy');
});

test('where what is open presupposes a drug of which there is no record, that is said beside it', () => {
  const { undecided, reasonOf } = recommendationsView(untreated);
  const card = undecided.find(({ card: { file } }) => file.id === 'tki-after-immunotherapy');
  expect(card && reasonOf(card)).toBe(
    'Open: progression since a PD-1/PD-L1 inhibitor was started (no record of a PD-1/PD-L1 inhibitor).',
  );
});

test('of a patient who has died nothing applies, and the death is the reason', () => {
  const { counts, notMet, reasonOf } = recommendationsView({
    ...untreated,
    chart: { ...untreated.chart, deceased: true },
  });
  expect(counts).toEqual({ applying: 0, undecided: 0 });
  expect(new Set(notMet.map(reasonOf))).toEqual(new Set(['The chart records a death.']));
});
