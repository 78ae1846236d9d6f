import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type ServiceCluster, startCluster } from '../support/service-cluster.ts';
import { until } from '../support/until.ts';
import { disagreement, NONE, unrecorded } from './bookkeeping.ts';
import { type Clinicians, cliniciansAtWork } from './clinicians.ts';
import { hospital } from './hospital.ts';
import { rowsOf } from './records.ts';

jest.setTimeout(300_000);

const KILLS = 6;
const HOSPITALS = ['North', 'South', 'East', 'West'].map((name) => hospital(`Hospital ${name}`));

let folder: string;
let cluster: ServiceCluster | undefined;
let clinicians: Clinicians | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asps-killed-'));
});
afterEach(async () => {
  clinicians?.dismiss();
  await cluster?.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a process that is killed again and again under load loses no feedback that it acknowledged', async () => {
  const databaseUrl = `sqlite:${folder}/feedback.db`;
  cluster = await startCluster({ databaseUrl, size: 1, clients: HOSPITALS.map(({ registration }) => registration) });
  const [service] = cluster.instances;
  if (service === undefined) throw new Error('There is one process');
  // A showing may be written a moment after its answer, so that of the last ones some go with the process.
  const settled = new Set<string>();
  clinicians = await cliniciansAtWork(cluster.url, HOSPITALS);
  const { work, goHome } = clinicians;

  for (let kill = 0; kill < KILLS; kill += 1) {
    for (const card of work.shown) settled.add(card);
    const before = work.acknowledged.size;
    // oxlint-disable-next-line no-await-in-loop -- one kill after the other
    await until('clinicians are at work', () => work.acknowledged.size > before + 60);
    // oxlint-disable-next-line no-await-in-loop -- one kill after the other
    expect(await service.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    // oxlint-disable-next-line no-await-in-loop -- one kill after the other
    await service.start();
  }
  await goHome();
  expect(await service.stop()).toEqual({ code: 0, signal: null });

  expect(work.failures).toEqual([]);
  expect(work.again.get('no answer')).toBeGreaterThanOrEqual(KILLS);
  expect(await disagreement(databaseUrl, work)).toEqual(NONE);
  expect(await unrecorded(databaseUrl, settled)).toEqual([]);
  expect(await rowsOf(databaseUrl, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
});
