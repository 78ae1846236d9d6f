import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The service, in a process of its own. */
export interface RunningService {
  /** Resolves with its address when it is ready; undefined if it ended before. */
  readonly url: Promise<string | undefined>;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  /** Asks it to end. */
  stop(): void;
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
/** What of the caller's environment has to do with the machine: no setting of another service. */
const PASSED_ON = ['PATH', 'HOME', 'TZ'];

/** Runs the service as `npm start` does, in open mode, with these settings. What it has to complain about goes to standard error. */
export function runService(settings: Readonly<Record<string, string>>): RunningService {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
    // Ctrl-C in a terminal would reach it too, and it would be asked to end twice.
    detached: true,
  });
  const ended = once(child, 'close');
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /ready at (http:\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  return {
    url: Promise.race([ready, ended.then(() => undefined)]),
    ended,
    stop: () => child.kill('SIGTERM'),
  };
}
