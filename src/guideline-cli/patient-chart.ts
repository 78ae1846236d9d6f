import { buildChart, type Chart, diagnoseFrom } from '../chart/chart.ts';
import { withConditions } from '../chart/context-resources.ts';
import { contextOf } from '../chart/hook-context.ts';
import { chartQueries } from '../chart/queries.ts';
import { RESOURCE_KEYS } from '../chart/reading.ts';
import { buildHookRequest, type HookEvent } from '../ehr-demo/hook-request.ts';
import { openChartSource } from '../fhir/chart-source.ts';
import type { Guideline } from '../guideline/guideline.ts';

/** The chart that the service would build for this event, from the same call; without a FHIR server to ask. */
export async function chartFor(event: HookEvent, guideline: Guideline, now: Date): Promise<Chart> {
  const queries = chartQueries(guideline.terminology);
  const { context, prefetch } = buildHookRequest(event, { id: event.hook, hook: event.hook, prefetch: queries });
  const { patientId } = event.patient;
  const source = openChartSource({ patientId, prefetch }, { queries });
  const resources = contextOf(event.hook, context);
  const { readings } = withConditions(await source.read(RESOURCE_KEYS), resources.conditions, patientId);
  const diagnosis = diagnoseFrom(readings, guideline.terminology);
  return buildChart(patientId, diagnosis, readings, resources, guideline, now);
}
