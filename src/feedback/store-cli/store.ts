import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { countRecords, deleteRecords, type RecordCounts, type RecordFilter } from '../store/delete-records.ts';
import { DEFAULT_DATABASE_URL, openDatabase, sqliteFile } from '../store/open-database.ts';
import { backUp } from './back-up.ts';
import { check } from './check.ts';
import { describeStore } from './describe-store.ts';

const USAGE = `The store of feedback and showings, as DATABASE_URL says (${DEFAULT_DATABASE_URL}):

  npm run store -- info                       what is in it
  npm run store -- check                      is it whole?
  npm run store -- backup FILE                a copy of an SQLite file, while the service runs
  npm run store -- delete --before 2026-01-31 deletes feedback, showings and tallies of earlier days (UTC)
  npm run store -- delete --client NAME       deletes those of a client
                                              Both say how much it is; with --yes they delete it.
`;

/** What was asked for is not understood. */
class UsageError extends Error {}

try {
  const said = await run(process.argv.slice(2), process.env['DATABASE_URL'] ?? DEFAULT_DATABASE_URL);
  process.stdout.write(`${said}\n`);
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}

async function run(args: readonly string[], url: string): Promise<string> {
  const command = commandOf(args);
  const file = sqliteFile(url);
  // To look for a file must not make it.
  if (file !== undefined && !existsSync(file)) throw new Error(`${file}: there is no such file.`);
  return command(url);
}

/** @throws {UsageError} if it is not understood; nothing is done by then. */
function commandOf(args: readonly string[]): (url: string) => Promise<string> {
  const { positionals, values } = parse(args);
  const [command, ...operands] = positionals;
  const [target] = operands;
  if (command === 'delete' && target === undefined) {
    const filter = filterOf(values);
    return (url) => deleteFrom(url, filter, values.yes ?? false);
  }
  if (Object.keys(values).length > 0) throw new UsageError(USAGE);
  if (command === 'backup' && target !== undefined && operands.length === 1) return (url) => backUp(url, target);
  if (command === 'info' && target === undefined) return describeStore;
  if (command === 'check' && target === undefined) return check;
  throw new UsageError(USAGE);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { before: { type: 'string' }, client: { type: 'string' }, yes: { type: 'boolean' } },
    });
  } catch {
    throw new UsageError(USAGE);
  }
}

function filterOf({ before, client }: { readonly before?: string; readonly client?: string }): RecordFilter {
  if (before !== undefined && !isDay(before))
    throw new UsageError(`--before must be a day such as 2026-01-31, not ${before}.`);
  if (before !== undefined) return { beforeDay: before, ...(client === undefined ? {} : { client }) };
  if (client !== undefined) return { client };
  throw new UsageError(USAGE);
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

async function deleteFrom(url: string, filter: RecordFilter, isMeant: boolean): Promise<string> {
  const database = await openDatabase(url);
  try {
    if (isMeant) return `Deleted: ${inWords(await deleteRecords(database, filter))}.`;
    return `This would delete ${inWords(await countRecords(database, filter))}. Nothing was deleted; to do it, add --yes.`;
  } finally {
    await database.close();
  }
}

function inWords({ feedback, showings, tallies }: RecordCounts): string {
  return `${feedback} entries of feedback, ${showings} showings and ${tallies} tallies`;
}
