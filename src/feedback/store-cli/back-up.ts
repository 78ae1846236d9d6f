import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { sqliteFile } from '../store/open-database.ts';
import { examineFile } from '../store/sqlite-file.ts';

/**
 * Copies an SQLite file as it is at one moment, while the service goes on writing to it. The copy is on disk and was found whole before
 * this resolves; no other account may read it.
 *
 * @throws {Error} with one sentence for the operator: what there is already is not overwritten, and PostgreSQL has its own command.
 */
export async function backUp(url: string, target: string): Promise<string> {
  const file = sqliteFile(url);
  if (file === undefined) {
    throw new Error(
      `Nothing was copied. PostgreSQL has its own command, with the password in a file of services: pg_dump --format=custom --file=${target} service=asps. docs/operators.md says more.`,
    );
  }
  const path = resolve(file);
  const copy = resolve(target);
  examineFile(path);
  makeEmpty(copy);
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      await backup(database, copy);
    } finally {
      database.close();
    }
    makeOneFile(copy);
    examineFile(copy);
    sync(copy);
    return `${copy}: the copy is there, and whole.`;
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
}

function makeEmpty(copy: string): void {
  try {
    closeSync(openSync(copy, 'wx', 0o600));
  } catch (error) {
    const exists = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
    throw new Error(exists ? `${copy}: there is a file already.` : `${copy}: it cannot be written.`, { cause: error });
  }
}

/** Without a write-ahead log the copy is one file alone, to be carried wherever it is needed. */
function makeOneFile(copy: string): void {
  const database = new DatabaseSync(copy);
  try {
    database.exec('PRAGMA journal_mode = DELETE');
  } finally {
    database.close();
  }
}

function sync(copy: string): void {
  const descriptor = openSync(copy, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
