import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ExportSummary } from '../../src/backtest/export-summary.ts';
import { EMPTY_FINDINGS, type Findings, mergeFindings } from '../../src/backtest/findings.ts';
import { plainJson } from '../../src/backtest/plain-text.ts';
import { reportOf } from '../../src/backtest/report.ts';
import type { BacktestReport } from '../../src/backtest/report-form.ts';
import { reportHtml } from '../../src/backtest/report-html.ts';
import { reportText } from '../../src/backtest/report-text.ts';
import { FIXTURE_DATE } from '../../src/ehr-demo/hook-request.ts';
import { violationsOf } from '../support/accessibility.ts';
import { evaluated, exported, exportOf, guideline, patientRecord } from './exported-patients.ts';

// A page is looked at by axe-core in jsdom.
jest.setTimeout(60_000);

const PATIENTS = ['metastatic-untreated', 'no-stage', 'on-pazopanib', 'on-doxorubicin'];
const DATES = ['2025-11-22', FIXTURE_DATE];

const summary: ExportSummary = {
  ...exportOf(['MedicationAdministration', 'CareTeam']),
  lines: 1_234_567,
  bytes: 9_876_543_210,
  encountersByDay: { '2026-01-05': 1, '2026-11-18': 120, '2026-11-19': 80, '2026-11-20': 400, '2027-02-01': 3 },
};
const options = { guideline, asOf: DATES, today: FIXTURE_DATE, maxCards: 4 };

let findings: Findings;
let report: BacktestReport;

beforeAll(async () => {
  const records = [...PATIENTS.map(exported), patientRecord('nobody', { resourceType: 'Patient', id: 'nobody' })];
  const found = await Promise.all(records.map((one) => evaluated(one, { asOf: DATES, summary, withIds: false })));
  findings = found.reduce(mergeFindings, EMPTY_FINDINGS);
  report = reportOf(summary, findings, options);
});

