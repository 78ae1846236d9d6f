import { describe, expect, test } from '@jest/globals';
import { csvOf } from '../../../src/feedback/insights/csv.ts';
import type { InsightsFigures } from '../../../src/feedback/insights/figures.ts';
import { reportOf } from '../../../src/feedback/insights/report.ts';
import { type InsightsTable, insightsTables, isTableId } from '../../../src/feedback/insights/tables.ts';
import { figures, NO_SUGGESTION, QUERY, responseTime, showings, tally, WORDS } from './insights-fixtures.ts';

const RICH: Partial<InsightsFigures> = {
  recordBegins: '2026-01-01',
  showings: [
    showings({ showings: 50, accepted: 12, overridden: 28 }),
    showings({ showings: 3, version: '1.1.0', client: undefined }),
    showings({ showings: 4, state: 'shadow', cardId: 'in-the-dark' }),
  ],
  firstDays: ['0.9.0', '1.0.0', '1.1.0'].map((version, at) => ({
    cardId: 'baseline-brain-mri',
    version,
    day: `2026-11-${16 + at}`,
  })),
  tallies: [
    tally('judged', 'baseline-brain-mri@1.0.0', { count: 80 }),
    tally('judged-in-shadow', 'in-the-dark@1.0.0', { count: 16 }),
    tally('cut', 'baseline-brain-mri@1.0.0', { count: 2 }),
    tally('call', '200', { count: 98 }),
    tally('call', 'gone', { count: 2 }),
    tally('answered', 'asps', { count: 8 }),
    tally('answered', 'not-asps', { count: 90 }),
    tally('duration', '0.05', { count: 90 }),
    tally('duration', '+Inf', { count: 8 }),
    tally('fhir', 'ok', { count: 30 }),
    tally('unread', 'imagingStudies', { count: 4 }),
  ],
  reasons: [
    { cardId: 'baseline-brain-mri', system: 'urn:x', code: 'patient-declined', showings: 7 },
    { cardId: 'baseline-brain-mri', system: undefined, code: '-1', showings: 1 },
  ],
  responseTimes: [4, 90.4].map(responseTime),
  comments: [{ cardId: undefined, at: '2026-11-20T10:00:00.000Z', comment: '=HYPERLINK("x"), "so\nwhat"' }],
};

function tablesOf(members: Partial<InsightsFigures>, query = QUERY): ReadonlyMap<string, InsightsTable> {
  const report = reportOf(query, figures(members), WORDS, new Date('2026-11-22T12:00:00Z'));
  return new Map(insightsTables(report).map((table) => [table.id, table]));
}

/** The cells of a row under what they are called. */
function row(table: InsightsTable | undefined, at = 0): Record<string, unknown> {
  return Object.fromEntries((table?.columns ?? []).map(({ id }, index) => [id, table?.rows[at]?.[index]]));
}

