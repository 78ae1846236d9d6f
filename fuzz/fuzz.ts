import { mkdtempSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { discover } from '../src/ehr-demo/service-client.ts';
import { CARDS_FOLDER } from '../src/guideline-folder.ts';
import { breaks, type Finding, runCampaign } from './campaign.ts';
import { everyRequest } from './every-request.ts';
import { openExchange } from './exchange.ts';
import { judgeAfter, observeState } from './lasting-state.ts';
import { watchMemory } from './memory.ts';
import { type OddFhirServer, startOddFhirServer } from './odd-fhir-server.ts';
import type { Violation } from './oracles.ts';
import { progressBar } from './progress.ts';
import { realRequests } from './real-requests.ts';
import { readFinding, saveFinding } from './reproducer.ts';
import { type ServiceProcess, startService } from './service-process.ts';
import { type Run, summary, summaryJson } from './summary.ts';

const LANES = 16;

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '30' },
    patience: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    replay: { type: 'string' },
    service: { type: 'string', default: 'src/main.ts' },
  },
});

const EXIT = { well: 0, broken: 1, notRun: 2 } as const;

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT.notRun;
}

async function main(): Promise<number> {
  const fhir = await startOddFhirServer();
  try {
    const service = await startService(options.service);
    try {
      if (options.replay !== undefined) return await replay(options.replay, service, fhir);
      const run = await fuzz(service, fhir);
      process.stdout.write(options.json ? summaryJson(run) : summary(run));
      return run.campaign.findings.length + run.violations.length === 0 ? EXIT.well : EXIT.broken;
    } finally {
      await service.stop();
    }
  } finally {
    await fhir.stop();
  }
}

async function fuzz(service: ServiceProcess, fhir: OddFhirServer): Promise<Run> {
  const seed = whole(options.seed, 'seed');
  const count = whole(options.requests, 'requests', 1);
  const limitMs = whole(options.patience, 'patience', 1) * 1000;
  const services = await discover(service.url);
  const real = realRequests(services);
  const exchange = openExchange(service.url, { connections: LANES, limitMs });
  // All of them before and after a run of the usual length, fewer for a short one.
  const every = Math.max(1, Math.round((20 * real.length) / count));
  const some = real.filter((_, index) => index % every === 0);
  const before = await observeState(exchange, some);
  const bar = progressBar(count);
  const memory = watchMemory(service.pid);
  const campaign = await runCampaign({
    url: service.url,
    requests: everyRequest({
      real,
      serviceIds: services.map(({ id }) => id),
      cardIds: cardIds(),
      fhirOrigin: fhir.origin,
    }),
    count,
    seed,
    lanes: LANES,
    limitMs,
    maxMs: whole(options.minutes, 'minutes', 1) * 60_000,
    isRunning: () => service.isRunning(),
    onProgress: (sent, found) => bar.show(sent, `${sent} sent, ${found} findings, ${memory.now().toFixed(0)} MB`),
  });
  const remembered = memory.stop(campaign.sent);
  bar.clear();
  const after = service.isRunning() ? await observeState(exchange, some) : before;
  exchange.close();
  return {
    seed,
    machine: `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Node ${process.version}`,
    campaign,
    memory: remembered,
    violations: [
      ...before.violations,
      ...judgeAfter(before, after),
      ...remembered.violations,
      ...judgeProcess(service),
    ],
    files: keep(campaign.findings, fhir.origin),
  };
}

function judgeProcess(service: ServiceProcess): readonly Violation[] {
  const lines = service.standardError().trim();
  return [
    ...(service.isRunning() ? [] : [{ oracle: 'alive' as const, says: 'the process ended' }]),
    ...(lines === '' ? [] : [{ oracle: 'standard-error' as const, says: lines.slice(0, 2000) }]),
  ];
}

function keep(findings: readonly Finding[], fhirOrigin: string): readonly string[] {
  if (findings.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-findings-'));
  return findings.map((finding, index) => saveFinding(folder, index, finding, fhirOrigin));
}

async function replay(file: string, service: ServiceProcess, fhir: OddFhirServer): Promise<number> {
  const { violation, request } = readFinding(file, fhir.origin);
  const exchange = openExchange(service.url, {
    connections: 1,
    limitMs: whole(options.patience, 'patience', 1) * 1000,
  });
  const isBroken = await breaks(exchange, request, violation);
  exchange.close();
  process.stdout.write(`${violation.oracle}: ${violation.says}: ${isBroken ? 'still so' : 'no longer so'}\n`);
  return isBroken ? EXIT.broken : EXIT.well;
}

function cardIds(): readonly string[] {
  return readdirSync(CARDS_FOLDER).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : []));
}

function whole(value: string, name: string, least = 0): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least)
    throw new Error(`--${name} has to be a whole number from ${least}`);
  return number;
}
