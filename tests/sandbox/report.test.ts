import { describe, expect, test } from '@jest/globals';
import type { ServiceAnswer } from '../../src/sandbox/call-service.ts';
import type { PlayedCall, Way } from '../../src/sandbox/play-calls.ts';
import { reportCalls, summarise } from '../../src/sandbox/report.ts';
import { cleanUpText, reportText } from '../../src/sandbox/report-text.ts';

const MRI = { id: 'baseline-brain-mri', indicator: 'warning', summary: 'No brain MRI found' };
const CT = { id: 'staging-chest-ct', indicator: 'info', summary: 'No chest CT found' };

function played(way: Way, answer: ServiceAnswer, expected: PlayedCall['expected'] = [MRI]): PlayedCall {
  return { patient: 'testcase', hook: 'patient-view', draft: undefined, way, hookInstance: way, answer, expected };
}

const cards = (...some: readonly (typeof MRI)[]): ServiceAnswer => ({
  kind: 'cards',
  cards: some,
  whole: some.map(({ summary }) => ({ summary, detail: 'Nothing was found.' })),
  ms: 12.4,
});
/** The same cards, of which one says something else. */
const otherwise = (answer: ServiceAnswer): ServiceAnswer =>
  answer.kind === 'cards' ? { ...answer, whole: answer.whole.map((card) => ({ ...card, detail: '' })) } : answer;
const problem: ServiceAnswer = { kind: 'problem', problem: 'the service answered 412', ms: 3 };

describe('reportCalls', () => {
  test('adds what the service’s log says of a call; without a line nothing is known of its requests', () => {
    const logged = new Map([['call-back', { requests: 17, unread: ['procedures'] }]]);
    // Without a line for the prefetch there is nothing to compare with.
    const [sent, asked] = reportCalls([played('prefetch', cards(MRI)), played('call-back', cards(MRI))], logged);
    expect(sent).toMatchObject({ asExpected: true, ms: 12, unread: [] });
    expect(sent).not.toHaveProperty('fhirRequests');
    expect(asked).toMatchObject({ asExpected: true, fhirRequests: 17, unread: ['procedures'] });
  });

  test('of a patient of the server, each way is compared with the other', () => {
    const both = (sent: ServiceAnswer, asked: ServiceAnswer) =>
      reportCalls(
        [
          { ...played('prefetch', sent), expected: undefined },
          { ...played('call-back', asked), expected: undefined },
        ],
        new Map(),
      ).map(({ asExpected }) => asExpected);
    expect(both(cards(MRI), cards(MRI))).toEqual([true, true]);
    expect(both(cards(MRI), cards(CT))).toEqual([false, false]);
    expect(both(cards(), problem)).toEqual([false, false]);
    expect(both(problem, problem)).toEqual([false, false]);
  });
});

describe('call-back is not as prefetch, though the cards are the expected ones', () => {
  const both = (asked: ServiceAnswer, unread: readonly string[]) =>
    reportCalls(
      [played('prefetch', cards(MRI)), played('call-back', asked)],
      new Map([
        ['prefetch', { requests: 0, unread: ['encounters'] }],
        ['call-back', { requests: 17, unread }],
      ]),
    );
  const textOf = (calls: ReturnType<typeof both>) =>
    reportText({
      fhirServer: 'http://127.0.0.1/fhir',
      fhirVersion: '4.0.1',
      mode: 'loaded',
      calls,
      notes: [],
      summary: summarise(calls),
      cleanUp: { kind: 'nothing-created', tag: 'tag' },
    });

  test('in a card’s detail', () => {
    const calls = both(otherwise(cards(MRI)), ['encounters']);
    expect(calls.map(({ asExpected }) => asExpected)).toEqual([true, false]);
    expect(textOf(calls)).toContain(
      'testcase, patient-view, by call-back\n  not as by prefetch  baseline-brain-mri: detail\n',
    );
  });

  test('in what was unread', () => {
    const calls = both(cards(MRI), ['procedures', 'encounters']);
    expect(calls.map(({ asExpected }) => asExpected)).toEqual([true, false]);
    expect(textOf(calls)).toContain('  not as by prefetch  unread encounters, procedures, by prefetch encounters\n');
  });

  test('in nothing', () => {
    const calls = both(cards(MRI), ['encounters']);
    expect(calls.map(({ asExpected }) => asExpected)).toEqual([true, true]);
    expect(textOf(calls)).not.toContain('not as by prefetch');
  });
});

