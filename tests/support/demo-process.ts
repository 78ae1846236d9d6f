import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { call } from './http.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The service as `npm start` runs it, with the demo EHR that it serves. */
export interface DemoProcess {
  /** Of the service, without a trailing slash. */
  readonly url: string;
  /** Where the feedback is kept. */
  readonly databaseFile: string;
  /** What it has reported as an error since it was last asked. */
  takeErrors(): readonly string[];
  /** What it logged so far. */
  log(): string;
  /** Everything in the EHR as it was at the start. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the service without any configuration on a free port, and waits until its demo EHR has been read. */
export async function startDemo(): Promise<DemoProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'asps-demo-'));
  const databaseFile = join(folder, 'feedback.db');
  const { TZ } = process.env;
  const child = spawn(process.execPath, [MAIN], {
    // On a busy machine, too, a call must read all that it needs.
    env: {
      PORT: '0',
      FHIR_BUDGET_MS: '20000',
      DATABASE_URL: `sqlite:${databaseFile}`,
      ...(TZ === undefined ? {} : { TZ }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let said = '';
  let told = 0;
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const ready = /ready at (http:\S+)/.exec(said)?.[1];
      if (ready !== undefined) resolve(ready);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void closed.then(() => reject(new Error(`the service ended before it was ready: ${said}`)));
  });

  // A browser that comes first would wait while FHIR's definitions are read.
  const first = await call(`${url}/demo`);
  if (first.status !== 200) {
    child.kill('SIGTERM');
    throw new Error(`the demo EHR is not there: ${first.status} ${first.text}`);
  }
  return {
    url,
    databaseFile,
    takeErrors: () => {
      const lines = said.slice(told).split('\n');
      told = said.length;
      return lines.filter((line) => /"level":[56]0|Error/.test(line));
    },
    log: () => said,
    reset: async () => {
      const { status, text } = await call(`${url}/demo/reset`, { method: 'POST', redirect: 'manual' });
      if (status !== 303) throw new Error(`the demo EHR was not put back: ${status} ${text}`);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
      rmSync(folder, { recursive: true });
    },
  };
}
