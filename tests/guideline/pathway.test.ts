import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Chart } from '../../src/chart/chart.ts';
import type { Fact, Truth } from '../../src/chart/fact.ts';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { loadPatient } from '../../src/ehr-demo/scenarios.ts';
import { answersOf } from '../../src/guideline/answers.ts';
import { assess } from '../../src/guideline/assess.ts';
import { variablesOf } from '../../src/guideline/card-variables.ts';
import { criteriaOf } from '../../src/guideline/compile.ts';
import type { Answers } from '../../src/guideline/expression.ts';
import type { Card } from '../../src/guideline/guideline.ts';
import { type PathwayStep, pathwayOf } from '../../src/guideline/pathway.ts';
import { PATHWAY_STEPS } from '../../src/guideline/pathway-steps.ts';
import { guideline } from '../support/service.ts';
import { everyChart } from './every-chart.ts';
import { chartOf, chartOfResources } from './patient-chart.ts';

const charts = await everyChart();
const untreated = await chartOf('metastatic-untreated');
const card = cardOf('pathway-position');

function cardOf(id: string): Card {
  const found = guideline.cards.find(({ file }) => file.id === id);
  if (found === undefined) throw new Error(`There is no ${id}`);
  return found;
}

/** What the card says of a step, in the words that this pathway has for it. */
function wordsOf({ position, qualifier }: PathwayStep): RegExp {
  const words = {
    begun: 'begun',
    passed: 'begun',
    next: 'next',
    possible: 'possible[,;] .+',
    'not-yet': 'not yet',
    'not-supported': 'not supported',
    undecided: 'undecided',
  };
  const added = {
    'caution-on-file': ', but on file: .*',
    'unless-given': ', unless given',
    'not-tolerated': ', stopped as not tolerated',
    'not-ongoing': ', not going on',
    'tki-on-file': ', but a TKI is on file',
    'both-ongoing': ', but immunotherapy and a TKI go on together',
  };
  return new RegExp(`^${words[position]}${qualifier === undefined ? '' : added[qualifier]}$`);
}

/** The card's text with the same answers. */
function saidByCard(
  chart: Chart,
  answers: Answers,
): { readonly steps: readonly string[]; readonly here: number | undefined } {
  const variables = variablesOf(card, chart, [], answers);
  const steps = [
    ...card.consider.render(variables).matchAll(/\*\*(\d) [^*]+\*\*(?: \([^)]*\))?:? ?(.*?)\.(?= \*\*|$)/g),
  ];
  const here = /step (\d)/.exec(card.summary.render(variables))?.[1];
  return {
    steps: steps.map(([, , says = '']) => says.replace(/^: /, '')),
    here: here === undefined ? undefined : Number(here),
  };
}

/** Where the card and the pathway say different things. */
function disagreements(chart: Chart, answers: Answers): readonly string[] {
  const pathway = pathwayOf(chart, answers);
  if (pathway.kind !== 'metastatic') return [`the pathway is ${pathway.kind}`];
  const said = saidByCard(chart, answers);
  const placed = pathway.steps.filter(({ isHere }) => isHere).map(({ definition }) => definition.number);
  return [
    ...pathway.steps.flatMap((step, at) => {
      const says = said.steps[at] ?? 'nothing';
      return wordsOf(step).test(says) ? [] : [`step ${at + 1} is ${step.position}, and the card says: ${says}`];
    }),
    ...(pathway.steps.length === said.steps.length ? [] : ['not as many steps']),
    ...(pathway.here === said.here ? [] : [`here is ${pathway.here}, and the card says ${said.here}`]),
    ...(placed.join() === String(pathway.here ?? '') ? [] : [`marked are ${placed.join()}`]),
  ];
}

