import { inWords, NONE, number, proportionCells, proportionColumns, text } from './cells.ts';
import type { HealthInsight, InsightsReport } from './insights.ts';
import { type Cell, type InsightsTable } from './table.ts';

/** How the service itself did. */
export function healthTables({ health }: InsightsReport): readonly InsightsTable[] {
  return [calls(health), answers(health), latency(health), fhir(health), unread(health)];
}

function calls({ byStatus, calls: of }: HealthInsight): InsightsTable {
  return {
    id: 'calls',
    caption: 'Calls by HTTP status',
    denominators: `All ${inWords(of)} calls of the services in the window. “gone”: the client did not wait for the answer.`,
    columns: [text('status', 'Status'), number('calls', 'Calls')],
    rows: byStatus.map(({ status, count }) => [status, count]),
  };
}

function answers({ answered: { asps, suspected, notAsps } }: HealthInsight): InsightsTable {
  const total = asps + suspected + notAsps;
  return {
    id: 'answers',
    caption: 'Answers with the rules run',
    denominators: `All ${inWords(total)} answers for which the rules were run, by whether the chart says ASPS. Answers, not patients: each opening of a chart counts.`,
    columns: [text('patient', 'Patient'), number('answers', 'Answers')],
    rows:
      total === 0
        ? []
        : [
            ['ASPS', asps],
            ['ASPS suspected', suspected],
            ['no ASPS', notAsps],
          ],
  };
}

function latency({ latency: { n, p50, p95 } }: HealthInsight): InsightsTable {
  return {
    id: 'latency',
    caption: 'Time to answer',
    denominators: `Of ${inWords(n)} calls, measured in the service, the network not included. Calls were counted in classes of time: each figure is the upper bound of the class in which it lies.`,
    columns: [number('calls', 'Calls'), text('p50', 'Half took at most'), text('p95', '95 % took at most')],
    rows: [[n, duration(p50), duration(p95)]],
  };
}

function fhir({ fhir: all }: HealthInsight): InsightsTable {
  const total = all.reduce((sum, { count }) => sum + count, 0);
  return {
    id: 'fhir',
    caption: 'Requests to FHIR servers, by outcome',
    denominators: `All ${inWords(total)} requests that were sent or spared in the window, of all clients and services, whatever is chosen above. “spared”: not sent, for the reason named.`,
    columns: [text('outcome', 'Outcome'), number('requests', 'Requests')],
    rows: all.map(({ outcome, count }) => [outcome, count]),
  };
}

function unread({ unread: all, answered: { asps, suspected } }: HealthInsight): InsightsTable {
  return {
    id: 'unread',
    caption: 'Parts of the chart that could not be read',
    denominators: `Of the ${inWords(asps + suspected)} answers for patients with ASPS or suspected ASPS, in how many this part was neither sent nor fetched. What depends on it was then unknown, never “no”.`,
    columns: [
      text('part', 'Part of the chart (prefetch key)'),
      ...proportionColumns('missing', 'Missing, of those answers'),
    ],
    rows: all.map(({ key, missing }) => [key, ...proportionCells(missing)]),
  };
}

/** The bound of the last class that has one, in seconds. */
const LAST_BOUND = 10;

/** As people say it: `50 ms`, `2.5 s`, `more than 10 s`. */
function duration(seconds: number | undefined): Cell {
  if (seconds === undefined) return NONE;
  if (seconds === Number.POSITIVE_INFINITY) return `more than ${LAST_BOUND} s`;
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds} s`;
}
