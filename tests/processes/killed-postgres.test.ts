import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type PostgresForTests, startPostgres } from '../support/postgres.ts';
import { type ServiceCluster, type ServiceProcess, startCluster } from '../support/service-cluster.ts';
import { until } from '../support/until.ts';
import { disagreement, NONE } from './bookkeeping.ts';
import { type Clinicians, cliniciansAtWork } from './clinicians.ts';
import { hospital } from './hospital.ts';

jest.setTimeout(300_000);

const HOSPITALS = ['North', 'South', 'East', 'West'].map((name) => hospital(`Hospital ${name}`));
const CLIENTS = HOSPITALS.map(({ registration }) => registration);

let postgres: PostgresForTests;
let cluster: ServiceCluster | undefined;
let clinicians: Clinicians | undefined;
beforeAll(async () => {
  postgres = await startPostgres({ fsync: true });
});
afterEach(async () => {
  clinicians?.dismiss();
  await cluster?.close();
});
afterAll(() => postgres.close());

test('three processes and PostgreSQL itself, killed in turn under load, lose no feedback that was acknowledged', async () => {
  const databaseUrl = await postgres.createDatabase();
  cluster = await startCluster({ databaseUrl, size: 3, clients: CLIENTS });
  const { instances } = cluster;
  clinicians = await cliniciansAtWork(cluster.url, HOSPITALS);
  const { work, goHome } = clinicians;
  const busy = async () => {
    const before = work.acknowledged.size;
    await until('clinicians are at work', () => work.acknowledged.size > before + 60);
  };

  const killAndStart = async (instance: ServiceProcess) => {
    await busy();
    expect(await instance.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    await instance.start();
  };
  const [first, second, third] = instances;
  if (first === undefined || second === undefined || third === undefined) throw new Error('There are three');
  await killAndStart(first);
  await busy();
  await postgres.kill();
  await postgres.restart();
  await killAndStart(second);
  await busy();
  // Both at once.
  await Promise.all([third.kill(), postgres.kill()]);
  await postgres.restart();
  await third.start();
  await busy();
  await goHome();

  expect(work.failures).toEqual([]);
  expect(work.again.size).toBeGreaterThan(0);
  expect(await disagreement(databaseUrl, work)).toEqual(NONE);
});