describe('the card on the pathway and the pathway say the same', () => {
  test.each([...charts])('%s', (_name, chart) => {
    const answers = answersOf(chart);
    const { kind } = pathwayOf(chart, answers);
    const applies = assess(guideline, chart, '2026-11-22').some(
      ({ card: { file }, outcome }) => file.id === card.file.id && outcome === 'applies',
    );
    expect(kind === 'metastatic').toBe(applies);
    expect(applies ? disagreements(chart, answers) : []).toEqual([]);
  });

  test('whatever the answers', () => {
    const ids = criteriaOf(card);
    const truth = fc.constantFrom<Truth>('yes', 'no', 'unknown');
    fc.assert(
      fc.property(fc.tuple(...ids.map(() => truth)), (truths) => {
        const given = new Map(ids.map((id, at): [string, Truth] => [id, truths[at] ?? 'unknown']));
        for (const id of ['asps-established', 'asps-active', 'metastatic']) given.set(id, 'yes');
        given.set('asps-suspected', 'no');
        const answers: Answers = (id) => factOf(given.get(id) ?? 'unknown');
        expect(disagreements(untreated, answers)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

function factOf(state: Truth): Fact {
  return { state, evidence: [], searched: [], unread: [], value: 'a value' };
}

const stepsOf = async (patient: string, omit: readonly string[] = []) => stepsIn(await chartOf(patient, { omit }));

function stepsIn(chart: Chart) {
  const pathway = pathwayOf(chart, answersOf(chart));
  if (pathway.kind !== 'metastatic') throw new Error(`It is ${pathway.kind}`);
  return pathway;
}

const positionsIn = (chart: Chart) =>
  stepsIn(chart).steps.map(({ position, qualifier }) => [position, qualifier].filter(Boolean).join(', '));

/** The orders of the drug in the chart of a patient, as orders of another one, if given. */
function ordersOf(drug: string, patient: string, asOf = patient): readonly Resource[] {
  const orders = loadPatient(patient).resources.filter(
    ({ resourceType, id }) => resourceType === 'MedicationRequest' && id.includes(drug),
  );
  return orders.map((order) => ({ ...order, subject: { reference: `Patient/${asOf}` } }));
}

/** The chart with these resources in place of those of the same id, or beside all. */
async function chartWith(patient: string, changed: readonly Resource[]): Promise<Chart> {
  const ids = new Set(changed.map(({ id }) => id));
  const kept = loadPatient(patient).resources.filter(({ id }) => !ids.has(id));
  return chartOfResources(patient, [...kept, ...changed]);
}

describe('the five steps', () => {
  test.each<[string, number, readonly string[]]>([
    ['metastatic-untreated', 1, ['next', 'not-supported', 'not-yet', 'not-supported', 'not-yet']],
    ['atezolizumab-two-years', 1, ['begun', 'not-supported', 'not-yet', 'not-supported', 'not-yet']],
    ['on-atezolizumab-lung-bone', 3, ['passed', 'not-supported', 'next', 'possible', 'not-yet']],
    ['progressed-on-atezolizumab', 3, ['passed', 'not-supported', 'next', 'possible', 'not-yet']],
    ['progressed-on-both', 5, ['passed', 'not-supported', 'passed', 'possible', 'next']],
    ['combination-after-both', 5, ['passed', 'not-supported', 'passed', 'undecided', 'begun']],
    ['combination-worsened', 5, ['passed', 'not-supported', 'passed', 'possible', 'passed']],
  ])('%s stands at step %d', async (patient, here, positions) => {
    const pathway = await stepsOf(patient);
    expect(pathway.steps.map(({ position }) => position)).toEqual(positions);
    expect(pathway.here).toBe(here);
  });

  test.each<[string, string, number, string]>([
    ['stopped as not tolerated', 'worsened-after-second-drug-only', 1, 'begun, not-tolerated'],
    ['stopped as not tolerated, another drug since', 'chemotherapy-after-atezolizumab', 1, 'begun, not-tolerated'],
    ['over without a reason', 'pneumonitis-on-nivolumab', 1, 'begun, not-ongoing'],
    ['given elsewhere', 'pembrolizumab-elsewhere', 1, 'begun, not-ongoing'],
    ['going on', 'atezolizumab-two-years', 1, 'begun'],
    ['a TKI before immunotherapy', 'stable-on-pazopanib-naive', 3, 'not-yet, tki-on-file'],
    ['a TKI after immunotherapy that was not tolerated', 'worsened-after-second-drug-only', 3, 'not-yet, tki-on-file'],
  ])('%s: %s, step %d is %s', async (_claim, patient, step, is) => {
    expect(positionsIn(await chartOf(patient))[step - 1]).toBe(is);
  });

  test('immunotherapy is not called over while an order for it stands, be it older than the diagnosis', async () => {
    const [order] = ordersOf('atezolizumab', 'atezolizumab-two-years');
    const chart = await chartWith('atezolizumab-two-years', order ? [{ ...order, authoredOn: '2010-01-04' }] : []);
    expect(answersOf(chart)('immunotherapy-ongoing').state).toBe('no');
    expect(positionsIn(chart)[0]).toBe('begun');
  });

  test.each([
    ['atezolizumab-two-years', 'not-yet, tki-on-file', 'not-yet, both-ongoing'],
    ['atezolizumab-two-years-unassessed', 'undecided, tki-on-file', 'undecided, both-ongoing'],
  ])('%s and a TKI beside it: on file, though no progression before is', async (patient, third, fifth) => {
    const tki = ordersOf('pazopanib', 'stable-on-pazopanib-naive', patient);
    const [, , step3, , step5] = positionsIn(await chartWith(patient, tki));
    expect([step3, step5]).toEqual([third, fifth]);
  });

  test.each([
    ['unknown', 'next, unless-given'],
    ['stopped', 'next'],
  ])('after both, a combination of which one order is %s: %s', async (status, is) => {
    const axitinib = ordersOf('axitinib', 'combination-after-both').map((order) => ({ ...order, status }));
    expect(positionsIn(await chartWith('combination-after-both', axitinib))[4]).toBe(is);
  });

  test('each names what decided it, or what leaves it open, with the facts', async () => {
    for (const chart of charts.values()) {
      const answers = answersOf(chart);
      const pathway = pathwayOf(chart, answers);
      for (const step of pathway.kind === 'metastatic' ? pathway.steps : []) {
        expect(step.decidedBy.length > 0).toBe(step.position !== 'undecided' || step.qualifier !== undefined);
        expect(step.undecided.length > 0).toBe(step.position === 'undecided' || step.qualifier === 'unless-given');
        for (const { fact } of step.decidedBy) expect(fact.state).not.toBe('unknown');
        for (const { fact } of step.undecided) expect(fact.state).toBe('unknown');
      }
    }
  });

  test('an unread history of medication leaves the place open, and says so', async () => {
    const { here, steps } = await stepsOf('metastatic-untreated', [
      'medicationRequests',
      'medicationAdministrations',
      'medicationStatements',
    ]);
    expect(here).toBeUndefined();
    expect(steps[0]).toMatchObject({
      position: 'undecided',
      undecided: [{ criterion: { id: 'pd-1-pd-l1-exposure' }, fact: { state: 'unknown' } }],
    });
    expect(steps[0]?.undecided[0]?.fact.unread).not.toEqual([]);
  });
});

describe('where the pathway is not for the chart, what decided that is named', () => {
  test.each([
    ['localised-resected', 'not-metastatic', 'metastatic'],
    ['abbreviation-only', 'suspected', 'asps-suspected'],
    ['remission', 'not-active', 'asps-active'],
    ['leiomyosarcoma-on-doxorubicin', 'no-asps', 'asps-established'],
  ])('%s: %s', async (patient, kind, criterion) => {
    const chart = await chartOf(patient);
    expect(pathwayOf(chart, answersOf(chart))).toMatchObject({ kind, decidedBy: [{ criterion: { id: criterion } }] });
  });

  test('no stage on file: undecided, not localised', async () => {
    const chart = await chartOf('no-stage');
    expect(pathwayOf(chart, answersOf(chart))).toMatchObject({
      kind: 'undecided',
      undecided: [{ criterion: { id: 'metastatic' }, fact: { state: 'unknown' } }],
    });
  });

  test('a patient who has died is placed nowhere', () => {
    expect(pathwayOf({ ...untreated, deceased: true }, answersOf(untreated))).toEqual({ kind: 'deceased' });
  });
});

test('every card of a step is one of the guideline', () => {
  for (const id of PATHWAY_STEPS.flatMap(({ cards }) => cards)) expect(cardOf(id).file.id).toBe(id);
});
