import { draftsIn } from '../ehr/drafts.ts';
import type { PatientStore } from '../patient-store.ts';
import { type ChartRow, chartRow } from './chart-rows.ts';

/** A part of the chart, latest entry first. */
export interface ChartSection {
  /** Fit for an HTML id. */
  readonly id: string;
  readonly title: string;
  readonly rows: readonly ChartRow[];
  /** Older ones, which a reader asks for. */
  readonly older: readonly ChartRow[];
}

/** More rows than these fold away: a chart of years must not bury its first page. */
const ROWS_SHOWN = 8;

interface Kept {
  readonly id: string;
  readonly title: string;
  readonly types: readonly string[];
  /** Most charts have none of it, and need not say so. */
  readonly isRare?: true;
}

const SECTIONS: readonly Kept[] = [
  { id: 'problems', title: 'Problems', types: ['Condition'] },
  {
    id: 'medications',
    title: 'Medications',
    types: ['MedicationRequest', 'MedicationAdministration', 'MedicationStatement'],
  },
  { id: 'imaging', title: 'Imaging and reports', types: ['DiagnosticReport', 'ImagingStudy'] },
  { id: 'procedures', title: 'Procedures', types: ['Procedure'] },
  { id: 'requests', title: 'Orders and referrals', types: ['ServiceRequest'] },
  { id: 'status', title: 'Status and measurements', types: ['Observation'] },
  { id: 'visits', title: 'Visits and care team', types: ['Encounter', 'Appointment', 'CareTeam'], isRare: true },
];

/** The chart as it is read: without the orders that nobody has signed yet, which stand on their own. */
export function chartSections(chart: PatientStore): readonly ChartSection[] {
  const drafts = new Set(draftsIn(chart));
  return SECTIONS.flatMap(({ id, title, types, isRare }) => {
    const rows = types
      .flatMap((type) => chart.byType(type))
      .filter((resource) => !drafts.has(resource))
      .map((resource) => chartRow(resource, chart))
      .toSorted((a, b) => latest(b).localeCompare(latest(a)));
    if (isRare && rows.length === 0) return [];
    return { id, title, rows: rows.slice(0, ROWS_SHOWN), older: rows.slice(ROWS_SHOWN) };
  });
}

/** The last day in a row's date; what has none comes last. */
function latest({ when }: ChartRow): string {
  return when.match(/\d{4}(?:-\d{2}){0,2}/g)?.at(-1) ?? '';
}
