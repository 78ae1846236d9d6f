import type { BacktestReport } from './report-form.ts';

const ALWAYS = [
  'Only patient-view was evaluated. Cards that answer an order, and those of other hooks alone, are not in this report.',
  'The charts are the export and nothing else. A service that may ask a FHIR server sees what the export leaves out, and an EHR may send less.',
  'Of Observations, those coded with a code that the service asks for are read, as a search by code finds them.',
  'The patients are those whose Conditions say ASPS. Who has it without such a Condition is not found here, and gets no cards from the service either.',
];

const OF_THE_PAST = [
  'Past dates: what is dated later is left out, by its own date of recording or else of happening. Every resource is in the state in which it was exported: an order that was stopped since counts as stopped on every date, a problem that was resolved since as resolved.',
  'Past dates: what was deleted or corrected since is not in the export. What is dated before it was entered counts too early.',
  'Past dates: a death without a date counts on every date.',
  'Past dates: the cards are those of today.',
];

const OF_CALLS =
  'Calls a day: as if every Encounter that was held opened the chart once, on the day it began. Charts are opened without an Encounter too, and several times in one: count hook calls for what is really sent.';

/** What the numbers of a report do not say, so that nobody has to guess; and what of this export takes something from them. */
export function reportLimits(report: Omit<BacktestReport, 'limits'>): readonly string[] {
  const { notExported, brokenFiles, unreadableLines, conditionsWithoutPatient } = report.export;
  const latest = report.dates.at(-1);
  return [
    ...(brokenFiles.length === 0
      ? []
      : [
          `${counted(brokenFiles.length, 'file')} could not be read to the end: what stood in the rest is missing here.`,
        ]),
    ...(unreadableLines === 0
      ? []
      : [`${counted(unreadableLines, 'line')} of the export could not be read, and counted for nobody.`]),
    ...(notExported.length === 0
      ? []
      : [
          `The export has no ${notExported.join(', ')}: what the cards ask of these is unknown, as it would be for a service that could not read them.`,
        ]),
    ...(conditionsWithoutPatient === 0
      ? []
      : [`${counted(conditionsWithoutPatient, 'Condition')} said ASPS and named no patient that could be read.`]),
    ...((latest?.failed ?? 0) === 0
      ? []
      : ['The evaluation of some patients broke off: that is a mistake in the program, and worth a report.']),
    ...ALWAYS,
    ...(report.dates.some(({ date }) => date < report.day) ? OF_THE_PAST : []),
    ...(report.undatedResources === 0 || !report.dates.some(({ date }) => date < report.day)
      ? []
      : [`${counted(report.undatedResources, 'resource')} without a date of their own counted on every date.`]),
    ...(report.calls === null ? [] : [OF_CALLS]),
  ];
}

function counted(count: number, one: string): string {
  return `${count.toLocaleString('en-GB')} ${one}${count === 1 ? '' : 's'}`;
}
