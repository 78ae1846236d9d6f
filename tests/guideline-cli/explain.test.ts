import { describe, expect, test } from '@jest/globals';
import { FIXTURE_DATE, type HookEvent } from '../../src/ehr-demo/hook-request.ts';
import { loadDraft, loadPatient } from '../../src/ehr-demo/scenarios.ts';
import { type Explanation, explain, linesOfTherapy } from '../../src/guideline-cli/explain.ts';
import { explanationText, linesText } from '../../src/guideline-cli/explanation-text.ts';
import { chartFor } from '../../src/guideline-cli/patient-chart.ts';
import { guideline, TODAY } from '../support/service.ts';

const plain = (_style: string, text: string) => text;

async function explained(
  patient: string,
  hook: string,
  { draft, omit, maxCards = 4 }: { draft?: string; omit?: readonly string[]; maxCards?: number } = {},
): Promise<readonly Explanation[]> {
  const event: HookEvent = {
    patient: loadPatient(patient),
    hook,
    ...(draft === undefined ? {} : { draft: loadDraft(draft, patient) }),
    ...(omit === undefined ? {} : { omit }),
  };
  const chart = await chartFor(event, guideline, TODAY);
  return explain(guideline, chart, { hook, today: FIXTURE_DATE, maxCards });
}

function find(explanations: readonly Explanation[], card: string): Explanation {
  const found = explanations.find((one) => one.card === card);
  if (found === undefined) throw new Error(`There is no ${card}`);
  return found;
}

