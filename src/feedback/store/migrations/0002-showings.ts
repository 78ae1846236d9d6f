import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Database } from '../database.ts';
import { columnTypes } from './column-types.ts';

/** What went out, what is counted, and what the processes of one service share. It leaves the tables of before as they were. */
export function showings(kind: Database['kind']): Migration {
  const { text, count, strict, strictByKey } = columnTypes(kind);

  return {
    async up({ schema }: Kysely<unknown>) {
      await strict(
        schema
          .createTable('feedback_comment')
          .addColumn('feedback', count, (column) => column.notNull().references('feedback.id'))
          .addColumn('comment', text, (column) => column.notNull())
          .addColumn('delete_after', text, (column) => column.notNull()),
      ).execute();
      await schema.createIndex('feedback_comment_by_feedback').on('feedback_comment').column('feedback').execute();
      await schema.createIndex('feedback_comment_by_end').on('feedback_comment').column('delete_after').execute();
      await schema.createIndex('feedback_by_time').on('feedback').column('received_at').execute();

      await strictByKey(
        schema
          .createTable('showing')
          .addColumn('card', text, (column) => column.notNull().primaryKey())
          .addColumn('card_id', text, (column) => column.notNull())
          .addColumn('card_version', text, (column) => column.notNull())
          .addColumn('state', text, (column) => column.notNull().check(sql`state in ('shown', 'shadow')`))
          .addColumn('indicator', text, (column) =>
            column.notNull().check(sql`indicator in ('info', 'warning', 'critical')`),
          )
          .addColumn('client', text)
          .addColumn('service', text, (column) => column.notNull())
          .addColumn('hook_instance', text, (column) => column.notNull())
          .addColumn('shown_at', text, (column) => column.notNull()),
      ).execute();
      await schema.createIndex('showing_by_time').on('showing').column('shown_at').execute();
      await schema
        .createIndex('showing_by_version')
        .on('showing')
        .columns(['card_id', 'card_version', 'shown_at'])
        .execute();

      await strictByKey(
        schema
          .createTable('offered_suggestion')
          .addColumn('suggestion', text, (column) => column.notNull().primaryKey())
          .addColumn('card', text, (column) => column.notNull().references('showing.card'))
          .addColumn('position', 'integer', (column) => column.notNull()),
      ).execute();
      await schema.createIndex('offered_suggestion_by_card').on('offered_suggestion').column('card').execute();

      await strictByKey(
        schema
          .createTable('tally')
          .addColumn('day', text, (column) => column.notNull())
          .addColumn('client', text, (column) => column.notNull())
          .addColumn('service', text, (column) => column.notNull())
          .addColumn('measure', text, (column) => column.notNull())
          .addColumn('subject', text, (column) => column.notNull())
          .addColumn('count', count, (column) => column.notNull())
          .addPrimaryKeyConstraint('tally_key', ['day', 'client', 'service', 'measure', 'subject']),
      ).execute();
      await schema.createIndex('tally_by_subject').on('tally').columns(['measure', 'subject', 'day']).execute();

      await strictByKey(
        schema
          .createTable('used_jti')
          .addColumn('digest', text, (column) => column.notNull().primaryKey())
          .addColumn('expires_at', count, (column) => column.notNull()),
      ).execute();
      await schema.createIndex('used_jti_by_end').on('used_jti').column('expires_at').execute();

      await strictByKey(
        schema
          .createTable('rate_window')
          .addColumn('key', text, (column) => column.notNull().primaryKey())
          .addColumn('hits', count, (column) => column.notNull())
          .addColumn('resets_at', count, (column) => column.notNull()),
      ).execute();

      await strictByKey(
        schema
          .createTable('instance')
          .addColumn('id', text, (column) => column.notNull().primaryKey())
          .addColumn('started_at', text, (column) => column.notNull())
          .addColumn('seen_at', text, (column) => column.notNull())
          .addColumn('version', text, (column) => column.notNull())
          .addColumn('settings', text, (column) => column.notNull()),
      ).execute();
    },
  };
}
