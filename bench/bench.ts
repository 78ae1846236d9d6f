import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type DiscoveredService, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { discover } from '../src/ehr-demo/service-client.ts';
import { type CpuCost, cpuCosts } from './cpu-cost.ts';
import { cpuJson, cpuTable } from './cpu-table.ts';
import { measuredCharts } from './fhir-charts.ts';
import { type FhirCost, fhirCosts } from './fhir-cost.ts';
import { fhirTable } from './fhir-table.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { startUpTimes } from './start-up.ts';
import type { Spread } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    // Of the parts `cpu` and `fhir`, this one alone.
    only: { type: 'string' },
    service: { type: 'string', default: 'src/main.ts' },
  },
});

const { rounds, seconds, starts, warmUps, calls } = options.quick
  ? { rounds: 2, seconds: 0.6, starts: 2, warmUps: 2, calls: 5 }
  : { rounds: 6, seconds: 2, starts: 5, warmUps: 5, calls: 40 };

/** What one answer of the FHIR server takes, as a server in the same hospital does. */
const LATENCY_MS = 50;

type CpuPart = { readonly startUp: Spread; readonly costs: readonly CpuCost[] };

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  const cpu = isWanted('cpu') ? await cpuPart() : undefined;
  const fhir = isWanted('fhir') ? await fhirPart() : undefined;
  process.stdout.write(options.json ? asJson(cpu, fhir) : asText(cpu, fhir));
} finally {
  rmSync(folder, { recursive: true });
}

function isWanted(part: 'cpu' | 'fhir'): boolean {
  return options.only === undefined || options.only === part;
}

async function cpuPart(): Promise<CpuPart> {
  const startUp = await startUpTimes(options.service, starts);
  return withService(async (service, described) => ({
    startUp,
    costs: await cpuCosts({ service, described, folder, rounds, seconds }),
  }));
}

async function fhirPart(): Promise<readonly FhirCost[]> {
  return withService(async ({ url: serviceUrl }, service) => {
    const charts = measuredCharts(service, new Date());
    for (const { name, chart } of charts) writeFileSync(join(folder, `${name}.json`), JSON.stringify(chart));
    const stub = await startServer('bench/fhir-stub.ts', folder, String(LATENCY_MS));
    try {
      return await fhirCosts({ serviceUrl, service, stubUrl: stub.url, charts, warmUps, calls });
    } finally {
      await stub.stop();
    }
  });
}

async function withService<Result>(
  measure: (service: ServerProcess, described: DiscoveredService) => Promise<Result>,
): Promise<Result> {
  const service = await startServer(options.service);
  try {
    const described = serviceForHook(await discover(service.url), 'patient-view');
    if (described === undefined) throw new Error('no service for patient-view is offered');
    return await measure(service, described);
  } finally {
    await service.stop();
  }
}

function machine(): string {
  return `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Node ${process.version}`;
}

function asText(cpu: CpuPart | undefined, fhir: readonly FhirCost[] | undefined): string {
  return [
    machine(),
    ...(cpu === undefined
      ? []
      : [
          `Start to the first 200 of /healthz: ${cpu.startUp.median.toFixed(0)} ms (${cpu.startUp.min.toFixed(0)}–${cpu.startUp.max.toFixed(0)}, ${starts} starts)`,
          `CPU per request, service over bare Express 5, ${rounds} paired rounds of ${seconds} s:`,
          '',
          cpuTable(cpu.costs),
          '',
        ]),
    ...(fhir === undefined
      ? []
      : [
          `Calls against a FHIR server that answers in ${LATENCY_MS} ms, ${calls} of each kind, one after the other:`,
          '',
          fhirTable(fhir, LATENCY_MS),
          '',
        ]),
  ].join('\n');
}

function asJson(cpu: CpuPart | undefined, fhir: readonly FhirCost[] | undefined): string {
  const document = {
    machine: machine(),
    startUpMilliseconds: cpu?.startUp,
    bodies: cpu && cpuJson(cpu.costs),
    fhir: fhir && { latencyMilliseconds: LATENCY_MS, calls, costs: fhir },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
