import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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
  readonly ended: Promise<Ended>;
}

/** No test may depend on how fast the machine is. */
const PATIENT = ['--budget', '60000'];

const running = new Set<ChildProcess>();

/** Starts the command with nothing in its environment but the token and what is given. */
export function startSandbox(args: readonly string[], env: Readonly<Record<string, string>> = {}): SandboxRun {
  const { PATH, HOME, TZ } = process.env;
  const child = spawn(process.execPath, ['src/sandbox/sandbox.ts', ...PATIENT, ...args], {
    cwd: ROOT,
    env: { PATH, HOME, TZ, FHIR_TOKEN: TOKEN, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    if (`${said.out}${said.err}`.includes(TOKEN)) throw new Error('the token was printed');
    return { code: code as number | null, ...said };
  });
  return { child, ended };
}

/** Runs the command to its end. */
export async function sandbox(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return startSandbox(args, env).ended;
}

/** Ends whatever a failed test has left behind. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}
