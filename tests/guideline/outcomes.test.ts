import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Source } from '../../src/guideline/card.ts';
import type { Outcomes } from '../../src/guideline/figure.ts';
import { faultsOf } from '../../src/guideline/figure-faults.ts';
import { readOutcomes, statementsIn, unknownCitations } from '../../src/guideline/outcomes.ts';
import { readCatalogue } from '../../src/guideline/statements.ts';
import { guideline } from '../support/service.ts';
import { changed, folderWith, shipped } from './folder.ts';

const FILE = 'outcomes.yaml';
type Item = Record<string, unknown>;
type List = keyof Outcomes;

function shippedOutcomes(): Outcomes {
  const read = readOutcomes(shipped);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}

/** What is wrong with the figures once the first item of a list is changed. */
function problemsWith(list: List, change: (first: Item, items: Item[]) => unknown): readonly string[] {
  const read = readOutcomes(
    folderWith(
      changed(FILE, (content) => {
        const items = content[list] as Item[];
        change(items[0] ?? {}, items);
      }),
    ),
  );
  return 'problems' in read ? read.problems : [];
}

const outcomes = shippedOutcomes();
const figures = [
  ...outcomes.responses,
  ...outcomes.medians,
  ...outcomes.survival,
  ...outcomes.occurrences,
  ...outcomes.reactions,
];

