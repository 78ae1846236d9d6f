import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { call, post, type Reply } from '../support/http.ts';
import { layOutCluster, type ServiceCluster, type ServiceProcess } from '../support/service-cluster.ts';
import { until } from '../support/until.ts';
import { hospital } from './hospital.ts';
import { cardsIn, rowsOf } from './records.ts';
import { cardsOf, FEEDBACK, PATIENT_VIEW, reactionTo, visitsTo } from './visit.ts';

jest.setTimeout(300_000);

// As root alone, or not in every container: what cannot be made there is not tested there.
const PRLIMIT = 'prlimit';
const UNSHARE = ['unshare', '--mount', 'sh', '-c'] as const;
const isPossible = (command: string, args: readonly string[]) => spawnSync(command, args).status === 0;
const HAS_FILE_LIMIT = isPossible(PRLIMIT, ['--version']);
const HAS_OWN_DISK = isPossible(UNSHARE[0], [...UNSHARE.slice(1), 'mount -t tmpfs none "$0"', tmpdir()]);

const PAGE = 4096;
const GENERAL = hospital('General Hospital');

let folder: string;
let file: string;
let databaseUrl: string;
let cluster: ServiceCluster | undefined;
function setUp(): void {
  folder = mkdtempSync(join(tmpdir(), 'asps-disk-'));
  file = join(folder, 'feedback.db');
  databaseUrl = `sqlite:${file}`;
}

async function tearDown(): Promise<void> {
  await cluster?.close();
  cluster = undefined;
  rmSync(folder, { recursive: true });
}

beforeEach(setUp);
afterEach(tearDown);

/** The one process, not started yet. */
async function layOut(within: readonly string[] = []): Promise<ServiceProcess> {
  cluster = await layOutCluster({ databaseUrl, size: 1, clients: [GENERAL.registration], within });
  const [service] = cluster.instances;
  if (service === undefined) throw new Error('There is one process');
  return service;
}

async function askFor({ url }: ServiceProcess) {
  const visit = await visitsTo(url);
  const acknowledged: string[] = [];
  const send = (path: string, body: unknown) => post(url + path, body, GENERAL.authorization(url + path));
  const openChart = async () => cardsOf(await send(PATIENT_VIEW, visit()));
  /** Many entries at once, so that files grow. */
  const react = async (): Promise<Reply> => {
    const cards = await openChart();
    const reply = await send(FEEDBACK, { feedback: cards.map(reactionTo) });
    if (reply.status === 200) acknowledged.push(...cards.map(({ uuid }) => uuid));
    return reply;
  };
  const readiness = async () => (await call(`${url}/readyz`)).status;
  return { acknowledged, openChart, react, readiness };
}

type Service = Awaited<ReturnType<typeof askFor>>;

/** Reacts to cards until feedback is refused; the refusal. */
async function untilRefused({ react }: Service): Promise<Reply> {
  let last: Reply | undefined;
  await until('feedback is refused', async () => {
    last = await react();
    return last.status !== 200;
  });
  if (last === undefined) throw new Error('nothing was sent');
  return last;
}

/** What the log says of why the store failed. */
function reasons(service: ServiceProcess): readonly unknown[] {
  return service.log().flatMap(({ failure }) => {
    const reason = (failure as { reason?: string } | undefined)?.reason;
    return reason === undefined ? [] : [reason];
  });
}

/** Feedback is refused with a time to come again, cards go on, and the log says why. */
async function expectRefusal(service: ServiceProcess, asked: Service, refusal: Reply, reason: string): Promise<void> {
  expect(refusal.status).toBe(503);
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refusal.text).not.toMatch(/sqlite|SQLITE|feedback\.db/);
  expect((await asked.openChart()).length).toBeGreaterThan(0);
  await until('the log says why', () => reasons(service).includes(reason));
}

