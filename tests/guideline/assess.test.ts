import { describe, expect, test } from '@jest/globals';
import type { Chart } from '../../src/chart/chart.ts';
import { RESOURCE_KEYS } from '../../src/chart/reading.ts';
import { answersOf } from '../../src/guideline/answers.ts';
import { type Assessment, assess, type Outcome } from '../../src/guideline/assess.ts';
import { inTheWay } from '../../src/guideline/assess-condition.ts';
import { CRITERIA } from '../../src/guideline/criteria/registry.ts';
import type { Guideline } from '../../src/guideline/guideline.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { recommend } from '../../src/guideline/recommend.ts';
import { guideline } from '../support/service.ts';
import { everyChart } from './every-chart.ts';
import { type Content, folderOfCards, plainCard, shipped } from './folder.ts';
import { chartOf } from './patient-chart.ts';

const DAY = '2026-11-22';
const CHART_HOOKS = [
  'patient-view',
  'encounter-start',
  'encounter-discharge',
  'appointment-book',
  'problem-list-item-create',
];

const charts = await everyChart();
const untreated = await chartOf('metastatic-untreated');
/** Nothing was read but who it is and what is on the problem list. */
const barelyRead = await chartOf('metastatic-untreated', {
  omit: RESOURCE_KEYS.filter((key) => key !== 'patient' && key !== 'conditions'),
});

function find(assessments: readonly Assessment[], id: string): Assessment {
  const found = assessments.find(({ card }) => card.file.id === id);
  if (found === undefined) throw new Error(`There is no ${id}`);
  return found;
}

function assessOne(more: Content, chart: Chart = untreated): Assessment {
  return find(assess(loadGuideline(folderOfCards(plainCard('a', more))), chart, DAY), 'a');
}

const idsOf = (assessments: readonly Assessment[], outcome: Outcome) =>
  assessments.filter((one) => one.outcome === outcome).map(({ card }) => card.file.id);

function overlaid(states: Readonly<Record<string, 'off' | 'shadow'>>): Guideline {
  const files = new Map([
    ['overlay.yaml', 'name: A hospital\nversion: 1.0.0\nmaintainer: Sarcoma board\ndate: 2026-11-01\n'],
    ...Object.entries(states).map(
      ([id, state]) => [`${id}.yaml`, `because: Our own pathway.\nstate: ${state}\n`] as const,
    ),
  ]);
  return loadGuideline(shipped, [{ folder: 'overlays/a', files }]);
}

describe('of every synthetic patient', () => {
  test.each([...charts])(
    '%s: the cards that apply are those that open on its hooks, with the same words',
    (_name, chart) => {
      const applying = assess(guideline, chart, DAY).filter(({ outcome }) => outcome === 'applies');
      const shown = new Map(
        CHART_HOOKS.flatMap((hook) =>
          recommend(guideline, chart, { hook, today: DAY, maxCards: 0 }).shown.map((one) => [one.id, one] as const),
        ),
      );
      expect(new Set(applying.map(({ card }) => card.file.id))).toEqual(new Set(shown.keys()));
      for (const { card, hook, texts } of applying) {
        const opened = recommend(guideline, chart, { hook, today: DAY, maxCards: 0 }).shown.find(
          ({ id }) => id === card.file.id,
        );
        expect({ indicator: texts?.indicator, summary: texts?.summary }).toEqual({
          indicator: opened?.indicator,
          summary: opened?.summary,
        });
        expect(opened?.suggestions.map(({ label }) => label).filter((label) => !/remove|correct/i.test(label))).toEqual(
          texts?.suggestions,
        );
        for (const text of [texts?.consider, texts?.evidence, texts?.regulatory])
          expect(opened?.detail).toContain(text);
      }
    },
  );

  test('every card has one assessment, in the order of the guideline', () => {
    for (const chart of charts.values()) {
      expect(assess(guideline, chart, DAY).map(({ card }) => card)).toEqual(guideline.cards);
    }
  });

  test('what does not apply says which criteria are in the way, and has no words that could claim more', () => {
    const truths = { applies: 'yes', 'not-met': 'no', undecided: 'unknown' };
    for (const chart of charts.values()) {
      const assessments = assess(guideline, chart, DAY);
      for (const { outcome, condition, texts } of assessments) {
        expect(texts === undefined).toBe(outcome !== 'applies');
        expect(inTheWay(condition).length > 0).toBe(condition.truth !== 'yes');
      }
      const asked = assessments.filter(({ outcome }) => outcome in truths);
      expect(asked.map(({ outcome }) => Reflect.get(truths, outcome))).toEqual(
        asked.map(({ condition }) => condition.truth),
      );
    }
  });

  test('each outcome that needs no overlay occurs', () => {
    const outcomes = new Set(
      [...charts.values()].flatMap((chart) => assess(guideline, chart, DAY).map(({ outcome }) => outcome)),
    );
    expect(outcomes).toEqual(new Set(['applies', 'undecided', 'not-met', 'with-an-order']));
  });
});

