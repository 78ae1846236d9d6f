import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Database } from '../database.ts';
import { columnTypes } from './column-types.ts';

/**
 * What the first version kept. Its SQLite files have these tables, and no list of migrations: to them it adds nothing but what an
 * early one of them lacks. It is never changed.
 */
export function feedback(kind: Database['kind']): Migration {
  const { text, count, strict, strictByKey } = columnTypes(kind);

  return {
    async up({ schema: all }: Kysely<unknown>) {
      // In PostgreSQL a table that is there already is somebody else's.
      const create = (name: string) =>
        kind === 'sqlite' ? all.createTable(name).ifNotExists() : all.createTable(name);
      const createIndex = (name: string) =>
        kind === 'sqlite' ? all.createIndex(name).ifNotExists() : all.createIndex(name);

      await strict(
        create('feedback')
          .addColumn('id', count, (column) =>
            kind === 'sqlite' ? column.primaryKey() : column.primaryKey().generatedByDefaultAsIdentity(),
          )
          .addColumn('digest', text, (column) => column.notNull().unique())
          .addColumn('client', text)
          .addColumn('service', text, (column) => column.notNull())
          .addColumn('card', text, (column) => column.notNull())
          .addColumn('outcome', text, (column) => column.notNull().check(sql`outcome in ('accepted', 'overridden')`))
          .addColumn('outcome_timestamp', text, (column) => column.notNull())
          .addColumn('has_comment', 'integer', (column) => column.notNull().check(sql`has_comment in (0, 1)`))
          .addColumn('received_at', text, (column) => column.notNull()),
      ).execute();
      await createIndex('feedback_by_card').on('feedback').column('card').execute();

      await strict(
        create('accepted_suggestion')
          .addColumn('feedback', count, (column) => column.notNull().references('feedback.id'))
          .addColumn('suggestion', text, (column) => column.notNull()),
      ).execute();
      await createIndex('accepted_suggestion_by_feedback').on('accepted_suggestion').column('feedback').execute();

      await strict(
        create('override_reason')
          .addColumn('feedback', count, (column) => column.notNull().references('feedback.id'))
          .addColumn('system', text)
          .addColumn('code', text, (column) => column.notNull()),
      ).execute();
      await createIndex('override_reason_by_feedback').on('override_reason').column('feedback').execute();

      // Counted along, since to count them anew would take longer with each. In open mode the client is ''.
      await strictByKey(
        create('received')
          .addColumn('client', text, (column) => column.notNull())
          .addColumn('day', text, (column) => column.notNull())
          .addColumn('entries', count, (column) => column.notNull())
          .addPrimaryKeyConstraint('received_key', ['client', 'day']),
      ).execute();
    },
  };
}
