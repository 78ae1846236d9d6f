import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type JsonObject } from '../../src/cds-hooks/json.ts';
import { until } from './until.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const LOAD_BALANCER = fileURLToPath(new URL('load-balancer.ts', import.meta.url));

export type Environment = Readonly<Record<string, string>>;

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: string | null;
}

/** One process of the service on a port of its own, which its successor takes over. */
export interface ServiceProcess {
  /** Its own address, without a trailing slash. */
  readonly url: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** The lines that it and those before it have logged so far, parsed. */
  log(): readonly JsonObject[];
  /** What it and those before it wrote to standard error. */
  complaints(): string;
  /** Resolves when it is ready. It has to be ended. */
  start(more?: Environment): Promise<void>;
  /** Without waiting for anything. */
  launch(more?: Environment): { readonly ended: Promise<End> };
  /** Resolves when `/readyz` is 200. */
  ready(): Promise<void>;
  /** SIGTERM, and until it has ended. */
  stop(): Promise<End>;
  /** SIGKILL, and until it has ended. */
  kill(): Promise<End>;
}

/** Processes of the service behind one address. */
export interface ServiceCluster {
  /** PUBLIC_URL: the load balancer's address; without one, that of the only process. */
  readonly url: string;
  readonly instances: readonly ServiceProcess[];
  /** Kills what runs of it. */
  close(): Promise<void>;
}

export interface ServiceClusterOptions {
  readonly databaseUrl: string;
  /** How many; more than one has a load balancer before them. */
  readonly size: number;
  /** Those who may call, as a clients file has them. */
  readonly clients: readonly JsonObject[];
  readonly env?: Environment;
  /** What starts each process, such as `prlimit` with a limit. */
  readonly within?: readonly string[];
}

/** Lays it out; nothing of the service runs yet. To be closed. */
export async function layOutCluster(options: ServiceClusterOptions): Promise<ServiceCluster> {
  const { databaseUrl, size, clients, env = {}, within = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'asps-cluster-'));
  const clientsFile = join(folder, 'clients.yaml');
  // JSON is YAML.
  writeFileSync(clientsFile, JSON.stringify({ clients }));
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const balancer = size > 1 ? await startLoadBalancer(ports.map(addressOf)) : undefined;
  const url = balancer?.url ?? addressOf(ports[0] ?? 0);
  const common = { CLIENTS_FILE: clientsFile, PUBLIC_URL: url, DATABASE_URL: databaseUrl, DEMO: 'false', ...env };
  const instances = ports.map((port) => serviceProcess(port, common, within));
  return {
    url,
    instances,
    async close() {
      await Promise.all(instances.map((instance) => instance.kill()));
      await balancer?.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Lays it out and starts all of it at the same time. */
export async function startCluster(options: ServiceClusterOptions): Promise<ServiceCluster> {
  const cluster = await layOutCluster(options);
  try {
    await Promise.all(cluster.instances.map((instance) => instance.start()));
    await until('the load balancer has seen it', async () => (await statusOf(`${cluster.url}/healthz`)) === 200);
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}

function serviceProcess(port: number, env: Environment, within: readonly string[]): ServiceProcess {
  const url = addressOf(port);
  let running: { readonly child: ChildProcess; readonly ended: Promise<End> } | undefined;
  let out = '';
  let err = '';

  const launch = (more: Environment = {}) => {
    const [command, ...args] = [...within, process.execPath, MAIN] as const;
    const { TZ } = process.env;
    const child = spawn(command, args, {
      env: { ...(TZ === undefined ? {} : { TZ }), PORT: String(port), ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const ended = once(child, 'close').then(([code, signal]) => {
      running = undefined;
      return { code: code as number | null, signal: signal as string | null };
    });
    running = { child, ended };
    return { ended };
  };
  const end = async (signal: NodeJS.Signals): Promise<End> => {
    if (running === undefined) return { code: null, signal: null };
    running.child.kill(signal);
    return running.ended;
  };
  const ready = async () => {
    await until(`${url} is ready`, async () => {
      if (running === undefined) throw new Error(`the service ended before it was ready: ${err}`);
      return (await statusOf(`${url}/readyz`)) === 200;
    });
  };
  return {
    url,
    get pid() {
      return running?.child.pid ?? -1;
    },
    log: () => out.split('\n').flatMap(parsedLine),
    complaints: () => err,
    launch,
    ready,
    async start(more) {
      launch(more);
      await ready();
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

async function startLoadBalancer(upstreams: readonly string[]) {
  const child = spawn(process.execPath, [LOAD_BALANCER, '0', ...upstreams], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const ready = /ready at (http:\S+)/.exec(chunk.toString())?.[1];
      if (ready !== undefined) resolve(ready);
    });
    void closed.then(() => reject(new Error('the load balancer ended before it was ready')));
  });
  return {
    url,
    close: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** Undefined when there is no answer. */
async function statusOf(url: string): Promise<number | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.status;
}

/** Below those that the system gives to connections, so that none of them has it when a successor wants it. */
async function freePort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  const probe = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function addressOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function parsedLine(line: string): readonly JsonObject[] {
  if (!line.startsWith('{')) return [];
  const parsed: unknown = JSON.parse(line);
  return isJsonObject(parsed) ? [parsed] : [];
}
