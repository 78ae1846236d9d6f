import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { call, post, type Reply } from '../support/http.ts';
import { type PostgresForTests, startPostgres } from '../support/postgres.ts';
import { type ServiceCluster, type ServiceProcess, startCluster } from '../support/service-cluster.ts';
import { until } from '../support/until.ts';
import { hospital } from './hospital.ts';
import { type Row, rowsOf } from './records.ts';
import { cardsOf, FEEDBACK, PATIENT_VIEW, reactionTo, visitsTo } from './visit.ts';

jest.setTimeout(300_000);

const LIMIT = 12;
const GENERAL = hospital('General Hospital');
const SMALL = hospital('Small Hospital', { rateLimitPerMinute: LIMIT });
const CLIENTS = [GENERAL, SMALL].map(({ registration }) => registration);

const NOTICED = 'another instance answers by other settings';

let folder: string;
let postgres: PostgresForTests;
let databaseUrl: string;
let cluster: ServiceCluster;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asps-instances-'));
  postgres = await startPostgres();
  databaseUrl = await postgres.createDatabase();
  const OVERLAY_DIR = overlay('quiet', 'baseline-brain-mri', 'shadow');
  // All at the same time, on an empty database.
  cluster = await startCluster({ databaseUrl, size: 3, clients: CLIENTS, env: { OVERLAY_DIR } });
});
afterAll(async () => {
  await cluster.close();
  await postgres.close();
  rmSync(folder, { recursive: true });
});

/** A folder with one card changed. */
function overlay(name: string, card: string, state: 'shadow' | 'off'): string {
  const path = join(folder, name);
  mkdirSync(path);
  const about = { name, version: '1.0.0', maintainer: 'Clinical informatics', date: '2026-11-22' };
  writeFileSync(join(path, 'overlay.yaml'), JSON.stringify(about));
  writeFileSync(join(path, `${card}.yaml`), JSON.stringify({ because: 'Watched for a while.', state }));
  return path;
}

/** How often a process had to decide by itself, since the store did not tell it in time. */
async function fallbacks({ url }: ServiceProcess, metric: string): Promise<number> {
  const { text } = await call(`${url}/metrics`);
  const found = new RegExp(`^${metric} (\\d+)$`, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`There is no metric ${metric}`);
  return Number(found);
}

async function allFallbacks(metric: string): Promise<number> {
  const each = await Promise.all(cluster.instances.map((instance) => fallbacks(instance, metric)));
  return each.reduce((sum, one) => sum + one, 0);
}

test('three processes make the tables of an empty database at the same time', async () => {
  expect(cluster.instances.map((instance) => instance.complaints())).toEqual(['', '', '']);
  const migrations = await rowsOf(databaseUrl, 'SELECT name FROM asps_cds_migration ORDER BY name');
  expect(migrations.length).toBeGreaterThan(0);
  expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);
});

test('a JWT that was used at one process is refused by the others (CH-166)', async () => {
  const { url, instances } = cluster;
  const visit = await visitsTo(url);
  const statusesOfOneJwt = async () => {
    const header = GENERAL.authorization(url + PATIENT_VIEW);
    const statuses: number[] = [];
    for (const instance of instances) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { status } = await post(instance.url + PATIENT_VIEW, visit(), header);
      statuses.push(status);
    }
    return statuses;
  };
  // On a machine that is very busy the store may answer too late, which is counted: then it decides nothing.
  const rounds: (readonly number[])[] = [];
  await until('no process had to decide by itself', async () => {
    const before = await allFallbacks('asps_replay_fallback_total');
    rounds.push(await statusesOfOneJwt());
    return (await allFallbacks('asps_replay_fallback_total')) === before;
  });
  expect(rounds.at(-1)).toEqual([200, 401, 401]);
});

test('of one JWT that is sent to all processes at the same moment, one alone takes it', async () => {
  const { url, instances } = cluster;
  const visit = await visitsTo(url);
  const rounds: (readonly number[])[] = [];
  await until('no process had to decide by itself', async () => {
    const before = await allFallbacks('asps_replay_fallback_total');
    const header = GENERAL.authorization(url + PATIENT_VIEW);
    const replies = await Promise.all(instances.map((each) => post(each.url + PATIENT_VIEW, visit(), header)));
    rounds.push(replies.map(({ status }) => status));
    return (await allFallbacks('asps_replay_fallback_total')) === before;
  });
  expect(rounds.at(-1)?.toSorted()).toEqual([200, 401, 401]);
});

