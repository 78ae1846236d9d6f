import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { startLocalServer } from './fhir/local-server.ts';
import { post } from './support/http.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'asps-stop-'));
const DATABASE_URL = `sqlite:${folder}/feedback.db`;
afterAll(() => rmSync(folder, { recursive: true }));

test('a process that says it is ready can be stopped cleanly', async () => {
  // Says, whenever something is printed, how many are listening for the signal.
  const spy = `const write = process.stdout.write;
    process.stdout.write = function (...given) {
      process.stderr.write('listening: ' + process.listenerCount('SIGTERM') + '\\n');
      return write.apply(this, given);
    };`;
  const preload = `data:text/javascript,${encodeURIComponent(spy)}`;
  const child = spawn(process.execPath, ['--import', preload, MAIN], {
    env: { PORT: '0', DATABASE_URL },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(child, 'close');
  const said = String(await once(child.stderr, 'data'));
  child.kill('SIGKILL');
  await closed;
  expect(said).toContain('listening: 1');
}, 30_000);

test('a call that is not answered within the grace does not keep the process', async () => {
  const arrival = Promise.withResolvers<void>();
  const fhir = await startLocalServer(() => arrival.resolve());
  const env = { PORT: '0', DATABASE_URL, FHIR_BUDGET_MS: '60000', SHUTDOWN_GRACE_MS: '100' };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close').then(([code]) => code as number | null);
  const greeting = String(await once(child.stdout, 'data'));
  const url = /ready at (http:\S+)/.exec(greeting)?.[1] ?? '';
  const outcome = post(`${url}/cds-services/asps-patient-view`, {
    hook: 'patient-view',
    hookInstance: '0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0',
    fhirServer: fhir.base,
    context: { userId: 'Practitioner/u1', patientId: 'p1' },
  }).then(
    () => 'answered',
    () => 'cut off',
  );
  await arrival.promise;
  child.kill('SIGTERM');
  expect(await outcome).toBe('cut off');
  const ended = await Promise.race([
    closed,
    new Promise((resolve) => {
      setTimeout(resolve, 5000, 'still running').unref();
    }),
  ]);
  child.kill('SIGKILL');
  await Promise.all([closed, fhir.close()]);
  expect(ended).toBe(0);
}, 30_000);

test.each<[string, string, number]>([
  ['another signal', `setImmediate(() => process.kill(process.pid, 'SIGINT'))`, 0],
  ['an error that nobody handles', `Promise.reject(new Error('secret detail'))`, 1],
])(
  '%s while the process stops does not make it stop twice',
  async (_what, then, code) => {
    const preload = `data:text/javascript,${encodeURIComponent(`process.once('SIGTERM', () => { ${then}; });`)}`;
    const child = spawn(process.execPath, ['--import', preload, MAIN], {
      env: { PORT: '0', DATABASE_URL, SHUTDOWN_GRACE_MS: '100' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close').then(([exitCode]) => exitCode as number | null);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await closed).toBe(code);
    expect(said.match(/"msg":"stop\w+"/g)).toEqual(['"msg":"stopping"', '"msg":"stopped"']);
    expect(said).not.toContain('secret');
  },
  30_000,
);

test('a process whose output nobody reads any more answers calls, and can be stopped', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    env: { PORT: String(port), DATABASE_URL },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close').then(([code]) => code as number | null);
  child.stdout.destroy();
  const url = `http://127.0.0.1:${port}`;
  try {
    expect(await statusOf(`${url}/readyz`)).toBe(200);
    child.kill('SIGTERM');
    expect(await closed).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
}, 30_000);

test('a process whose output is not read, with the pipe full, ends all the same', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    env: { PORT: String(port), DATABASE_URL, LOG_LEVEL: 'debug' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  try {
    expect(await statusOf(`${url}/readyz`)).toBe(200);
    // Each leaves a line of some hundred bytes; a pipe holds 64 kB, and the reader's own buffer as much.
    for (let batch = 0; batch < 20; batch += 1) {
      // oxlint-disable-next-line no-await-in-loop -- a thousand at once would only queue
      await Promise.all(Array.from({ length: 100 }, () => statusOf(`${url}/healthz`)));
    }
    child.kill('SIGTERM');
    await closed;
  } finally {
    child.kill('SIGKILL');
  }
}, 30_000);

/** The status of the first answer. */
async function statusOf(url: string): Promise<number> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  if (response !== undefined) return response.status;
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  return statusOf(url);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
