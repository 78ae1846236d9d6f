import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type PostgresForTests, startPostgres } from '../support/postgres.ts';
import { type ServiceCluster, startCluster } from '../support/service-cluster.ts';
import { until } from '../support/until.ts';
import { disagreement, NONE, unrecorded } from './bookkeeping.ts';
import { type Clinicians, cliniciansAtWork } from './clinicians.ts';
import { hospital } from './hospital.ts';

jest.setTimeout(300_000);

const HOSPITALS = ['North', 'South', 'East', 'West'].map((name) => hospital(`Hospital ${name}`));
const CLIENTS = HOSPITALS.map(({ registration }) => registration);

let postgres: PostgresForTests;
let cluster: ServiceCluster | undefined;
let clinicians: Clinicians | undefined;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterEach(async () => {
  clinicians?.dismiss();
  await cluster?.close();
});
afterAll(() => postgres.close());

test('each process is replaced under load, one after the other, and nobody notices but by trying again', async () => {
  const databaseUrl = await postgres.createDatabase();
  cluster = await startCluster({ databaseUrl, size: 3, clients: CLIENTS });
  clinicians = await cliniciansAtWork(cluster.url, HOSPITALS);
  const { work, goHome } = clinicians;

  for (const instance of cluster.instances) {
    const before = work.acknowledged.size;
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    await until('clinicians are at work', () => work.acknowledged.size > before + 60);
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    expect(await instance.stop()).toEqual({ code: 0, signal: null });
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    await instance.start();
  }
  const before = work.acknowledged.size;
  await until('clinicians are at work', () => work.acknowledged.size > before + 60);
  await goHome();
  await Promise.all(cluster.instances.map((instance) => instance.stop()));

  expect(work.failures).toEqual([]);
  expect(await disagreement(databaseUrl, work)).toEqual(NONE);
  expect(await unrecorded(databaseUrl, work.shown)).toEqual([]);
});