test('the limit of a client holds for all processes together, and for it alone (CH-192)', async () => {
  const { url, instances } = cluster;
  const visit = await visitsTo(url);
  const replies: Reply[] = [];
  for (let round = 0; round < LIMIT; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a little at a time, so that the store answers in time
    const three = await Promise.all(
      instances.map((instance) => post(instance.url + PATIENT_VIEW, visit(), SMALL.authorization(url + PATIENT_VIEW))),
    );
    replies.push(...three);
  }
  const letIn = replies.filter(({ status }) => status === 200).length;
  const refused = replies.filter(({ status }) => status === 429);
  expect(letIn + refused.length).toBe(replies.length);
  expect(letIn).toBeGreaterThanOrEqual(LIMIT);
  expect(letIn).toBeLessThanOrEqual(LIMIT + (await allFallbacks('asps_rate_limit_fallback_total')));
  expect(Number(refused.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);

  const others = await Promise.all(
    instances.map((instance) => post(instance.url + PATIENT_VIEW, visit(), GENERAL.authorization(url + PATIENT_VIEW))),
  );
  expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('a card in shadow is shown by none, the others by all alike, and their showings are counted together', async () => {
  const { url, instances } = cluster;
  const visit = await visitsTo(url);
  const visits = instances.map(() => visit());
  const answers = await Promise.all(
    instances.map(async (instance, index) =>
      cardsOf(await post(instance.url + PATIENT_VIEW, visits[index], GENERAL.authorization(url + PATIENT_VIEW))),
    ),
  );
  const [first = []] = answers.map((cards) => cards.map(({ summary }) => summary));
  expect(first.length).toBeGreaterThan(0);
  expect(first.join()).not.toMatch(/brain MRI/i);
  expect(answers.map((cards) => cards.map(({ summary }) => summary))).toEqual([first, first, first]);

  const hookInstances = visits.map(({ hookInstance }) => `'${hookInstance}'`).join();
  const counted = () =>
    rowsOf(
      databaseUrl,
      `SELECT card_id, state, CAST(count(*) AS integer) AS n FROM showing
       WHERE hook_instance IN (${hookInstances}) GROUP BY card_id, state ORDER BY card_id`,
    );
  const isAll = (rows: readonly Row[]) => rows.reduce((sum, { n }) => sum + Number(n), 0) === 3 * (first.length + 1);
  await until('all showings are on record', async () => isAll(await counted()));
  const rows = await counted();
  expect(rows).toContainEqual({ card_id: 'baseline-brain-mri', state: 'shadow', n: 3 });
  expect(rows.filter(({ state }) => state === 'shown').map(({ n }) => n)).toEqual(first.map(() => 3));
});

test('a process that answers by other settings is noticed by the others, and the feedback of all is one', async () => {
  const { url, instances } = cluster;
  const [first, , last] = instances;
  if (first === undefined || last === undefined) throw new Error('There are three');
  const warnings = (instance: ServiceProcess) =>
    instance.log().filter(({ level, msg }) => level === 40 && msg === NOTICED);
  expect(instances.flatMap(warnings)).toEqual([]);

  await last.stop();
  await last.start({ OVERLAY_DIR: overlay('half', 'baseline-brain-mri', 'off') });
  await until('it is noticed', () => instances.some((instance) => warnings(instance).length > 0));

  const visit = await visitsTo(url);
  const cards = cardsOf(await post(first.url + PATIENT_VIEW, visit(), GENERAL.authorization(url + PATIENT_VIEW)));
  const reply = await post(
    last.url + FEEDBACK,
    { feedback: cards.map(reactionTo) },
    GENERAL.authorization(url + FEEDBACK),
  );
  expect(reply.status).toBe(200);
  expect(await rowsOf(databaseUrl, 'SELECT card FROM feedback')).toHaveLength(cards.length);
});
