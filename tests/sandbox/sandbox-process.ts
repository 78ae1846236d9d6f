import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The token that the FHIR server of these tests wants to see. No run may ever say it. */
export const TOKEN = 'do-not-print-7f3a9c';

/** A run that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A run of the command in a process of its own. */
export interface SandboxRun {
  readonly child: ChildProcess;
  /** Rejects if the run printed the token, or left a file or a process behind. */
  readonly ended: Promise<Ended>;
}

/** No test may depend on how fast the machine is. */
const PATIENT = ['--budget', '60000'];

const running = new Map<ChildProcess, Promise<unknown>>();

/** Starts the command with nothing in its environment but the token and what is given. */
export function startSandbox(args: readonly string[], env: Readonly<Record<string, string>> = {}): SandboxRun {
  const { PATH, HOME, TZ } = process.env;
  const temporary = mkdtempSync(join(tmpdir(), 'sandbox-run-'));
  // A process group of its own: with it end the processes that the command has started.
  const child = spawn(process.execPath, ['src/sandbox/sandbox.ts', ...PATIENT, ...args], {
    cwd: ROOT,
    env: { PATH, HOME, TZ, FHIR_TOKEN: TOKEN, TMPDIR: temporary, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const ended = once(child, 'close').then(async ([code]) => {
    running.delete(child);
    const files = readdirSync(temporary);
    rmSync(temporary, { recursive: true, force: true });
    const hasEnded = await groupEnds(child);
    if (`${said.out}${said.err}`.includes(TOKEN)) throw new Error('the token was printed');
    if (files.length > 0) throw new Error(`left in the temporary folder: ${files.join(', ')}`);
    if (!hasEnded) throw new Error('a process outlived the run');
    return { code: code as number | null, ...said };
  });
  running.set(
    child,
    ended.catch(() => undefined),
  );
  return { child, ended };
}

/** Runs the command to its end. */
export async function sandbox(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return startSandbox(args, env).ended;
}

/** Ends whatever a failed test has left behind, with the service below it. */
export async function endAll(): Promise<void> {
  const left = [...running];
  for (const [child] of left) killGroup(child);
  await Promise.all(left.map(([, ended]) => ended));
}

/** A killed process is gone a moment later. */
async function groupEnds(child: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < 50; tries += 1) {
    if (!signalGroup(child, 0)) return true;
    // oxlint-disable-next-line no-await-in-loop -- looks again
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  killGroup(child);
  return false;
}

function killGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGKILL');
}

/** Was there anybody to get it? */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}