describe('the report', () => {
  test('counts every patient once on each date', () => {
    expect(report.patients).toBe(5);
    expect(report.dates.map(({ date }) => date)).toEqual(DATES);
    for (const { established, suspected, absent, unanswered, failed } of report.dates)
      expect(established + suspected + absent + unanswered + failed).toBe(report.patients);
  });

  test('has every card of patient-view, those never shown too, and the most shown first', () => {
    const cards = report.dates.at(-1)?.cards ?? [];
    const onHook = guideline.cards.filter(({ hooks }) => hooks.has('patient-view'));
    expect(cards.map(({ card }) => card).toSorted()).toEqual(onHook.map(({ file }) => file.id).toSorted());
    expect(cards.map(({ shown }) => shown)).toEqual(cards.map(({ shown }) => shown).toSorted((a, b) => b - a));
    expect(cards[0]?.shown).toBeGreaterThan(1);
    expect(cards.at(-1)?.shown).toBe(0);
  });

  test('takes shares of those who were evaluated, of whom none has died', () => {
    const latest = report.dates.at(-1);
    expect(latest?.evaluated).toBe(4);
    expect(Math.max(...(latest?.cards ?? []).map(({ shown }) => shown))).toBeLessThanOrEqual(latest?.withCard ?? 0);
  });

  test('names the types that were not exported, as not read of every patient', () => {
    expect(report.export.notExported).toEqual(['CareTeam', 'MedicationAdministration']);
    expect(report.dates.at(-1)?.unread).toEqual([
      { key: 'careTeams', patients: 4 },
      { key: 'medicationAdministrations', patients: 4 },
    ]);
    expect(report.limits.join('\n')).toContain('The export has no CareTeam, MedicationAdministration:');
  });

  test('says how many calls a day there are, days without any included, and none of days to come', () => {
    expect(report.calls).toMatchObject({
      from: '2026-01-05',
      to: '2026-11-20',
      days: 320,
      total: 601,
      median: 0,
      max: 400,
    });
    expect(reportOf({ ...summary, encountersByDay: {} }, findings, options).calls).toBeNull();
  });

  test('has no ids, and counts by day of nobody', () => {
    const text = JSON.stringify(report);
    expect(report.ids).toBeUndefined();
    for (const patient of PATIENTS) expect(text).not.toContain(patient);
    expect(text).not.toContain('encountersByDay');
  });

  test('has the ids that were asked for, in their order', () => {
    const ids = { b: { [FIXTURE_DATE]: ['x@1.0.0'] }, a: { [FIXTURE_DATE]: [] } };
    const named = reportOf(summary, { ...findings, ids }, options);
    expect(Object.entries(named.ids ?? {})).toEqual(Object.entries(ids).toReversed());
    expect(reportText(named)).toContain(`b  ${FIXTURE_DATE}  x@1.0.0`);
    expect(reportHtml(named)).toContain('names patients by their ids');
    expect(reportHtml(report)).not.toContain('names patients by their ids');
  });

  test('does not depend on the order in which counts came in', () => {
    const turned = (counts: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(counts).toReversed());
    const other = { ...summary, resourcesByType: turned(summary.resourcesByType) };
    expect(JSON.stringify(reportOf(other, findings, options))).toBe(JSON.stringify(report));
  });

  test('of an export without a patient says so, without a share of nothing', async () => {
    const empty = reportOf(exportOf(), EMPTY_FINDINGS, options);
    expect(reportText(empty)).toContain('0 patients with ASPS');
    expect(reportText(empty)).toContain('0 (–)');
    expect(reportHtml(empty)).toContain('Nobody was evaluated on this date.');
    expect(await violationsOf(reportHtml(empty))).toEqual([]);
  });

  test('says of past dates what cannot be known of them, and of today alone does not', () => {
    const past = 'Past dates:';
    expect(report.limits.some((limit) => limit.startsWith(past))).toBe(true);
    const today = reportOf(summary, findings, { ...options, asOf: [FIXTURE_DATE] });
    expect(today.limits.some((limit) => limit.startsWith(past))).toBe(false);
  });

  test('says of an export of less than 52 weeks that it is one', () => {
    const limitsOf = (oldest: string) =>
      reportOf({ ...summary, encountersByDay: { [oldest]: 1, '2026-11-20': 4 } }, findings, options).limits.join('\n');
    expect(limitsOf('2025-11-23')).toContain('no Encounter from before 2025-11-23, so that 363 days are counted');
    expect(limitsOf('2026-11-20')).toContain('so that 1 day is counted');
    expect(limitsOf('2025-11-22')).not.toContain('are counted and not 52 weeks');
    expect(limitsOf('2019-01-01')).not.toContain('are counted and not 52 weeks');
  });

  test('says itself that small numbers can point to a person, and that versions count as lines', () => {
    expect(report.limits.join('\n')).toMatch(
      /a count of one or two at one site can point to a person[^]*privacy office/,
    );
    expect(report.limits.join('\n')).toContain('in several versions counts with each of its lines');
    expect(reportHtml(report)).toContain('Lines by type');
  });

  test('does not call a chart read whose drugs nobody can tell, nor a card without doubt', async () => {
    const { id, resources } = exported('metastatic-untreated');
    const of = (medicationReference: object) =>
      patientRecord(id, ...resources, {
        resourceType: 'MedicationRequest',
        id: 'order',
        status: 'active',
        intent: 'order',
        subject: { reference: `Patient/${id}` },
        medicationReference,
      });
    const made = async (reference: object) => {
      const whole = exportOf(['Medication']);
      const found = await evaluated(of(reference), { asOf: DATES, summary: whole });
      return reportOf(whole, found, { ...options, refersToMedications: true });
    };
    const missing = await made({ reference: 'Medication/1' });
    expect(missing.export.notExported).toEqual(['Medication']);
    expect(missing.dates.at(-1)?.unread).toEqual([{ key: 'medications', patients: 1 }]);
    expect(missing.limits.join('\n')).toMatch(/Of 1 patient there are orders[^]*Their drug is unknown/);
    const named = await made({ reference: 'Medication/1', display: 'pazopanib' });
    expect(named.limits.join('\n')).not.toContain('Their drug is unknown');
    for (const text of [reportText(missing), reportHtml(missing)]) {
      expect(text).toContain('Medication, which alone says what an order or dose is of');
      expect(text).not.toMatch(/Every part of every chart was read|no doubt/);
    }
    expect(reportText(named)).not.toContain('Every part of every chart was read');
  });

  test('says that all was read only where all was', async () => {
    const all = 'Every part of every chart was read, as far as it was exported.';
    const found = await evaluated(exported('metastatic-untreated'));
    const made = (more: Partial<ExportSummary> = {}) =>
      reportOf({ ...exportOf(), ...more }, found, { ...options, asOf: [FIXTURE_DATE] });
    expect([reportText(made()), reportHtml(made())].map((text) => text.includes(all))).toEqual([true, true]);
    for (const lost of [{ unreadableLines: 1 }, { brokenFiles: ['a.ndjson'] }])
      expect([reportText(made(lost)), reportHtml(made(lost))].map((text) => text.includes(all))).toEqual([
        false,
        false,
      ]);
    expect(reportText(reportOf(exportOf(), EMPTY_FINDINGS, options))).not.toContain(all);
  });

  test('names what went wrong, and nothing that did not', () => {
    const wrong = { ...summary, brokenFiles: ['a.ndjson.gz'], unreadableLines: 3 };
    const limits = reportOf(wrong, findings, { ...options, conditionsWithoutPatient: 1 }).limits.join('\n');
    expect(limits).toContain('1 file could not be read to the end');
    const made = reportOf(wrong, findings, options);
    expect(reportText(made)).toMatch(
      /^1 file could not be read to the end[^]*\(a\.ndjson\.gz\)\.\n3 lines of the export/,
    );
    expect(reportHtml(made)).toMatch(/<p class="warning">1 file could not[^<]*\(a\.ndjson\.gz\)[^]*<h2>Patients/);
    expect(limits).toContain('3 lines of the export could not be read');
    expect(limits).toContain('1 Condition said ASPS and named no patient');
    expect(report.limits.join('\n')).not.toMatch(/could not be read to the end|lines of the export|named no patient/);
  });
});

