import { describe, expect, test } from '@jest/globals';
import type { ServiceAnswer } from '../../src/sandbox/call-service.ts';
import type { PlayedCall, Way } from '../../src/sandbox/play-calls.ts';
import { cleanUpText, reportCalls, reportText, summarise } from '../../src/sandbox/report.ts';

const MRI = { id: 'baseline-brain-mri', indicator: 'warning', summary: 'No brain MRI found' };
const CT = { id: 'staging-chest-ct', indicator: 'info', summary: 'No chest CT found' };

function played(way: Way, answer: ServiceAnswer, expected: PlayedCall['expected'] = [MRI]): PlayedCall {
  return { patient: 'testcase', hook: 'patient-view', draft: undefined, way, hookInstance: way, answer, expected };
}

const cards = (...some: readonly (typeof MRI)[]): ServiceAnswer => ({ kind: 'cards', cards: some, ms: 12.4 });
const problem: ServiceAnswer = { kind: 'problem', problem: 'the service answered 412', ms: 3 };

describe('reportCalls', () => {
  test('adds what the service’s log says of a call; without a line nothing is known of its requests', () => {
    const logged = new Map([['call-back', { requests: 17, unread: ['procedures'] }]]);
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
  const leftOver = { kind: 'left-over', tag: 'the-tag', deleted: 3, searched: false } as const;
  test.each([
    ['kept', { kind: 'kept', tag: 'the-tag', patients: { testcase: '17' }, resources: 3 } as const, 'Patient/17'],
    ['not deleted', { ...leftOver, left: ['Patient/17'] }, 'NOT CLEANED UP, 1 resource left: Patient/17'],
    ['not to be known', { ...leftOver, left: [] }, 'there may be more'],
  ])('what is %s comes with the command that deletes it', (_what, cleanUp, said) => {
    const text = cleanUpText('http://127.0.0.1/fhir', cleanUp);
    expect(text).toContain(said);
    expect(text).toContain('--fhir-server http://127.0.0.1/fhir --clean the-tag');
  });
});
