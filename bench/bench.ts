import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { discover } from '../src/ehr-demo/service-client.ts';
import { type Body, patientViewBodies } from './bodies.ts';
import { calibrate, load, type Target } from './measure.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { cpuRatios, type Pair, type Spread, spread, table, typicalRound } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    service: { type: 'string', default: 'src/main.ts' },
  },
});

const { rounds, seconds, starts } = options.quick
  ? { rounds: 2, seconds: 0.6, starts: 2 }
  : { rounds: 6, seconds: 2, starts: 5 };

type Measured = { readonly body: Body; readonly answerBytes: number; readonly pairs: readonly Pair[] };

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  const startUp = await startUpTimes();
  const measured = await measureAll();
  process.stdout.write(options.json ? asJson(startUp, measured) : asTable(startUp, measured));
} finally {
  rmSync(folder, { recursive: true });
}

async function startUpTimes(): Promise<Spread> {
  const times: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    // One at a time: two servers starting together would slow each other down.
    // oxlint-disable-next-line no-await-in-loop -- one after the other: two at once would disturb each other
    const server = await startServer(options.service);
    times.push(server.startMilliseconds);
    // oxlint-disable-next-line no-await-in-loop -- one after the other: two at once would disturb each other
    await server.stop();
  }
  return spread(times);
}

async function measureAll(): Promise<readonly Measured[]> {
  const service = await startServer(options.service);
  const bare = await startServer('bench/bare-server.ts', folder);
  try {
    const described = serviceForHook(await discover(service.url), 'patient-view');
    if (described === undefined) throw new Error('no service for patient-view is offered');
    const measured: Measured[] = [];
    for (const body of patientViewBodies(described)) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: two at once would disturb each other
      measured.push(await measure(body, service, `${service.url}/cds-services/${described.id}`, bare));
    }
    return measured;
  } finally {
    await Promise.all([service.stop(), bare.stop()]);
  }
}

async function measure(body: Body, service: ServerProcess, serviceUrl: string, bare: ServerProcess): Promise<Measured> {
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
  return { body, answerBytes: answer.length, pairs };
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

function machine(): string {
  return `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Node ${process.version}`;
}

function asTable(startUp: Spread, measured: readonly Measured[]): string {
  const head = [
    'body',
    'KB in',
    'cards',
    'bytes out',
    'CPU µs',
    'bare µs',
    'ratio',
    'min–max',
    'req/s',
    'bare req/s',
    'p50 ms',
    'p99 ms',
  ];
  const rows = measured.map(({ body, answerBytes, pairs }) => {
    const service = typicalRound(pairs.map((pair) => pair.service));
    const bare = typicalRound(pairs.map((pair) => pair.bare));
    const ratio = cpuRatios(pairs);
    return [
      body.title,
      (Buffer.byteLength(body.json) / 1000).toFixed(0),
      String(cardsIn(body)),
      String(answerBytes),
      service.cpuMicroseconds.toFixed(0),
      bare.cpuMicroseconds.toFixed(0),
      ratio.median.toFixed(2),
      `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
      service.requestsPerSecond.toFixed(0),
      bare.requestsPerSecond.toFixed(0),
      service.p50.toFixed(0),
      service.p99.toFixed(0),
    ];
  });
  return `${machine()}
Start to the first 200 of /healthz: ${startUp.median.toFixed(0)} ms (${startUp.min.toFixed(0)}–${startUp.max.toFixed(0)}, ${starts} starts)
CPU per request, service over bare Express 5, ${rounds} paired rounds of ${seconds} s:

${table([head, ...rows])}
`;
}

function cardsIn({ name }: Body): number {
  return (JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { cards: unknown[] }).cards.length;
}

function asJson(startUp: Spread, measured: readonly Measured[]): string {
  const bodies = measured.map(({ body, answerBytes, pairs }) => ({
    name: body.name,
    bodyBytes: Buffer.byteLength(body.json),
    answerBytes,
    cpuRatio: cpuRatios(pairs),
    service: typicalRound(pairs.map(({ service }) => service)),
    bare: typicalRound(pairs.map(({ bare }) => bare)),
    pairs,
  }));
  return `${JSON.stringify({ machine: machine(), startUpMilliseconds: startUp, bodies }, undefined, 2)}\n`;
}
