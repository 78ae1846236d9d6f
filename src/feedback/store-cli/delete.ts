import { resolve } from 'node:path';
import { countRecords, deleteRecords, type RecordCounts, type RecordFilter } from '../store/delete-records.ts';
import { emptyLog } from '../store/empty-log.ts';
import { openDatabase, sqliteFile } from '../store/open-database.ts';
import { lookIntoStore, STATEMENT_MS } from './look-into-store.ts';

/**
 * Says how much would be deleted; the database is left as it is.
 *
 * @throws {Error} if it cannot be looked into, with one sentence for the operator.
 */
export function sayWhatIsDeleted(url: string, filter: RecordFilter): Promise<string> {
  return lookIntoStore(url, async ({ tables }) => {
    const counts = await countRecords(tables, filter);
    return `This would delete ${inWords(counts)}. Nothing was deleted; to do it, add --yes.`;
  });
}

/**
 * Deletes, and says how much it was.
 *
 * @throws {Error} if it could not go on; what was deleted until then stays deleted.
 */
export async function deleteFromStore(url: string, filter: RecordFilter): Promise<string> {
  const database = await openDatabase(url, { statementMs: STATEMENT_MS });
  try {
    const said = `Deleted: ${inWords(await deleteRecords(database, filter))}.`;
    if (await emptyLog(database)) return said;
    const log = `${resolve(sqliteFile(url) ?? '')}-wal`;
    return `${said}\nIt can still be read in ${log}, since another process reads the database: give the same command again.`;
  } finally {
    await database.close();
  }
}

function inWords({ feedback, showings, tallies }: RecordCounts): string {
  return `${feedback} entries of feedback, ${showings} showings and ${tallies} tallies`;
}
