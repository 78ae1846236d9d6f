import { DAYS_COUNTED } from './calls-year.ts';
import { MEDICATIONS } from './missing-medications.ts';
import type { BacktestReport, CallsReport, ExportReport } from './report-form.ts';
import { counted, number } from './report-words.ts';

const PRIVACY =
  'ASPS is rare, and small numbers are not hidden: a count of one or two at one site can point to a person who is known there. Treat this report as confidential inside the site, and ask the privacy office before it leaves it.';

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

const OF_CALLS = [
  'Calls a day: as if every Encounter that was held opened the chart once, on the day it began. Charts are opened without an Encounter too, and several times in one: count hook calls for what is really sent.',
  'Calls a day: an Encounter that stands in the export in several versions counts with each of its lines. Among the calls for patients with ASPS it counts once.',
];

const MOST_NAMED = 10;

/** What of the export was lost on the way: every number of the report may be too small by it. */
export function lossesOf({ brokenFiles, unreadableLines }: ExportReport): readonly string[] {
  const more = brokenFiles.length > MOST_NAMED ? `, and ${number(brokenFiles.length - MOST_NAMED)} more` : '';
  const named = `${brokenFiles.slice(0, MOST_NAMED).join(', ')}${more}`;
  return [
    ...(brokenFiles.length === 0
      ? []
      : [
          `${counted(brokenFiles.length, 'file')} could not be read to the end: what stood in the rest is missing here (${named}).`,
        ]),
    ...(unreadableLines === 0
      ? []
      : [`${counted(unreadableLines, 'line')} of the export could not be read, and counted for nobody.`]),
  ];
}

/** What the numbers of a report do not say, so that nobody has to guess; and what of this export takes something from them. */
export function reportLimits(report: Omit<BacktestReport, 'limits'>): readonly string[] {
  const { notExported, conditionsWithoutPatient } = report.export;
  const latest = report.dates.at(-1);
  const ofUnknownDrugs = Math.max(0, ...report.dates.map(patientsOfUnknownDrugs));
  return [
    ...lossesOf(report.export),
    ...(notExported.length === 0
      ? []
      : [
          `The export has no ${notExported.join(', ')}: what the cards ask of these is unknown, as it would be for a service that could not read them.`,
        ]),
    ...(ofUnknownDrugs === 0
      ? []
      : [
          `Of ${counted(ofUnknownDrugs, 'patient')} there are orders, doses or statements that only refer to a Medication which the export does not have. Their drug is unknown, and with it whether the cards that ask about drugs apply: those that count as shown, and those that count as not applying.`,
        ]),
    ...(conditionsWithoutPatient === 0
      ? []
      : [`${counted(conditionsWithoutPatient, 'Condition')} said ASPS and named no patient that could be read.`]),
    ...((latest?.failed ?? 0) === 0
      ? []
      : ['The evaluation of some patients broke off: that is a mistake in the program, and worth a report.']),
    PRIVACY,
    ...ALWAYS,
    ...(report.dates.some(({ date }) => date < report.day) ? OF_THE_PAST : []),
    ...(report.undatedResources === 0 || !report.dates.some(({ date }) => date < report.day)
      ? []
      : [`${counted(report.undatedResources, 'resource')} without a date of their own counted on every date.`]),
    ...(report.calls === null ? [] : [...OF_CALLS, ...ofFewDays(report.calls)]),
  ];
}

function patientsOfUnknownDrugs({ unread }: BacktestReport['dates'][number]): number {
  return unread.find(({ key }) => key === MEDICATIONS)?.patients ?? 0;
}

/** Days before the first Encounter are not days without calls. */
function ofFewDays({ from, days }: CallsReport): readonly string[] {
  if (days >= DAYS_COUNTED) return [];
  return [
    `Calls a day: the export has no Encounter from before ${from}, so that ${counted(days, 'day')} ${days === 1 ? 'is' : 'are'} counted and not 52 weeks. The fewer they are, the less they say of other days.`,
  ];
}