describe('the figures that ship', () => {
  test('hold the two response rates of atezolizumab as published, and say why they differ', () => {
    const [fda, chen] = ['atezolizumab-response-fda', 'atezolizumab-response-chen'].map((id) =>
      outcomes.responses.find((one) => one.id === id),
    );
    expect(fda).toMatchObject({ percent: 24, count: 12, n: 49, interval: [13, 39] });
    expect(fda?.assessor).toMatch(/independent/i);
    expect(chen).toMatchObject({ percent: 37, count: 19, n: 52, interval: [24, 51] });
    expect(chen?.assessor).not.toMatch(/independent/i);
    const contrast = outcomes.contrasts.find(({ figures: named }) => named.includes('atezolizumab-response-fda'));
    expect(contrast?.figures).toContain('atezolizumab-response-chen');
    expect(contrast?.statements).toEqual(expect.arrayContaining(['X-03', 'E-15']));
  });

  test('name the superseded 28 months in a note alone: the median is 20.8 (X-04)', () => {
    const pfs = outcomes.medians.find(({ id }) => id === 'atezolizumab-pfs');
    expect(pfs?.median).toBe(20.8);
    expect(pfs?.note).toMatch(/28/);
    expect(outcomes.medians.filter(({ median }) => median === 28)).toEqual([]);
  });

  test('say of every response rate what which regulator allows, or that it was not read or verified', () => {
    const rates = outcomes.responses.filter(({ measure }) => measure === 'objective response');
    const said = /FDA|United States|US label|[Ii]nvestigational|no label was read/;
    expect(rates.filter(({ licence = '' }) => !said.test(licence)).map(({ id }) => id)).toEqual([]);
  });

  test('hold the condition of pembrolizumab in full (X-08), and nothing unverified on how rare it is in ASPS', () => {
    const { licence, note } = outcomes.responses.find(({ id }) => id === 'pembrolizumab-tmb-high-response') ?? {};
    for (const part of [
      /10 mut\/Mb or more by an FDA-approved test/,
      /progressed after prior treatment, no satisfactory alternative/,
      /accelerated.*may depend on confirmatory data/,
      /Not established in paediatric TMB-high CNS cancers/,
    ])
      expect(licence).toMatch(part);
    expect(note).not.toMatch(/uncommon|rare/i);
  });

  test('tell the retrospective study of chemotherapy by what it is: mostly literature, 31 of whom survival is told', () => {
    const ofReichardt = [...outcomes.responses, ...outcomes.survival, ...outcomes.medians].filter(
      ({ sources: [first] }) => first === 'reichardt-2003',
    );
    expect(ofReichardt).toHaveLength(6);
    for (const { design } of ofReichardt) expect(design).toMatch(/literature/);
    expect(outcomes.survival.find(({ id }) => id === 'survival-reichardt')).toMatchObject({ n: 31, months: 36 });
  });

  test('name no stage and no finding of other patients where 9 of 11 were free of disease', () => {
    const pdq = outcomes.survival.find(({ id }) => id === 'disease-free-pdq');
    expect(pdq).toMatchObject({ stage: 'not recorded', count: 9, n: 11 });
    expect(pdq).not.toHaveProperty('note');
  });

  test('say "about" where the source does', () => {
    const about = outcomes.occurrences.filter((one) => one.about === true).map(({ id }) => id);
    expect(about).toEqual(['first-diagnosis-wrong']);
  });

  test('tell what share of the two atezolizumab cohorts were women, and had had a resection', () => {
    const [fda, chen] = outcomes.responses;
    expect(fda?.population.age).toMatch(/51 % female/);
    expect(chen?.population.line).toMatch(/65 % had had a resection/);
  });

  test.each([
    ['X-02', /82 %.*registries, 1973\s+to 2012/],
    ['X-17', /27 to 65 %/],
    ['X-19', /localised disease/],
  ])('say why they disagree (%s)', (conflict, why) => {
    const [contrast] = outcomes.contrasts.filter(({ statements }) => statements.includes(conflict));
    expect(contrast?.why).toMatch(why);
  });

  test('give an interval only where one was published', () => {
    const withInterval = figures.filter((figure) => 'interval' in figure).map(({ id }) => id);
    expect(withInterval).toEqual([
      'atezolizumab-response-fda',
      'atezolizumab-response-chen',
      'geptanolimab-response',
      'axitinib-pembrolizumab-progression-free',
    ]);
  });

  test('say how many patients they are of, or why that is not known', () => {
    expect(figures.filter(({ n, withoutN }) => (n === undefined) === (withoutN === undefined))).toEqual([]);
  });

  test('call nothing verified that was read in unreviewed texts alone', () => {
    const level = new Map(guideline.sources.map((source) => [source.id, source.level]));
    const alone = figures.filter(({ sources }) => sources.every((id) => level.get(id) === 'tertiary unreviewed'));
    expect(alone.length).toBeGreaterThan(5);
    expect(alone.filter(({ status }) => status !== 'unverified')).toEqual([]);
  });

  test('call nothing wholly verified that was read in a digest alone, but for the label that the digest copies', () => {
    const level = new Map(guideline.sources.map((source) => [source.id, source.level]));
    const digests = figures.filter(({ sources }) => sources.every((id) => level.get(id) === 'trade digest'));
    const verified = digests.filter(({ status }) => status === 'verified').map(({ id }) => id);
    expect(verified).toEqual(['survival-esmo', 'atezolizumab-reactions-label']);
  });

  test('cite only what is there', () => {
    const catalogue = readCatalogue(shipped);
    if ('problems' in catalogue) throw new Error('no catalogue');
    expect(unknownCitations(outcomes, { catalogue, sources: guideline.sources })).toEqual([]);
  });

  test('are of every figure that the seeds name', () => {
    const cited = statementsIn(outcomes);
    const figured = ['S-040', 'S-041', 'S-042', 'S-049', 'S-081', 'S-110', 'S-111', 'S-112', 'S-114', 'S-115', 'S-116'];
    const more = ['S-117', 'S-126', 'S-127', 'S-129', 'S-130'];
    expect([...figured, ...more].filter((id) => !cited.has(id))).toEqual([]);
    const evidence = ['03', '06', '14', '15', '16', '18', '20', '23', '24', '25', '26', '27', '29', '30', '37', '38'];
    expect([...evidence, '40', '41', '42', '47', '48'].filter((id) => !cited.has(`E-${id}`))).toEqual([]);
  });
});

test('a citation that leads nowhere is said with its figure', () => {
  const catalogue = readCatalogue(shipped);
  if ('problems' in catalogue) throw new Error('no catalogue');
  const [first, ...others] = outcomes.responses;
  if (first === undefined) throw new Error('no response');
  const astray = { ...outcomes, responses: [{ ...first, sources: ['hearsay'], statements: ['S-999'] }, ...others] };
  expect(unknownCitations(astray, { catalogue, sources: guideline.sources })).toEqual([
    `${FILE}: ${first.id}: there is no source hearsay`,
    `${FILE}: ${first.id}: there is no statement S-999`,
  ]);
  const none: readonly Source[] = [];
  const contrasts = unknownCitations(outcomes, { catalogue, sources: none }).filter((one) =>
    one.includes('contrast of'),
  );
  expect(contrasts).toContainEqual(expect.stringMatching(/contrast of atezolizumab-response-fda, .*no source/));
});

