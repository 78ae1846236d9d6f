import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiscoveredService } from '../src/ehr-demo/hook-request.ts';
import { type Body, patientViewBodies } from './bodies.ts';
import { calibrate, load, type Target } from './measure.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import type { Pair } from './statistics.ts';

/** All rounds of one body, and the answer it got. */
export interface CpuCost {
  readonly body: Body;
  readonly cards: number;
  readonly answerBytes: number;
  readonly pairs: readonly Pair[];
}

export interface CpuBench {
  readonly service: ServerProcess;
  readonly described: DiscoveredService;
  /** Where the bare app finds the answers it is to give. */
  readonly folder: string;
  readonly rounds: number;
  /** How long a round takes, about. */
  readonly seconds: number;
}

/**
 * Measures the service against a bare Express app, body by body.
 *
 * @throws {Error} if one answer is not a 200 of the right length: a fast failure is no measurement.
 */
export async function cpuCosts(bench: CpuBench): Promise<readonly CpuCost[]> {
  const bare = await startServer('bench/bare-server.ts', bench.folder);
  try {
    const costs: CpuCost[] = [];
    for (const body of patientViewBodies(bench.described)) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: two at once would disturb each other
      costs.push(await costOf(body, bench, bare));
    }
    return costs;
  } finally {
    await bare.stop();
  }
}

async function costOf(body: Body, bench: CpuBench, bare: ServerProcess): Promise<CpuCost> {
  const { service, described, folder, rounds, seconds } = bench;
  const serviceUrl = `${service.url}/cds-services/${described.id}`;
  const answer = await answerTo(serviceUrl, body);
  writeFileSync(join(folder, `${body.name}.json`), answer);
  const same = { body: body.json, answerBytes: answer.length };
  const targets = {
    service: { ...same, server: service, url: serviceUrl },
    bare: { ...same, server: bare, url: `${bare.url}/answers/${body.name}` },
  };
  const amounts = {
    service: await calibrate(targets.service, seconds),
    bare: await calibrate(targets.bare, seconds),
  };
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: two at once would disturb each other
    pairs.push(await pairOfRounds(targets, amounts, round % 2 === 0));
  }
  const { cards } = JSON.parse(answer.toString()) as { readonly cards: readonly unknown[] };
  return { body, cards: cards.length, answerBytes: answer.length, pairs };
}

type Each<T> = { readonly service: T; readonly bare: T };

/** The order is swapped from round to round, so that a drift of the machine favours neither. */
async function pairOfRounds(targets: Each<Target>, amounts: Each<number>, serviceFirst: boolean): Promise<Pair> {
  if (serviceFirst) {
    const service = await load(targets.service, amounts.service);
    return { service, bare: await load(targets.bare, amounts.bare) };
  }
  const bare = await load(targets.bare, amounts.bare);
  return { service: await load(targets.service, amounts.service), bare };
}

async function answerTo(url: string, body: Body): Promise<Buffer> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: body.json });
  const answer = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`${body.title}: ${response.status} ${answer.toString()}`);
  return answer;
}