describe('a card is explained', () => {
  test('that is shown: how urgent, what it says, and which resources decided each part', async () => {
    const card = find(await explained('metastatic-untreated', 'patient-view', { maxCards: 0 }), 'baseline-brain-mri');
    expect(card).toMatchObject({
      outcome: 'shown',
      indicator: 'warning',
      summary: expect.stringContaining('brain MRI'),
    });
    expect(card.parts.map(({ truth }) => truth)).toEqual(['yes', 'yes', 'yes']);
    expect(card.parts[0]?.criteria).toEqual([
      {
        id: 'asps-established',
        truth: 'yes',
        because: expect.stringMatching(/^Condition\/metastatic-untreated-asps 2026-\S+ "Alveolar soft part sarcoma/),
      },
    ]);
    expect(card.parts[1]).toMatchObject({
      condition: 'possibly not brain-mri-since-diagnosis',
      criteria: [{ id: 'brain-mri-since-diagnosis', truth: 'no', because: expect.stringMatching(/^nothing in proc/) }],
    });
  });

  test('that is not shown: which part failed', async () => {
    const card = find(await explained('metastatic-untreated', 'patient-view'), 'record-stage');
    expect(card).toMatchObject({ outcome: 'not shown' });
    expect(card.parts.filter(({ truth }) => truth !== 'yes').map(({ condition }) => condition)).toEqual([
      '(possibly not stage-found or (metastasis-undecided and possibly asps-active))',
    ]);
  });

  test('that could not be decided: what was not read', async () => {
    const cards = await explained('metastatic-untreated', 'patient-view', { omit: ['procedures'], maxCards: 0 });
    const [, mri] = find(cards, 'baseline-brain-mri').parts;
    expect(mri?.criteria[0]).toMatchObject({
      truth: 'unknown',
      because: expect.stringContaining('not read: procedures (not-sent)'),
    });
  });

  test('that no condition is asked of, since it is for other hooks', async () => {
    const card = find(await explained('metastatic-untreated', 'order-sign', { draft: 'doxorubicin' }), 'record-stage');
    expect(card).toMatchObject({ outcome: 'not on this hook', parts: [] });
  });

  test('with the condition that a hook adds before its own', async () => {
    const cards = await explained('metastatic-untreated', 'order-sign', { draft: 'doxorubicin' });
    const [ofHook] = find(cards, 'atezolizumab-first-line').parts;
    expect(ofHook).toMatchObject({ condition: '(anthracycline-order or other-cytotoxic-order)', truth: 'yes' });
    expect(ofHook?.criteria[0]?.because).toContain('MedicationRequest/');
  });

  test('that applies but comes after as many as are shown', async () => {
    const cards = await explained('metastatic-untreated', 'patient-view', { maxCards: 1 });
    const outcomes = Map.groupBy(cards, ({ outcome }) => outcome);
    expect(outcomes.get('shown')).toHaveLength(1);
    expect(outcomes.get('beyond the limit')?.length).toBeGreaterThan(0);
  });

  test('in shadow or switched off by an overlay as such', async () => {
    const patient = loadPatient('metastatic-untreated');
    const [first, ...others] = guideline.cards.filter(({ file }) => file.id !== 'baseline-brain-mri');
    const mri = guideline.cards.find(({ file }) => file.id === 'baseline-brain-mri');
    if (first === undefined || mri === undefined) throw new Error('There are cards');
    const local = { ...guideline, cards: [...others, { ...mri, state: 'shadow' as const }], off: [first] };
    const chart = await chartFor({ patient, hook: 'patient-view' }, local, TODAY);
    const cards = explain(local, chart, { hook: 'patient-view', today: FIXTURE_DATE, maxCards: 4 });
    expect(find(cards, 'baseline-brain-mri').outcome).toBe('in shadow');
    expect(find(cards, first.file.id)).toMatchObject({ outcome: 'switched off', parts: [] });
  });
});

test('text of the chart stands on one line, without what a terminal would obey', async () => {
  const cards = await explained('hostile-text', 'patient-view');
  const said = cards.flatMap(({ parts }) => parts.flatMap(({ criteria }) => criteria.map(({ because }) => because)));
  expect(said.some((because) => because.includes('<img'))).toBe(true);
  expect(said.filter((because) => /\p{Cc}/u.test(because))).toEqual([]);
});

test('what was just added to the problem list is part of the chart', async () => {
  const cards = await explained('no-stage', 'problem-list-item-create', { omit: ['conditions'] });
  expect(find(cards, 'baseline-brain-mri').parts[0]).toMatchObject({ condition: 'asps-established', truth: 'yes' });
});

test('the text has what is shown first, a line a criterion, and cards of other hooks by name', async () => {
  const explanations = await explained('on-doxorubicin', 'encounter-discharge');
  const template = find(await explained('on-doxorubicin', 'patient-view'), 'record-stage');
  const text = explanationText(
    [
      ...explanations.filter(({ outcome }) => outcome === 'not on this hook').slice(0, 1),
      { ...template, card: 'silent', outcome: 'not shown', parts: template.parts.slice(0, 1) },
      {
        card: 'shown',
        title: 'Shown',
        outcome: 'shown',
        indicator: 'warning',
        summary: 'Consider it',
        parts: [
          { condition: 'a', truth: 'yes', criteria: [{ id: 'a', truth: 'yes', because: 'Condition/1 "A"' }] },
          {
            condition: 'not b',
            truth: 'unknown',
            criteria: [{ id: 'b', truth: 'unknown', because: 'not read: procedures (failed)' }],
          },
        ],
      },
    ],
    80,
    plain,
  );
  const lines = text.split('\n');
  expect(lines.slice(0, 5)).toEqual([
    'shown  shown (warning)',
    '  Consider it',
    '  + yes      a               Condition/1 "A"',
    '  ? unknown  not b',
    '                 b: unknown  not read: procedures (failed)',
  ]);
  expect(lines).toContain('silent  not shown');
  expect(text).toMatch(/^not on this hook: {2}\S+/m);
  expect(text).toMatch(/A card is shown when every line of its condition is yes\.\n$/);
});

test('drafts that were not just picked are not argued with, as in the service', async () => {
  const draft = loadDraft('doxorubicin', 'metastatic-untreated');
  const patient = loadPatient('metastatic-untreated');
  const truthFor = async (selections?: readonly string[]) => {
    const chart = await chartFor({ patient, hook: 'order-select', draft, selections }, guideline, TODAY);
    const cards = explain(guideline, chart, { hook: 'order-select', today: FIXTURE_DATE, maxCards: 4 });
    return find(cards, 'avoid-anthracycline-first-line').outcome;
  };
  const [id] = draft.entry?.map(({ resource }) => resource.id) ?? [];
  expect(await truthFor()).toBe('shown');
  expect(await truthFor([`MedicationRequest/${id ?? ''}`])).toBe('shown');
  expect(await truthFor(['MedicationRequest/another'])).toBe('not shown');
});

describe('the lines of therapy', () => {
  const linesOf = async (patient: string) =>
    linesOfTherapy(await chartFor({ patient: loadPatient(patient), hook: 'patient-view' }, guideline, TODAY));

  test('stand with start, end and stop reason', async () => {
    const text = linesText(await linesOf('progressed-on-both'), 100, plain);
    expect(text.split('\n')).toEqual([
      'Lines of therapy',
      '  drug          start       end',
      '  atezolizumab  2023-04-24  2023-04-24 to 2026-11-22  stopped: no response',
      '  pazopanib     2024-12-02  goes on',
      '',
    ]);
  });

  test('have days between which a partial date lies', async () => {
    expect(await linesOf('pembrolizumab-elsewhere')).toMatchObject([{ start: '2025-01-01 to 2025-01-31' }]);
  });

  test('say what is not known', async () => {
    const chart = await chartFor({ patient: loadPatient('on-pazopanib'), hook: 'patient-view' }, guideline, TODAY);
    const line = chart.therapy.lines.at(-1);
    if (line?.start === undefined) throw new Error('There is a line');
    const withLines = (lines: typeof chart.therapy.lines) =>
      linesOfTherapy({ ...chart, therapy: { ...chart.therapy, lines } });
    expect(
      withLines([
        { ...line, ongoing: 'unknown', onHold: true, start: { ...line.start, start: -Infinity } },
        { ...line, ongoing: 'unknown', start: undefined, stopReason: 'not-tolerated' },
        { ...line, stopReason: 'other' },
        { ...line, start: { ...line.start, end: Infinity } },
        { ...line, start: { ...line.start, start: -Infinity, end: Infinity } },
      ]),
    ).toMatchObject([
      { start: expect.stringMatching(/^by \d{4}-\d\d-\d\d$/), end: 'on hold', stopReason: '' },
      { start: 'undated', end: 'not known', stopReason: 'stopped: not tolerated' },
      { end: 'goes on', stopReason: 'stopped: another reason' },
      { start: expect.stringMatching(/^from \d{4}-\d\d-\d\d$/) },
      { start: 'undated' },
    ]);
  });

  test('of a patient without any are not mentioned', async () => {
    expect(linesText(await linesOf('metastatic-untreated'), 100, plain)).toBe('');
  });
});
