import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { createFeedbackStore } from '../../../src/feedback/store/append-feedback.ts';
import { recordShowings } from '../../../src/feedback/store/record-showings.ts';
import { eachStore } from '../../support/store.ts';
import { entry, received } from '../feedback-fixtures.ts';

/** What the first version made, word for word; and what it said of itself. */
const FIRST_VERSION = `
  CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    client TEXT,
    service TEXT NOT NULL,
    card TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'overridden')),
    outcome_timestamp TEXT NOT NULL,
    has_comment INTEGER NOT NULL CHECK (has_comment IN (0, 1)),
    received_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX feedback_by_card ON feedback (card);
  CREATE TABLE accepted_suggestion (
    feedback INTEGER NOT NULL REFERENCES feedback (id),
    suggestion TEXT NOT NULL
  ) STRICT;
  CREATE INDEX accepted_suggestion_by_feedback ON accepted_suggestion (feedback);
  CREATE TABLE override_reason (
    feedback INTEGER NOT NULL REFERENCES feedback (id),
    system TEXT,
    code TEXT NOT NULL
  ) STRICT;
  CREATE INDEX override_reason_by_feedback ON override_reason (feedback);
  PRAGMA application_id = 1095979091;
  PRAGMA user_version = 1;
`;
/** It was added soon after, to files that were there as well. */
const RECEIVED = `
  CREATE TABLE received (
    client TEXT NOT NULL,
    day TEXT NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (client, day)
  ) STRICT, WITHOUT ROWID;
`;
const COLUMNS = `
  select m.name as "table", p.name, p.type, p."notnull", p.pk from sqlite_schema m, pragma_table_info(m.name) p
  where m.type = 'table' order by m.name, p.cid`;

eachStore('the tables', (store) => {
  test('of a newer version are refused, in one sentence, and left as they are', async () => {
    const database = await store.open();
    await createFeedbackStore(database).append(received([entry(1)]));
    await database.close();
    const newer = "insert into asps_cds_migration (name, timestamp) values ('0003-more', '2027-01-01T00:00:00.000Z')";
    await store.sql(newer);

    const thrown: unknown = await store.open().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(String(thrown)).toMatch(
      /^Error: .+: it was changed by a newer version of the service \(0003-more\), and this version does not know it\.$/,
    );
    expect(await store.sql('select name from asps_cds_migration order by name')).toHaveLength(3);
    expect(await store.sql('select id from feedback')).toHaveLength(1);
  });

  test('are made once, by whoever comes first', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => store.open()));
    expect(await Promise.all(all.map((database) => database.isReachable()))).toEqual([true, true, true, true, true]);
    expect(await store.sql('select name from asps_cds_migration order by name')).toEqual([
      { name: '0001-feedback' },
      { name: '0002-showings' },
    ]);
  });

  if (store.kind !== 'sqlite') return;

  const file = () => store.url().slice('sqlite:'.length);
  const make = (statements: string) => {
    const database = new DatabaseSync(file());
    database.exec(statements);
    database.close();
  };

  test('of a file that the first version made are taken over with all that is in them', async () => {
    make(`PRAGMA journal_mode = WAL; ${FIRST_VERSION} ${RECEIVED}
      INSERT INTO feedback VALUES
        (7, '${'a'.repeat(64)}', NULL, 'asps-patient-view', 'x', 'overridden', '2026-11-22T10:00:00.000Z', 0, '2026-11-22T10:00:01.000Z');
      INSERT INTO override_reason VALUES (7, 'urn:a', 'b');
      INSERT INTO received VALUES ('', '2026-11-22', 5);`);
    const rows = async () => [
      await store.sql('select * from feedback where id = 7'),
      await store.sql('select * from override_reason where feedback = 7'),
      await store.sql('select * from received'),
    ];
    const before = await rows();

    const database = await store.open();
    expect(await rows()).toEqual(before);
    const card = {
      card: 'c',
      cardId: 'a',
      version: '1',
      state: 'shown',
      indicator: 'info',
      suggestions: ['s'],
    } as const;
    await createFeedbackStore(database, { maxEntriesPerDay: 6 }).append(received([entry(1)], { client: undefined }));
    await recordShowings(database, [
      { client: undefined, service: 's', hookInstance: 'h', shownAt: new Date(0), cards: [card] },
    ]);
    expect(await store.sql('select id from feedback order by id')).toEqual([{ id: 7 }, { id: 8 }]);
    expect(await store.sql('select entries from received')).toEqual([{ entries: 6 }]);
  });

  test('of a file from before entries were counted gain the count', async () => {
    make(FIRST_VERSION);
    await createFeedbackStore(await store.open()).append(received([entry(1), entry(2)]));
    expect(await store.sql('select entries from received')).toEqual([{ entries: 2 }]);
  });

  test('are the same in a file that is new and in one that was taken over', async () => {
    const fresh = await store.open();
    await fresh.close();
    const made = await store.sql(COLUMNS);
    rmSync(file());
    make(`${FIRST_VERSION} ${RECEIVED}`);
    const takenOver = await store.open();
    await takenOver.close();
    expect(await store.sql(COLUMNS)).toEqual(made);
    expect(new Set(made.map((column) => column['table'])).size).toBe(13);
  });

  test('can still be added to by the first version, which finds its own as they were', async () => {
    const database = await store.open();
    await createFeedbackStore(database).append(received([entry(1)]));
    // What it looked at, and what it said.
    expect(await store.sql('PRAGMA application_id')).toEqual([{ application_id: 0x41535053 }]);
    expect(await store.sql('PRAGMA user_version')).toEqual([{ user_version: 1 }]);
    await store.sql(`INSERT INTO feedback (digest, client, service, card, outcome, outcome_timestamp, has_comment, received_at)
      VALUES ('x', NULL, 's', 'c', 'accepted', 't', 0, 't') ON CONFLICT (digest) DO NOTHING RETURNING id`);
    await store.sql(`INSERT INTO received (client, day, entries) VALUES ('', 'd', 1)
      ON CONFLICT (client, day) DO UPDATE SET entries = entries + excluded.entries RETURNING entries`);
    await database.close();
    const again = await store.open();
    expect(await again.read((tables) => tables.selectFrom('feedback').select('card').execute())).toHaveLength(2);
  });
});
