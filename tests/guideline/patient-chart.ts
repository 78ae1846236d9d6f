import { buildChart, type Chart, diagnoseFrom } from '../../src/chart/chart.ts';
import { chartQueries } from '../../src/chart/queries.ts';
import { RESOURCE_KEYS } from '../../src/chart/reading.ts';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { resolvePrefetch } from '../../src/ehr-demo/prefetch.ts';
import { loadDraft, loadPatient } from '../../src/ehr-demo/scenarios.ts';
import { openChartSource } from '../../src/fhir/chart-source.ts';
import { guideline, TODAY } from '../support/service.ts';

const queries = chartQueries(guideline.terminology);

export interface ChartOptions {
  /** Name of the draft orders, for an order hook. */
  readonly draft?: string;
  /** Changes the text of the draft orders before they are read. */
  readonly editDraft?: (text: string) => string;
  /** Parts of the chart that were not sent. */
  readonly omit?: readonly string[];
}

/** The chart of a synthetic patient on the day the stories are told. */
export async function chartOf(patientId: string, options: ChartOptions = {}): Promise<Chart> {
  return chartOfResources(patientId, loadPatient(patientId).resources, options);
}

/** The chart that these resources make; not necessarily FHIR. */
export async function chartOfResources(
  patientId: string,
  resources: readonly Resource[],
  { draft, editDraft, omit = [] }: ChartOptions = {},
): Promise<Chart> {
  const templates = Object.fromEntries(Object.entries(queries).filter(([key]) => !omit.includes(key)));
  const source = openChartSource(
    { patientId, prefetch: resolvePrefetch(templates, { patientId }, resources) },
    { queries },
  );
  const readings = await source.read(RESOURCE_KEYS);
  const { terminology } = guideline;
  const context =
    draft === undefined
      ? {}
      : { drafts: { draftOrders: JSON.parse((editDraft ?? String)(JSON.stringify(loadDraft(draft, patientId)))) } };
  return buildChart(patientId, diagnoseFrom(readings, terminology), readings, context, guideline, TODAY);
}
