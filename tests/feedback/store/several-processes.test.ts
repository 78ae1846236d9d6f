import { expect, test } from '@jest/globals';
import { createFeedbackStore } from '../../../src/feedback/store/append-feedback.ts';
import { eachStore } from '../../support/store.ts';
import { entry, received } from '../feedback-fixtures.ts';
import { appendingProcesses } from './appending-process.ts';

eachStore('what was acknowledged is not lost', (store) => {
  const append = appendingProcesses();

  test('when the process is killed right after it', async () => {
    const { child, until, closed, kept } = append(store.url(), 'a', 1_000_000);
    await until((line) => line === 'kept 50');
    child.kill('SIGKILL');
    await closed;

    const database = await store.open();
    const cards = new Set((await store.sql('select card from feedback')).map(({ card }) => card));
    expect(kept().length).toBeGreaterThan(50);
    expect(kept().filter((card) => !cards.has(card))).toEqual([]);
    await createFeedbackStore(database).append(received([entry(1)], { client: 'b' }));
    expect(await database.isReachable()).toBe(true);
  });

  test('when several processes make the tables and write to them at the same time', async () => {
    const all = ['a', 'b', 'c'].map((client, at) => append(store.url(), client, 50, { first: at * 50 }));
    await Promise.all(all.map(({ until }) => until((line) => line === 'done')));
    expect(await store.sql('select client, count(*) as kept from feedback group by client order by client')).toEqual([
      { client: 'a', kept: 50 },
      { client: 'b', kept: 50 },
      { client: 'c', kept: 50 },
    ]);
    expect(await store.sql('select name from asps_cds_migration order by name')).toEqual([
      { name: '0001-feedback' },
      { name: '0002-showings' },
    ]);
  });
});