describe('in the terminal', () => {
  test('it has the numbers of the latest date, and is no wider than asked', () => {
    const text = reportText(report, 100);
    expect(text).toContain('1,234,567 lines read');
    expect(text).toContain(`Cards as of ${FIXTURE_DATE}, of 4 evaluated patients`);
    expect(text).toContain('median 0, 95th percentile 0, most 400');
    expect(text).toContain('(2026-01-05 to 2026-11-20, 320 days):');
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });
});

test('what stands in names does nothing to a terminal, and is the same to who reads the document', () => {
  const hostile = 'a\u{1B}]0;title\u{7}\u{202E}\u{9B}2J\u{E0041}\nb';
  const ids = { [hostile]: { [FIXTURE_DATE]: [] } };
  const text = reportText({ ...report, export: { ...report.export, brokenFiles: [hostile] }, ids });
  const unseen = /(?!\n)[\p{Cc}\p{Cf}]/u;
  expect(text).not.toMatch(unseen);
  expect(text).toContain('a\uFFFD]0;title');
  expect(plainJson({ ids })).not.toMatch(unseen);
  expect(JSON.parse(plainJson({ ids }))).toEqual({ ids });
});

describe('as a page', () => {
  test('it has a plot and the same numbers in a table', () => {
    const html = reportHtml(report);
    const [first] = report.dates.at(-1)?.cards ?? [];
    expect(html).toContain(`${first?.shown} of 4 (${Math.round(25 * (first?.shown ?? 0))} %)`);
    expect(html).toContain(
      `data-label="shown">${first?.shown}</td><td role="cell" data-label="of evaluated">${Math.round(25 * (first?.shown ?? 0))} %</td>`,
    );
    expect(html.match(/<svg /g)?.length).toBeGreaterThanOrEqual(2);
  });

  test('it needs nothing from anywhere and runs nothing', () => {
    const html = reportHtml(report);
    expect(html).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^']+=?'/,
    );
    expect(html).not.toMatch(/<script|<link|<img|<iframe|javascript:|\son\w+=|\sstyle=|\bsrc=|@import|url\(/i);
  });

  test('what comes from the export and the overlay is text', () => {
    const hostile = '"><script>alert(1)</script>';
    const html = reportHtml({
      ...report,
      guideline: { ...report.guideline, name: hostile },
      export: { ...report.export, brokenFiles: [hostile], resourcesByType: { [hostile]: 1 } },
      dates: report.dates.map((date) => ({
        ...date,
        cards: date.cards.map((card) => ({ ...card, title: hostile })),
        unread: [{ key: hostile, patients: 1 }],
      })),
      ids: { [hostile]: { [FIXTURE_DATE]: [hostile] } },
    });
    expect(html).not.toContain('<script');
    expect(html.split('alert(1)').length).toBeGreaterThan(6);
  });

  test('axe-core finds nothing wrong with it', async () => {
    expect(await violationsOf(reportHtml(report))).toEqual([]);
  });
});
