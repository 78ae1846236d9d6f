import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { FeedbackStoreError } from '../../../src/feedback/feedback-store.ts';
import { addTallies } from '../../../src/feedback/store/add-tallies.ts';
import type { Database } from '../../../src/feedback/store/database.ts';
import type { Tally } from '../../../src/feedback/tally.ts';
import { eachStore } from '../../support/store.ts';
import { until } from '../../support/until.ts';
import { refusal } from './refusal.ts';

const tally = (members: Partial<Tally> = {}): Tally => ({
  day: '2026-11-22',
  client: 'General Hospital',
  service: 'asps-patient-view',
  measure: 'call',
  subject: '200',
  count: 1,
  ...members,
});

eachStore('tallies', (store) => {
  test('are added up by day, client, service, measure and subject', async () => {
    const database = await store.open();
    await addTallies(database, [tally(), tally({ count: 2 }), tally({ client: undefined })]);
    await addTallies(database, [tally({ count: 4 }), tally({ subject: '503' }), tally({ day: '2026-11-23' })]);
    expect(await store.sql('select day, client, subject, count from tally order by day, client, subject')).toEqual([
      { day: '2026-11-22', client: '', subject: '200', count: 1 },
      { day: '2026-11-22', client: 'General Hospital', subject: '200', count: 7 },
      { day: '2026-11-22', client: 'General Hospital', subject: '503', count: 1 },
      { day: '2026-11-23', client: 'General Hospital', subject: '200', count: 1 },
    ]);
  });

  test('none of them is lost when several processes add to the same ones in whatever order', async () => {
    const databases = await Promise.all([store.open(), store.open()]);
    const subjects = Array.from({ length: 50 }, (_, number) => String(number));
    const rounds = Array.from({ length: 10 }, (_, round) => round);
    const added = await Promise.all(
      databases.map(async (database, at) => {
        let kept = 0;
        for (const round of rounds) {
          const ordered = (round + at) % 2 === 0 ? subjects : subjects.toReversed();
          // oxlint-disable-next-line no-await-in-loop -- as each process does it
          const outcome = await refusal(
            addTallies(
              database,
              ordered.map((subject) => tally({ subject })),
            ),
          );
          if (outcome === 'kept') kept += 1;
          // Of two processes that write to one SQLite file at the same time, one may be refused.
          expect(database.kind === 'sqlite' ? ['kept', 'locked'] : ['kept']).toContain(outcome);
        }
        return kept;
      }),
    );
    const [one = 0, other = 0] = added;
    expect(await store.sql('select distinct count from tally')).toEqual([{ count: one + other }]);
  });

  test('are what was added, whatever it was', async () => {
    const database = await store.open();
    const subject = fc.constantFrom('a', 'b', 'Ä', '0.005', '+Inf');
    const measure = fc.constantFrom('call' as const, 'fhir' as const);
    const some = fc.record({ subject, measure, count: fc.nat({ max: 1_000_000 }) });
    const expected = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(some, { maxLength: 10 }), async (given) => {
        for (const one of given) {
          const key = `${one.measure} ${one.subject}`;
          expected.set(key, (expected.get(key) ?? 0) + one.count);
        }
        await addTallies(database, given.map(tally));
        const rows = await store.sql('select measure, subject, count from tally');
        expect(
          new Map(rows.map((row) => [`${String(row['measure'])} ${String(row['subject'])}`, row['count']])),
        ).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test('are more than one statement may hold', async () => {
    const all = Array.from({ length: 2500 }, (_, number) => tally({ subject: String(number) }));
    await addTallies(await store.open(), all);
    expect(await store.sql('select count(*) as n from tally where count = 1')).toEqual([{ n: 2500 }]);
  });

  test('that were refused before they were sent are certain not to be kept', async () => {
    const database = await store.open();
    const refused = new FeedbackStoreError('unreachable');
    const gone: Database = { ...database, writeQuickly: () => Promise.reject(refused) };
    expect(await failureOf(addTallies(gone, [tally()]))).toEqual(['unreachable', true]);
  });

  test('of which nobody knows whether they were committed may be kept', async () => {
    const database = await store.open();
    const silent: Database = {
      ...database,
      async writeQuickly(work) {
        await database.writeQuickly(work);
        throw new FeedbackStoreError('unreachable');
      },
    };
    expect(await failureOf(addTallies(silent, [tally()]))).toEqual(['unreachable', false]);
    expect(await store.sql('select count from tally')).toEqual([{ count: 1 }]);
  });

  if (store.kind === 'postgres') {
    test('whose connection ends while they are being written are certain not to be kept', async () => {
      const database = await store.open();
      const held = await connect(store.url());
      await held.query('begin; lock table tally');
      const failure = failureOf(addTallies(database, [tally()]));
      const waiting = `select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      await until('it waits for the lock', async () => (await store.sql(waiting)).length > 0);
      await store.sql(`select pg_terminate_backend(pid) from (${waiting}) as waiting`);
      expect(await failure).toEqual(['unreachable', true]);
      await held.end();
      expect(await store.sql('select count from tally')).toEqual([]);
    });
  }
});

/** Why they were not added, and whether it is certain that they are not there. */
async function failureOf(adding: Promise<void>): Promise<unknown> {
  const error: unknown = await adding.catch((thrown: unknown) => thrown);
  return error instanceof FeedbackStoreError ? [error.reason, error.isUnwritten] : error;
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
