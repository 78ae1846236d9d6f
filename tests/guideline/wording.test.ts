import { describe, expect, test } from '@jest/globals';
import { type Evidence, type Fact, no, type Truth, unknown, yes } from '../../src/chart/fact.ts';
import type { Reading, Readings, ResourceKey, UnreadReason } from '../../src/chart/reading.ts';
import type { Criterion } from '../../src/guideline/criteria/criterion.ts';
import { type Answered, basedOn, notLookedAt } from '../../src/guideline/wording.ts';

function answer(label: string, fact: Fact, shows: readonly Truth[] = ['yes', 'no', 'unknown']): Answered {
  const criterion: Criterion = { id: label, question: label, basis: ['x'], label, shows, evaluate: () => fact };
  return { criterion, fact };
}

function lines(...answered: readonly (readonly [label: string, fact: Fact, shows?: readonly Truth[]])[]) {
  return basedOn(answered.map((one) => answer(...one)));
}

function seen(text: string, date?: string, kind: Evidence['kind'] = 'problem'): Evidence {
  return { kind, text, ...(date === undefined ? {} : { date: { start: 0, end: 0, text: date } }) };
}

const unread = (...pairs: readonly (readonly [ResourceKey, UnreadReason])[]) => ({
  searched: [] as const,
  unread: pairs.map(([key, reason]) => ({ key, reason })),
});

describe('what was found', () => {
  test('is named with its kind of record and its date', () => {
    expect(lines(['metastasis', yes([seen('Lung metastases', '2026-10-12')])])).toEqual([
      'Metastasis: Lung metastases (problem list, 2026-10-12)',
    ]);
  });

  test('without a date is called undated, unless its date says nothing', () => {
    expect(lines(['x', yes([seen('a')])])).toEqual(['X: a (problem list, undated)']);
    expect(lines(['x', yes([seen('a', '')])])).toEqual(['X: a (problem list, undated)']);
    expect(lines(['x', yes([seen('a', undefined, 'draft')])])).toEqual(['X: a (draft order)']);
    expect(lines(['x', yes([seen('9 years', undefined, 'patient')])])).toEqual(['X: 9 years (patient record)']);
  });

  test('is named twice at most, and the rest is counted', () => {
    const found = ['a', 'b', 'c', 'd'].map((text) => seen(text, '2026'));
    expect(lines(['x', yes(found)])).toEqual(['X: a (problem list, 2026); b (problem list, 2026); 2 more']);
  });

  test('and repeated at every visit is named once', () => {
    expect(lines(['x', yes([seen('a', '2026'), seen('a', '2026')])])).toEqual(['X: a (problem list, 2026)']);
  });

  test('is escaped: the words of a chart are no markup', () => {
    const [line = ''] = lines(['x', yes([seen('<b>[a](//b)</b>\n- *c*', '2026')])]);
    expect(line).toBe('X: &lt;b&gt;\\[a\\](//b)&lt;/b&gt; - \\*c\\* (problem list, 2026)');
  });

  test('without any resource to show is no line', () => {
    expect(lines(['x', yes([])])).toEqual([]);
  });
});

describe('what was looked for and not found', () => {
  test('says where it was looked for, and never that it was not done', () => {
    const fact = no([], { searched: ['procedures', 'diagnosticReports'], unread: [] });
    expect(lines(['brain MRI since the diagnosis', fact])).toEqual([
      'No record of brain MRI since the diagnosis in Procedure, DiagnosticReport',
    ]);
  });

  test('says what was not looked at', () => {
    const fact = no([], { searched: ['procedures'], unread: [{ key: 'imagingStudies', reason: 'not-sent' }] });
    expect(lines(['x', fact])).toEqual(['No record of x in Procedure; not looked at: ImagingStudy (not sent)']);
  });

  test('in the same places is one line for several', () => {
    const fact = no([], { searched: ['medicationRequests'], unread: [] });
    expect(lines(['a', fact], ['b', fact], ['c', no([], { searched: ['procedures'], unread: [] })])).toEqual([
      'No record of a or b in MedicationRequest',
      'No record of c in Procedure',
    ]);
  });

  test('names what stands against it', () => {
    expect(lines(['metastasis', no([seen('M0', '2026', 'observation')])])).toEqual([
      'No record of metastasis; on file: M0 (observation, 2026)',
    ]);
  });
});

