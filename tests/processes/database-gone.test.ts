import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { call, post, type Reply } from '../support/http.ts';
import { type PostgresForTests, startPostgres } from '../support/postgres.ts';
import { type ServiceCluster, type ServiceProcess, startCluster } from '../support/service-cluster.ts';
import { until } from '../support/until.ts';
import { type DatabaseLink, linkTo } from './database-link.ts';
import { hospital } from './hospital.ts';
import { cardsIn } from './records.ts';
import { cardsOf, FEEDBACK, PATIENT_VIEW, reactionTo, visitsTo } from './visit.ts';

jest.setTimeout(300_000);

const GENERAL = hospital('General Hospital');
/** Longer than any time that somebody waits for the database, or does not try it again. */
const OUTAGE_MS = 6000;

let postgres: PostgresForTests;
let databaseUrl: string;
let link: DatabaseLink;
let cluster: ServiceCluster;
beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = await postgres.createDatabase();
  link = await linkTo(databaseUrl);
  cluster = await startCluster({ databaseUrl: link.url, size: 3, clients: [GENERAL.registration] });
});
afterAll(async () => {
  await cluster.close();
  await link.close();
  await postgres.close();
});

/** What can be asked of each of the three processes, and all that was shown. */
async function askFor({ url, instances }: ServiceCluster) {
  const visit = await visitsTo(url);
  const shown: string[] = [];
  const send = (path: string, body: unknown, to: string) => post(to + path, body, GENERAL.authorization(url + path));
  const openChart = async (to: string = url) => {
    const cards = cardsOf(await send(PATIENT_VIEW, visit(), to));
    shown.push(...cards.map(({ uuid }) => uuid));
    return cards;
  };
  const react = async (to: string): Promise<Reply> =>
    send(FEEDBACK, { feedback: (await openChart(to)).map(reactionTo) }, to);
  const readiness = async ({ url: own }: ServiceProcess) => (await call(`${own}/readyz`)).status;
  const ofAll = <Result>(ask: (to: string) => Promise<Result>) => Promise.all(instances.map((each) => ask(each.url)));
  const isReady = async () => (await Promise.all(instances.map(readiness))).every((status) => status === 200);
  return { instances, shown, openChart, react, ofAll, readiness, isReady };
}

/** How the database goes, and comes back. */
const OUTAGES: readonly (readonly [how: string, leave: () => unknown, comeBack: () => unknown])[] = [
  ['is stopped', () => postgres.stop(), () => postgres.restart()],
  ['is killed', () => postgres.kill(), () => postgres.restart()],
  ['is there and does not answer', () => link.block(), () => link.mend()],
];

test.each(OUTAGES)(
  'PostgreSQL %s: cards go on, feedback is put off, and all recovers by itself',
  async (_how, leave, comeBack) => {
    const { instances, shown, openChart, react, ofAll, readiness, isReady } = await askFor(cluster);
    const summaries = async (to?: string) => (await openChart(to)).map(({ summary }) => summary).join('\n');
    const pids = () => instances.map(({ pid }) => pid);
    const started = pids();
    const usual = await summaries();
    expect(usual).toMatch(/MRI/);
    expect((await ofAll(react)).map(({ status }) => status)).toEqual([200, 200, 200]);

    await leave();
    const over = Date.now() + OUTAGE_MS;
    const meanwhile: string[] = [];
    while (Date.now() < over) {
      // oxlint-disable-next-line no-await-in-loop -- all the time
      meanwhile.push(await summaries(), ...(await ofAll(summaries)));
    }
    expect(new Set(meanwhile)).toEqual(new Set([usual]));
    const refusals = await ofAll(react);
    expect(refusals.map(({ status, headers }) => [status, Number(headers.get('retry-after')) > 0])).toEqual(
      instances.map(() => [503, true]),
    );
    expect(await Promise.all(instances.map(readiness))).toEqual([503, 503, 503]);
    const shownSoFar = [...shown];

    await comeBack();
    await until('all are ready again', isReady);
    await until('feedback is taken again', async () => (await ofAll(react)).every(({ status }) => status === 200));
    expect(await summaries()).toBe(usual);
    expect(pids()).toEqual(started);
    await until('what was shown meanwhile is on record', async () => {
      const recorded = new Set(await cardsIn(databaseUrl, 'showing'));
      return shownSoFar.every((card) => recorded.has(card));
    });
    expect(instances.map((instance) => instance.complaints())).toEqual(['', '', '']);
  },
);
