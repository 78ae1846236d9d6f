import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/**
 * The database behind the store: one SQLite file, or a PostgreSQL server. Whatever fails rejects with a `FeedbackStoreError`;
 * while a server does not answer, everything is refused at once for a while, so that nobody waits for it again and again.
 */
export interface Database {
  readonly kind: 'sqlite' | 'postgres';
  /** One transaction, all or nothing, on disk before it resolves: it survives a power cut. */
  write<Result>(work: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result>;
  /** Without waiting for the disk: what is written survives the end of the process, and may be lost in a power cut. */
  writeQuickly<Result>(work: (tables: Kysely<Tables>) => Promise<Result>): Promise<Result>;
  read<Result>(work: (tables: Kysely<Tables>) => Promise<Result>): Promise<Result>;
  /** Could it be read now? */
  isReachable(): Promise<boolean>;
  /** Resolves when what is under way is written. */
  close(): Promise<void>;
}
