import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';
import { entry } from '../feedback-fixtures.ts';

const SCRIPT = fileURLToPath(new URL('./append-entries.ts', import.meta.url));

export interface AppendOptions {
  /** The command in whose hands it runs. */
  readonly within?: readonly string[];
  /** The number of its first entry. */
  readonly first?: number;
}

/** Starts processes that append to a database; they are ended after the test. */
export function appendingProcesses() {
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  /** `said` grows with what it says. */
  return (url: string, client: string, entries: number, { within = [], first = 0 }: AppendOptions = {}) => {
    const [command, ...args] = [
      ...within,
      process.execPath,
      SCRIPT,
      url,
      client,
      String(entries),
      String(first),
    ] as const;
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    started.push(child);
    const said: string[] = [];
    const lines = createInterface({ input: child.stdout });
    const closed = once(child, 'close');
    /** Resolves with the first line that fits. */
    const until = (fits: (line: string) => boolean) =>
      new Promise<string>((resolve, reject) => {
        const look = (line: string) => {
          if (fits(line)) resolve(line);
        };
        said.forEach(look);
        lines.on('line', look);
        void closed.then(() => reject(new Error('it ended before it said so')));
      });
    lines.on('line', (line) => said.push(line));
    const kept = () =>
      said.flatMap((line) => /^kept (\d+)$/.exec(line)?.[1] ?? []).map((number) => entry(Number(number)).card);
    return { child, said, until, closed, kept };
  };
}