describe('The tables', () => {
  const tables = tablesOf(RICH);

  test('stand in the order of the page, each under a name of its own', () => {
    expect([...tables.keys()]).toEqual([
      'cards',
      'burden',
      'trend-baseline-brain-mri',
      'reasons',
      'hooks',
      'clients',
      'shadow',
      'comments',
      'calls',
      'answers',
      'latency',
      'fhir',
      'unread',
    ]);
  });

  test('are known by their ids before there is a report, and others are not', () => {
    for (const id of tables.keys()) expect([id, isTableId(id)]).toEqual([id, true]);
    expect(['', 'card', 'trends', 'insights'].filter(isTableId)).toEqual([]);
  });

  test('say what they count, have one cell for each column, and no column twice', () => {
    for (const { denominators, columns, rows } of tables.values()) {
      // Sentences, and none of the marks that begin and end them in the source.
      expect(denominators).toMatch(/^[A-Z][^`$\\+]*\.$/);
      expect(denominators).not.toMatch(/ '|' | {2}/);
      expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
      expect(new Set(columns.map(({ group, label }) => `${group}: ${label}`)).size).toBe(columns.length);
      expect(rows.length).toBeGreaterThan(0);
      for (const cells of rows) expect(cells).toHaveLength(columns.length);
    }
  });

  test('give counts with rates and their intervals beside them', () => {
    expect(row(tables.get('cards'))).toEqual({
      card: 'Baseline brain MRI at staging',
      'card-id': 'baseline-brain-mri',
      version: '1.0.0',
      evaluated: 80,
      'left-out': 2,
      shown: 50,
      'no-response-n': 10,
      'no-response-percent': 20,
      'no-response-from': 11,
      'no-response-to': 33,
      answered: 40,
      'accepted-n': 12,
      'accepted-percent': 30,
      'accepted-from': 18,
      'accepted-to': 45,
      'overridden-n': 28,
      'overridden-percent': 70,
      'overridden-from': 55,
      'overridden-to': 82,
      'with-suggestion': 50,
      burden: 27,
      flag: 'more than half overridden (followed by 1.1.0 on 2026-11-18)',
      seconds: 47,
    });
  });

  test('have a dash where there is nothing to divide by', () => {
    expect(row(tables.get('cards'), 1)).toMatchObject({
      shown: 3,
      'no-response-percent': 100,
      'no-response-from': 44,
      'accepted-n': 0,
      'accepted-percent': '–',
      'accepted-from': '–',
      'accepted-to': '–',
      burden: '–',
      flag: '',
      seconds: '–',
    });
  });

  test('never round to nothing or to all', () => {
    const nearly = tablesOf({ showings: [showings({ showings: 1000, accepted: 1, overridden: 999 })] });
    expect(row(nearly.get('cards'))).toMatchObject({ 'accepted-percent': '<1', 'overridden-percent': '>99' });
  });

  test('have a version in the week of its first day', () => {
    expect(tables.get('trend-baseline-brain-mri')?.rows.map((cells) => [cells[0], cells.at(-1)])).toEqual([
      ['2026-11-09', ''],
      ['2026-11-16', '1.0.0 on 2026-11-17, 1.1.0 on 2026-11-18'],
    ]);
  });

  test('have a dash for all of a week that ended before the record begins', () => {
    const table = tablesOf({ ...RICH, recordBegins: '2026-11-16' }).get('trend-baseline-brain-mri');
    expect([row(table, 0)['shown'], row(table, 0)['overridden-n'], row(table, 0)['with-suggestion']]).toEqual([
      '–',
      '–',
      '–',
    ]);
    expect(row(table, 1)).toMatchObject({ shown: 53, 'with-suggestion': 53 });
  });

  test('say of each client and hook how many showings offered a suggestion', () => {
    const mixed = tablesOf({
      showings: [showings({ showings: 7 }), showings({ showings: 2, withSuggestion: NO_SUGGESTION })],
    });
    for (const id of ['hooks', 'clients', 'cards']) {
      expect(row(mixed.get(id))).toMatchObject({ shown: 9, 'with-suggestion': 7 });
    }
  });

  test('give what burden and flag are made of, for each version that offered a suggestion', () => {
    const withSuggestion = { showings: 45, accepted: 12, overridden: 23 };
    const mixed = tablesOf({
      showings: [
        showings({ showings: 50, accepted: 12, overridden: 28, withSuggestion }),
        showings({ cardId: 'nothing-offered', showings: 9, overridden: 9, withSuggestion: NO_SUGGESTION }),
      ],
    }).get('burden');
    expect(mixed?.rows).toHaveLength(1);
    expect(row(mixed)).toEqual({
      card: 'Baseline brain MRI at staging',
      'card-id': 'baseline-brain-mri',
      version: '1.0.0',
      'with-suggestion': 45,
      answered: 35,
      'overridden-n': 23,
      'overridden-percent': 66,
      'overridden-from': 49,
      'overridden-to': 79,
      burden: 22,
      flag: '',
    });
  });

  test('round a small burden to a tenth', () => {
    const small = tablesOf({ showings: [showings({ showings: 3, overridden: 1 })] });
    expect(row(small.get('cards'))).toMatchObject({ burden: 0.6 });
  });

  test('say what accepted, the burden and a flag mean, and what they do not', () => {
    const words = ['cards', 'burden'].map((id) => tables.get(id)?.denominators).join(' ');
    expect(words).toContain("the suggestion's button was used");
    expect(words).toContain('if those who said nothing think as those who answered');
    expect(words).toContain('Whether an override was right these figures do not say.');
  });

  test('say in the row of a flagged version which one followed it', () => {
    const flagged = { showings: 60, overridden: 40 };
    const members = { ...RICH, showings: [showings(flagged), showings({ ...flagged, version: '1.1.0' })] };
    expect(
      tablesOf(members)
        .get('cards')
        ?.rows.map((cells) => [cells[2], cells.at(-2)]),
    ).toEqual([
      ['1.0.0', 'more than half overridden (followed by 1.1.0 on 2026-11-18)'],
      ['1.1.0', 'more than half overridden'],
    ]);
  });

  test('go month by month in a window of many weeks', () => {
    const query = { ...QUERY, from: '2026-01-15' };
    const table = tablesOf({ ...RICH, showings: [showings({ period: '2026-11-01' })] }, query).get(
      'trend-baseline-brain-mri',
    );
    expect(table?.caption).toContain('month by month');
    expect(table?.columns[0]?.label).toBe('Month');
    expect(table?.rows.map(([month]) => month)).toEqual([
      '2026-01',
      '2026-02',
      '2026-03',
      '2026-04',
      '2026-05',
      '2026-06',
      '2026-07',
      '2026-08',
      '2026-09',
      '2026-10',
      '2026-11',
    ]);
    expect(table?.rows.at(-1)?.slice(-1)).toEqual(['1.0.0 on 2026-11-17, 1.1.0 on 2026-11-18']);
  });

  test('say what a reason is of, and in the words of the guideline', () => {
    expect(row(tables.get('reasons'))).toMatchObject({
      reason: 'Patient declined',
      overridden: 28,
      'given-n': 7,
      'given-percent': 25,
    });
  });

  test('name open mode, which has no client', () => {
    expect(tables.get('clients')?.rows.map(([name, shown]) => [name, shown])).toEqual([
      ['General Hospital', 50],
      ['open mode', 3],
    ]);
  });

  test('group the digits of a count within a sentence', () => {
    const busy = tablesOf({ tallies: [tally('call', '200', { count: 87_934 })] });
    expect(busy.get('calls')?.denominators).toMatch(/^All 87,934 calls/);
  });

  test('give times as people say them', () => {
    expect(row(tables.get('latency'))).toEqual({ calls: 98, p50: '50 ms', p95: 'more than 10 s' });
  });

  test('say how many answers lacked a part of the chart', () => {
    expect(row(tables.get('unread'))).toMatchObject({ part: 'imagingStudies', 'missing-n': 4, 'missing-percent': 50 });
  });
});

test('Of an empty store every table is empty, and none has a number that is none', () => {
  const tables = tablesOf({});
  expect([...tables.keys()]).toEqual([
    'cards',
    'burden',
    'reasons',
    'hooks',
    'clients',
    'shadow',
    'calls',
    'answers',
    'latency',
    'fhir',
    'unread',
  ]);
  const cells = [...tables.values()].flatMap(({ rows }) => rows.flat());
  expect(cells).toEqual([0, '–', '–']);
});

describe('A table as CSV', () => {
  const tables = tablesOf(RICH);
  const lines = (id: string) => csvOf(tables.get(id) ?? missing(id)).split('\r\n');

  test('has the headings of the page, then exactly its cells', () => {
    expect(lines('shadow')).toEqual([
      '\uFEFFCard,Id,Version,Evaluated,"Would have been shown, of those evaluated: n","Would have been shown, of those evaluated: %","Would have been shown, of those evaluated: 95 % from","Would have been shown, of those evaluated: to"',
      'in-the-dark,in-the-dark,1.0.0,16,4,25,10,49',
      '',
    ]);
  });

  test('has no cell that a spreadsheet would calculate', () => {
    expect(lines('comments').slice(1).join('\n')).toBe(
      `2026-11-20T10:00:00.000Z,–,"'=HYPERLINK(""x""), ""so\nwhat"""\n`,
    );
    expect(lines('reasons')[2]).toMatch(/^Baseline brain MRI at staging,baseline-brain-mri,'-1,'-1,/);
  });

  test('has nothing but the headings of an empty table', () => {
    expect(csvOf(tablesOf({}).get('calls') ?? missing('calls'))).toBe('\uFEFFStatus,Calls\r\n');
  });
});

function missing(id: string): never {
  throw new Error(`There is no table ${id}`);
}