describe('reportText', () => {
  const reported = reportCalls([played('prefetch', cards(CT)), played('call-back', problem)], new Map());
  const report = {
    fhirServer: 'http://127.0.0.1/fhir',
    fhirVersion: '4.0.1',
    mode: 'loaded',
    calls: reported,
    notes: [{ patient: 'other', kind: 'not-loaded', note: 'not loaded: 422' }],
    summary: summarise(reported),
    cleanUp: { kind: 'deleted', tag: 'tag', resources: 7 },
  } as const;
  const text = reportText(report);

  test('says on a difference what was expected and what came', () => {
    expect(text).toContain(
      'testcase, patient-view, by prefetch\n  expected  baseline-brain-mri warning\n  came      staging-chest-ct info\n',
    );
    expect(text).toContain(
      'testcase, patient-view, by call-back\n  expected  baseline-brain-mri warning\n  came      the service answered 412\n',
    );
    expect(text).toContain('other: not loaded: 422\n');
    expect(text).toContain('2 calls for 1 patient: 0 as expected, 2 different\n');
  });

  test('has one line a call, in columns', () => {
    const [head = '', ...rows] = text.split('\n').slice(2, 5);
    expect(head).toMatch(/^patient +hook +by +cards +ms +FHIR +unread$/);
    const start = head.indexOf('cards');
    expect(rows.map((row) => row.slice(start).split(' ')[0])).toEqual(['DIFFERENT', 'NONE']);
  });

  test('of patients of the server shows the cards themselves, and nothing in them steers the terminal', () => {
    const hostile = { ...MRI, summary: 'No \u001b[31mMRI\n' };
    const both = reportCalls(
      [
        { ...played('prefetch', cards(hostile)), expected: undefined },
        { ...played('call-back', cards(hostile)), expected: undefined },
      ],
      new Map(),
    );
    const shown = reportText({ ...report, mode: 'read-only', calls: both, notes: [] });
    expect(shown).toContain('1, the same');
    expect(shown).toContain('testcase, patient-view\n  warning  baseline-brain-mri: No  [31mMRI \n');
  });
});

describe('cleanUpText', () => {
  const leftOver = {
    kind: 'left-over',
    tag: 'the-tag',
    deleted: 3,
    left: [],
    untagged: [],
    searched: false,
    lost: false,
  } as const;
  test.each([
    ['kept', { kind: 'kept', tag: 'the-tag', patients: { testcase: '17' }, resources: 3 } as const, 'Patient/17'],
    ['not deleted', { ...leftOver, left: ['Patient/17'] }, 'NOT CLEANED UP, 1 resource left: Patient/17'],
    ['not to be known', leftOver, 'there may be more'],
    ['somebody’s', { ...leftOver, untagged: ['Patient/17'] }, "without the run's tag, so not deleted: Patient/17"],
    ['perhaps still to come', { ...leftOver, searched: true, lost: true }, 'The server may still do it'],
    [
      'not seen to',
      { kind: 'unsettled', tag: 'the-tag', known: ['Patient/17'] } as const,
      'NOT CLEANED UP, tag the-tag. There may be resources of this run on the server.\nCreated were: Patient/17',
    ],
  ])('what is %s comes with the command that deletes it', (_what, cleanUp, said) => {
    const text = cleanUpText('http://127.0.0.1/fhir', cleanUp);
    expect(text).toContain(said);
    expect(text).toContain('--fhir-server http://127.0.0.1/fhir --clean the-tag');
  });
});

test.each([
  ['nothing was written', { kind: 'nothing-written' } as const],
  ['nothing was created', { kind: 'nothing-created', tag: 'the-tag' } as const],
  ['nothing is there any more under the tag the-tag', { kind: 'deleted', tag: 'the-tag', resources: 0 } as const],
  ['deleted what was created: 1 resource', { kind: 'deleted', tag: 'the-tag', resources: 1 } as const],
])('%s', (said, cleanUp) => {
  expect(cleanUpText('http://127.0.0.1/fhir', cleanUp)).toBe(said);
});
