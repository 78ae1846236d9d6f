import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { callSigner, createSigningKey } from '../../src/ehr-demo/call-signer.ts';
import { ServiceStartError, type Spawned, startService } from '../../src/sandbox/service-process.ts';

jest.setTimeout(60_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'service-process-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(signal: AbortSignal, onSpawn: (spawned: Spawned) => void) {
  return startService({
    fhirServer: 'http://127.0.0.1:9/fhir',
    signer: callSigner('https://sandbox-run.example.org', await createSigningKey()),
    budgetMs: undefined,
    signal,
    onSpawn,
    temporary: folder,
  });
}

test('a run that ends while the service starts ends the service, with its files', async () => {
  const ending = new AbortController();
  await expect(start(ending.signal, () => setTimeout(() => ending.abort(), 50))).rejects.toThrow(ServiceStartError);
  await expect(start(AbortSignal.abort(), () => {})).rejects.toThrow(ServiceStartError);
  expect(readdirSync(folder)).toEqual([]);
});

test('the process can be ended as soon as there is one, and its files are gone at that moment', async () => {
  const files: number[] = [];
  const starting = start(new AbortController().signal, (spawned) => {
    files.push(readdirSync(folder).length);
    spawned.kill();
    files.push(readdirSync(folder).length);
  });
  await expect(starting).rejects.toThrow(ServiceStartError);
  expect(files).toEqual([1, 0]);
  expect(readdirSync(folder)).toEqual([]);
});

test('a service that runs is stopped, with its files', async () => {
  const service = await start(new AbortController().signal, () => {});
  const running = [service.isRunning(), readdirSync(folder).length];
  await service.stop();
  expect(running).toEqual([true, 1]);
  expect([service.isRunning(), service.lastWords(), readdirSync(folder)]).toEqual([false, [], []]);
});