describe('one card', () => {
  test.each<[string, Content, Outcome, string]>([
    ['whose condition holds', { when: 'metastatic' }, 'applies', 'patient-view'],
    ['whose condition does not', { when: { not: 'metastatic' } }, 'not-met', 'patient-view'],
    ['whose condition is unknown', { when: 'progression-on-immunotherapy' }, 'undecided', 'patient-view'],
    [
      'that applies on its second hook',
      { hooks: [{ 'patient-view': { not: 'metastatic' } }, 'encounter-start'] },
      'applies',
      'encounter-start',
    ],
    [
      'that its second hook leaves open',
      { hooks: [{ 'patient-view': { not: 'metastatic' } }, { 'encounter-start': 'progression-on-immunotherapy' }] },
      'undecided',
      'encounter-start',
    ],
    [
      'of order hooks alone',
      { hooks: ['order-select', 'order-sign', 'order-dispatch'] },
      'with-an-order',
      'order-select',
    ],
    [
      'of an order hook that holds, and a chart hook that does not',
      { hooks: ['order-sign', { 'patient-view': 'ordering' }] },
      'not-met',
      'patient-view',
    ],
  ])('%s', (_claim, content, outcome, hook) => {
    expect(assessOne(content)).toMatchObject({ outcome, hook });
  });

  test('past its review date says so, and not on the day itself', () => {
    expect(assessOne({ reviewDue: '2026-11-21' }).isOverdue).toBe(true);
    expect(assessOne({ reviewDue: DAY }).isOverdue).toBe(false);
  });

  test('is judged part by part, that of the hook first, negations moved to the answers that are needed', () => {
    const { condition } = assessOne({
      hooks: [{ 'patient-view': 'asps-established' }],
      when: { not: { all: [{ not: 'metastatic' }, { possibly: 'unresectable' }] } },
    });
    expect(condition).toMatchObject({
      kind: 'all',
      truth: 'yes',
      parts: [
        { kind: 'criterion', truth: 'yes', needed: ['yes'], criterion: { id: 'asps-established' } },
        {
          kind: 'any',
          truth: 'yes',
          parts: [
            { kind: 'criterion', truth: 'yes', needed: ['yes'], criterion: { id: 'metastatic' } },
            { kind: 'criterion', needed: ['no'], criterion: { id: 'unresectable' } },
          ],
        },
      ],
    });
  });

  test('for orders: what only an order can answer is left open, and what the chart says against it is said', () => {
    const asked = { hooks: ['order-sign'], when: { all: ['asps-established', 'pazopanib-drafted'] } };
    expect(assessOne(asked).condition.truth).toBe('unknown');
    expect(inTheWay(assessOne(asked).condition).map(({ criterion }) => criterion.id)).toEqual(['pazopanib-drafted']);
    const against = { ...asked, when: { all: [{ not: 'metastatic' }, 'pazopanib-drafted'] } };
    expect(inTheWay(assessOne(against).condition).map(({ criterion }) => criterion.id)).toEqual(['metastatic']);
  });
});

test('criteria that ask about drafts alone are those that answer every opened chart with a no that rests on nothing', () => {
  const answers = [...charts.values()].map(answersOf);
  const empty = [...CRITERIA.keys()].filter((id) =>
    answers.every((of) => {
      const { state, evidence, searched, unread } = of(id);
      return state === 'no' && evidence.length + searched.length + unread.length === 0;
    }),
  );
  const flagged = [...CRITERIA.values()].filter(({ asksDrafts }) => asksDrafts === true).map(({ id }) => id);
  // A site's settings ask the first two and the last; the third is of a cancer besides, and of orders that stand.
  const unasked = ['brain-imaging-overdue', 'chest-imaging-overdue', 'indication-open', 'sarcoma-centre-configured'];
  expect(flagged).toEqual(empty.filter((id) => !unasked.includes(id)));
});

test('what a criterion presupposes is a criterion', () => {
  const presupposed = [...CRITERIA.values()].flatMap(({ presupposes }) => presupposes ?? []);
  expect(presupposed.map((id) => CRITERIA.get(id)?.id)).toEqual(presupposed);
  expect(presupposed).not.toEqual([]);
});

test('no criterion says no, with nothing to show for it, where what would decide it was not read', () => {
  const answers = answersOf(barelyRead);
  const claims = [...CRITERIA.keys()].filter((id) => {
    const { state, evidence, unread } = answers(id);
    return state === 'no' && evidence.length === 0 && unread.length > 0;
  });
  expect(claims).toEqual([]);
});

test('a card that is undecided because nothing could be read does not become one that is not met', () => {
  const blind = assess(guideline, barelyRead, DAY);
  for (const id of ['tki-after-immunotherapy', 'refractory-combination-or-trial', 'positive-margin-radiotherapy']) {
    expect(find(blind, id).outcome).toBe('undecided');
  }
});

test('nothing applies to a patient who has died, and nothing waits for an order', () => {
  const assessments = assess(guideline, { ...untreated, deceased: true }, DAY);
  expect(new Set(assessments.map(({ outcome }) => outcome))).toEqual(new Set(['not-met']));
});

test('a card that the site switched off or tries out is said to be, and does not count as applying', () => {
  const local = overlaid({ 'baseline-brain-mri': 'off', 'palliative-care-referral': 'shadow' });
  const assessments = assess(local, untreated, DAY);
  expect(idsOf(assess(guideline, untreated, DAY), 'applies')).toEqual(
    expect.arrayContaining(['baseline-brain-mri', 'palliative-care-referral']),
  );
  expect(idsOf(assessments, 'switched-off')).toEqual(['baseline-brain-mri']);
  expect(idsOf(assessments, 'in-shadow')).toEqual(['palliative-care-referral']);
  expect(find(assessments, 'baseline-brain-mri').card.because).toEqual(['Our own pathway.']);
  expect(idsOf(assessments, 'applies')).not.toContain('palliative-care-referral');
});
