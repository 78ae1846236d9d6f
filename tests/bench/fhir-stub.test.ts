import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { baseOf } from '../../bench/fhir-stub-listener.ts';
import { type ServerProcess, startServer } from '../../bench/server-process.ts';
import { storeOf } from '../../src/ehr-demo/patient-store.ts';
import { call } from '../support/http.ts';

const LATENCY_MS = 20;

let folder: string;
let stub: ServerProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fhir-stub-'));
  writeFileSync(join(folder, 'one.json'), JSON.stringify(storeOf('p1', [{ resourceType: 'Patient', id: 'p1' }])));
  stub = await startServer('bench/fhir-stub.ts', folder, String(LATENCY_MS));
});
afterAll(async () => {
  await stub.stop();
  rmSync(folder, { recursive: true });
});

test('serves a chart from its file, not before the latency is over, and counts requests and bytes', async () => {
  const before = (await call(`${stub.url}/traffic`)).body;
  expect(before).toEqual({ requests: 0, bytes: 0 });
  const started = performance.now();
  const found = await call(`${baseOf(stub.url, 'one', 'as-asked', 'known')}/Patient/p1`);
  // A timer counts whole milliseconds and may be one early.
  expect(performance.now() - started).toBeGreaterThanOrEqual(LATENCY_MS - 1);
  expect([found.status, found.body]).toEqual([200, { resourceType: 'Patient', id: 'p1' }]);
  const missing = await call(`${baseOf(stub.url, 'one', 'unheard-of' as 'refusing', 'known')}/Patient/p1`);
  expect(missing.status).toBe(404);
  expect((await call(`${stub.url}/traffic`)).body).toEqual({
    requests: 2,
    bytes: found.text.length + missing.text.length,
  });
});
