import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const START_LIMIT_MS = 20_000;

/** A server in a process of its own, whose CPU time can be read. */
export type ServerProcess = {
  readonly url: string;
  /** Milliseconds from spawn to the first 200 of /healthz. */
  readonly startMilliseconds: number;
  cpuMicroseconds(): Promise<number>;
  stop(): Promise<void>;
};

/** Starts a script with the default configuration, its log written to /dev/null: logging costs what it costs. */
export async function startServer(script: string, ...args: readonly string[]): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', './bench/report-cpu.ts', script, ...args], {
    cwd: ROOT,
    env: defaultEnvironment(port),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    await healthy(child, url, startedAt);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    url,
    startMilliseconds: performance.now() - startedAt,
    cpuMicroseconds: () => cpuOf(child),
    stop: () => stopped(child),
  };
}

/** What the operator's shell has set for the service must not change what is measured. */
function defaultEnvironment(port: number): NodeJS.ProcessEnv {
  const { PATH, HOME, TZ } = process.env;
  return { PATH, HOME, TZ, PORT: String(port), HOST: '127.0.0.1' };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}

async function healthy(child: ChildProcess, url: string, startedAt: number): Promise<void> {
  const response = await fetch(`${url}/healthz`).catch(() => undefined);
  await response?.body?.cancel();
  if (response?.status === 200) return;
  if (child.exitCode !== null) throw new Error(`${child.spawnargs.at(-1)} ended with ${child.exitCode} at start`);
  if (performance.now() - startedAt > START_LIMIT_MS) throw new Error(`${url}/healthz did not become 200`);
  await new Promise((resolve) => {
    setTimeout(resolve, 2);
  });
  await healthy(child, url, startedAt);
}

async function cpuOf(child: ChildProcess): Promise<number> {
  const reply = once(child, 'message');
  child.send('cpu');
  const [message] = (await reply) as [{ cpuMicroseconds: number }];
  return message.cpuMicroseconds;
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
