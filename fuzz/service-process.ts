import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const START_LIMIT_MS = 30_000;

/** The service under test: a process of its own, in open mode, with a feedback store of its own. */
export type ServiceProcess = {
  readonly url: string;
  readonly pid: number;
  isRunning(): boolean;
  /** What it wrote to standard error so far; a healthy service writes nothing. */
  standardError(): string;
  stop(): Promise<void>;
};

/**
 * Starts the service on a free port, as an operator would, with nothing of the caller's environment. FHIR servers get
 * little time, since some of the fuzzer's never answer, and bodies little room, since those past it are slow to unpack.
 *
 * @throws {Error} if it does not start, with what it said.
 */
export async function startService(script: string): Promise<ServiceProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const { PATH, HOME, TZ } = process.env;
  const child = spawn(process.execPath, [script], {
    cwd: ROOT,
    env: {
      PATH,
      HOME,
      TZ,
      PORT: '0',
      LOG_LEVEL: 'silent',
      FHIR_BUDGET_MS: '250',
      BODY_LIMIT: '2mb',
      DATABASE_URL: `sqlite:${join(folder, 'feedback.db')}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    if (isRunning()) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  };

  const deadline = performance.now() + START_LIMIT_MS;
  const greeting = () => /ready at (http:\S+)/.exec(said.out)?.[1];
  while (greeting() === undefined && isRunning() && performance.now() < deadline) {
    // oxlint-disable-next-line no-await-in-loop -- asks again and again
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  const url = greeting();
  if (url === undefined || child.pid === undefined) {
    await stop();
    throw new Error(`The service did not start: ${said.err || 'it did not say where it listens'}`);
  }
  return { url, pid: child.pid, isRunning, standardError: () => said.err, stop };
}