describe('what could not be evaluated', () => {
  test.each<[UnreadReason, string]>([
    ['not-sent', 'not sent'],
    ['failed', 'query failed'],
    ['refused', 'access refused'],
    ['not-offered', 'not offered by this EHR'],
    ['timed-out', 'no answer in time'],
    ['malformed', 'unreadable answer'],
    ['more-pages', 'not read to the end'],
  ])('%s is said as "%s"', (reason, words) => {
    expect(lines(['x', unknown([], unread(['conditions', reason]))])).toEqual([
      `X: not evaluated – could not be read: Condition (${words})`,
    ]);
  });

  test('is called undecided where the chart could be read and leaves a doubt, with what was seen', () => {
    const fact = unknown([seen('Lung nodule', '2026')], unread(['conditions', 'failed']), 'another-active-cancer');
    expect(lines(['metastasis', fact])).toEqual([
      'Metastasis: undecided – another active cancer is on file and nothing links it to the ASPS; Lung nodule (problem list, 2026); could not be read: Condition (query failed)',
    ]);
  });

  test('never reads as an absence', () => {
    const [line = ''] = lines(['x', unknown([], unread(['conditions', 'not-sent']))]);
    expect(line).not.toMatch(/no record|none|not found/i);
  });
});

test('an answer that a criterion does not show is no line', () => {
  expect(lines(['x', yes([seen('a')]), ['no']], ['y', no([]), ['yes']], ['z', unknown([]), []])).toEqual([]);
});

test('nothing answered is no line', () => {
  expect(lines()).toEqual([]);
});

describe('what was not looked at, and no card names', () => {
  const readings = (...pairs: readonly (readonly [ResourceKey, Reading])[]): Readings => new Map(pairs);
  const lost = (reason: UnreadReason): Reading => ({ state: 'unread', reason });
  const read: Reading = { state: 'complete', resources: [] };

  test('is named by its reason, in the order of the chart, Observations together', () => {
    const some = readings(
      ['observationsBiomarkers', lost('refused')],
      ['careTeams', lost('not-offered')],
      ['observationsStaging', lost('refused')],
      ['encounters', { state: 'incomplete', resources: [], reason: 'more-pages' }],
      ['procedures', lost('refused')],
      ['conditions', read],
    );
    expect(notLookedAt(some, [])).toBe(
      'Procedure, Observation (staging, biomarkers) (access refused); Encounter (not read to the end); CareTeam (not offered by this EHR)',
    );
  });

  test('is nothing when everything was read, or was not asked for', () => {
    expect(notLookedAt(readings(['conditions', read], ['procedures', read]), [])).toBeUndefined();
    expect(notLookedAt(readings(), [])).toBeUndefined();
  });

  test('is not named again where a card names it, be it the last', () => {
    const some = readings(['procedures', lost('failed')], ['encounters', lost('failed')]);
    const first = [answer('x', unknown([], unread(['procedures', 'failed'])))];
    const last = [answer('y', no([], unread(['encounters', 'failed'])))];
    expect(notLookedAt(some, [first])).toBe('Encounter (query failed)');
    expect(notLookedAt(some, [first, last])).toBeUndefined();
  });

  test('is named where the answer has no line, or its line does not say it', () => {
    const some = readings(['procedures', lost('failed')]);
    const notShown = answer('x', unknown([], unread(['procedures', 'failed'])), ['yes']);
    const said = answer('y', yes([seen('a')], unread(['procedures', 'failed'])));
    expect(notLookedAt(some, [[notShown, said]])).toBe('Procedure (query failed)');
    for (const one of [notShown, said]) expect(basedOn([one]).join()).not.toContain('Procedure');
  });
});