/** Nothing that was acknowledged is missing, and the file is whole. */
async function expectWhole({ acknowledged }: Service): Promise<void> {
  const stored = new Set(await cardsIn(databaseUrl, 'feedback'));
  expect(acknowledged.filter((card) => !stored.has(card))).toEqual([]);
  expect(await rowsOf(databaseUrl, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
}

describe('a disk that takes no more', () => {
  test('by a quota: feedback is put off and cards go on, until there is room again', async () => {
    if (!HAS_FILE_LIMIT) return;
    const service = await layOut([PRLIMIT, '--fsize=393216:unlimited']);
    await service.start();
    const asked = await askFor(service);
    const refusal = await untilRefused(asked);
    await expectRefusal(service, asked, refusal, 'full');
    expect(asked.acknowledged.length).toBeGreaterThan(0);

    expect(spawnSync(PRLIMIT, ['--pid', String(service.pid), '--fsize=unlimited']).status).toBe(0);
    await until('feedback is taken again', async () => (await asked.react()).status === 200);
    expect(await asked.readiness()).toBe(200);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    await expectWhole(asked);
  });

  test('since it is full: feedback is put off and cards go on, until there is room again', async () => {
    if (!HAS_OWN_DISK) return;
    const fill = 'mount -t tmpfs -o size=2m none "$0" && head -c 1300000 /dev/zero > "$0/more" && exec "$@"';
    const service = await layOut([...UNSHARE, fill, folder]);
    await service.start();
    const asked = await askFor(service);
    const refusal = await untilRefused(asked);
    await expectRefusal(service, asked, refusal, 'full');
    expect(asked.acknowledged.length).toBeGreaterThan(0);

    // The folder as that process sees it.
    const own = join('/proc', String(service.pid), 'root', folder);
    rmSync(join(own, 'more'));
    await until('feedback is taken again', async () => (await asked.react()).status === 200);
    expect(await asked.readiness()).toBe(200);
    // SQLite resolves links itself, and would end up in the folder as this process sees it.
    for (const name of ['feedback.db', 'feedback.db-wal']) copyFileSync(join(own, name), join(folder, name));
    await expectWhole(asked);
  });
});

describe('a file that is damaged', () => {
  /** With feedback in it, all of it in the file itself. */
  let sound: Buffer;
  beforeAll(async () => {
    setUp();
    const service = await layOut();
    await service.start();
    const asked = await askFor(service);
    for (let visits = 0; visits < 30; visits += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await asked.react();
    }
    await service.stop();
    sound = readFileSync(file);
    if (asked.acknowledged.length < 30) throw new Error('There is too little in it');
    await tearDown();
  });
  beforeEach(() => writeFileSync(file, sound));

  test.each<[string, string, (bytes: Buffer) => Buffer]>([
    ['in the middle', 'is damaged', (bytes) => Buffer.from(bytes).fill(0xa5, 2 * PAGE)],
    ['and half of it gone', 'is damaged', (bytes) => bytes.subarray(0, 4 * PAGE)],
    ['and another kind of file', 'is not an SQLite database', () => Buffer.from('no database\n'.repeat(1000))],
  ])(
    '%s: the service does not start, says so in one sentence, and leaves it as it is',
    async (_how, sentence, damage) => {
      const damaged = damage(sound);
      writeFileSync(file, damaged);
      const service = await layOut();
      expect(await service.launch().ended).toEqual({ code: 1, signal: null });
      expect(service.complaints()).toContain(sentence);
      expect(service.complaints().trimEnd().split('\n')).toHaveLength(1);
      expect(service.complaints()).not.toMatch(/\n\s+at |node:internal|Error:/);
      expect(readFileSync(file).equals(damaged)).toBe(true);
    },
  );

  test('while the service runs: feedback is refused and cards go on, and what is left of it is not written over', async () => {
    const service = await layOut();
    await service.start();
    const asked = await askFor(service);
    const damaged = Buffer.from(sound).fill(0xa5, PAGE);
    writeFileSync(file, damaged);

    const refusal = await untilRefused(asked);
    await expectRefusal(service, asked, refusal, 'damaged');
    expect(await asked.readiness()).toBe(503);
    await service.stop();
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });

  test('or deleted while the service runs: feedback is refused, cards go on, and no other file takes its place', async () => {
    const service = await layOut();
    await service.start();
    const asked = await askFor(service);
    rmSync(file);
    const refusal = await untilRefused(asked);
    await expectRefusal(service, asked, refusal, 'replaced');
    expect(await asked.readiness()).toBe(503);

    // Put back from a copy, the service is started again with it.
    writeFileSync(file, sound);
    await service.stop();
    await service.start();
    expect(await asked.readiness()).toBe(200);
    expect((await asked.react()).status).toBe(200);
  });
});
