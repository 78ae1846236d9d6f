import { readdirSync } from 'node:fs';
import type { Chart } from '../../src/chart/chart.ts';
import { chartOf } from './patient-chart.ts';

const PATIENTS = new URL('../../fixtures/patients/', import.meta.url);

/** The chart of every synthetic patient, by name, as it is when it is opened. */
export async function everyChart(): Promise<ReadonlyMap<string, Chart>> {
  const names = readdirSync(PATIENTS)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
  return new Map(await Promise.all(names.map(async (name) => [name, await chartOf(name)] as const)));
}