describe('figures are refused', () => {
  test('that are not there', () => {
    expect(readOutcomes(folderWith({ [FILE]: undefined }))).toEqual({ problems: [`cards/${FILE}: missing`] });
  });

  test('that are no YAML', () => {
    expect(readOutcomes(folderWith({ [FILE]: 'responses: [' }))).toEqual({
      problems: expect.arrayContaining([expect.stringMatching(/^cards\/outcomes\.yaml:1: /)]),
    });
  });

  test.each<[string, List, (first: Item, items: Item[]) => unknown, RegExp]>([
    ['without a number and without a reason', 'responses', (first) => delete first['n'], /exactly one schema in oneOf/],
    [
      'with a number and a reason for its absence',
      'responses',
      (first) => Object.assign(first, { withoutN: 'It was not recorded' }),
      /exactly one schema in oneOf/,
    ],
    [
      'whose interval does not contain the rate',
      'responses',
      (first) => Object.assign(first, { interval: [25, 39] }),
      /\/responses\/0 the interval 25 to 39 does not contain 24$/,
    ],
    [
      'whose interval runs backwards',
      'responses',
      (first) => Object.assign(first, { interval: [39, 13] }),
      /the interval runs from 39 down to 13$/,
    ],
    [
      'whose count does not make the rate',
      'responses',
      (first) => Object.assign(first, { count: 21 }),
      /21 of 49 is 42\.9 %, not 24 %$/,
    ],
    [
      'that count more than there are',
      'reactions',
      (first) => Object.assign(first, { events: [{ event: 'Rash', count: 50 }] }),
      /\/reactions\/0 Rash: 50 of 49 is more than all$/,
    ],
    [
      'whose spread does not contain the median',
      'medians',
      (_first, items) => Object.assign(items[1] ?? {}, { median: 36 }),
      /\/medians\/1 the spread 2\.1 to 19\.1 does not contain 36$/,
    ],
    [
      'that are there twice',
      'survival',
      (first, items) => items.push(structuredClone(first)),
      /\/survival\/\d+ survival-portera-localised is there twice$/,
    ],
    [
      'of a percentage at no time',
      'survival',
      (first) => delete first['at'],
      /\/survival\/0 must match a schema in anyOf$/,
    ],
    [
      'of a time and a share at once',
      'survival',
      (first) => Object.assign(first, { months: 40 }),
      /\/survival\/0 gives a time and a share/,
    ],
    ['above 100 %', 'occurrences', (first) => Object.assign(first, { percent: 101 }), /must be <= 100/],
    [
      'without a source',
      'medians',
      (first) => Object.assign(first, { sources: [] }),
      /must NOT have fewer than 1 items/,
    ],
    ['with a member that nobody knows', 'responses', (first) => Object.assign(first, { x: 1 }), /additional.*: x$/],
    [
      'set against one that is not there',
      'contrasts',
      (first) => Object.assign(first, { figures: ['a', 'atezolizumab-response-fda'] }),
      /\/contrasts\/0\/figures there is no figure a$/,
    ],
  ])('%s', (_what, list, change, problem) => {
    const problems = problemsWith(list, change);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
    expect(problems[0]).toMatch(/^cards\/outcomes\.yaml:\d+: \//);
  });
});

test('a count that rounds to its percentage is never at fault, one that is 2 points off always is', () => {
  const [first] = outcomes.responses;
  if (first === undefined) throw new Error('no response');
  const { interval: _interval, ...plain } = first;
  const faultsWith = (percent: number, count: number, n: number) =>
    faultsOf({ ...outcomes, contrasts: [], responses: [{ ...plain, percent, count, n }] });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
      const count = Math.floor(part * n);
      const percent = Math.round((count / n) * 100);
      expect(faultsWith(percent, count, n)).toEqual([]);
      expect(faultsWith(percent < 50 ? percent + 2 : percent - 2, count, n)).toHaveLength(1);
    }),
  );
});
