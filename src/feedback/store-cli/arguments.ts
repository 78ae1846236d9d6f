import { parseArgs } from 'node:util';
import { UsageError } from '../../terminal/usage-error.ts';
import type { RecordFilter } from '../store/delete-records.ts';
import { DEFAULT_DATABASE_URL } from '../store/open-database.ts';

/** What `npm run store` was asked to do. */
export type StoreTask =
  | { readonly kind: 'info' | 'check' }
  | { readonly kind: 'backup'; readonly target: string }
  /** Without `isMeant` nothing is deleted. */
  | { readonly kind: 'delete'; readonly filter: RecordFilter; readonly isMeant: boolean };

/** What `npm run store` understands. */
export const USAGE = `The store of feedback and showings, as DATABASE_URL says (${DEFAULT_DATABASE_URL}):

  npm run store -- info                       what is in it
  npm run store -- check                      is it whole?
  npm run store -- backup FILE                a copy of an SQLite file, while the service runs
  npm run store -- delete --before 2026-01-31 deletes feedback, showings and tallies of earlier days (UTC)
  npm run store -- delete --client NAME       deletes those of a client
                                              Both say how much it is; with --yes they delete it.
  npm run store -- --help                     this text
`;

const OPTIONS = {
  before: { type: 'string' },
  client: { type: 'string' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the command line; undefined when help was asked for.
 *
 * @throws {UsageError} that says what is wrong with it.
 */
export function parseStoreArguments(args: readonly string[]): StoreTask | undefined {
  const { positionals, values } = parsedOrUsage(args);
  if (values.help === true) return undefined;
  const [command, ...operands] = positionals;
  if (command === undefined) throw new UsageError('Which command?');
  if (command === 'delete') {
    assertNoMore(command, operands);
    return { kind: 'delete', filter: filterOf(values), isMeant: values.yes ?? false };
  }
  if (command !== 'info' && command !== 'check' && command !== 'backup') {
    throw new UsageError(`There is no command ${command}.`);
  }
  const [option] = Object.keys(values);
  if (option !== undefined) throw new UsageError(`--${option} goes with delete alone.`);
  if (command !== 'backup') {
    assertNoMore(command, operands);
    return { kind: command };
  }
  const [target, ...more] = operands;
  if (target === undefined) throw new UsageError('backup needs the name of the file that is to be made.');
  assertNoMore(`${command} ${target}`, more);
  return { kind: 'backup', target };
}

function parsedOrUsage(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function assertNoMore(before: string, [more]: readonly string[]): void {
  if (more !== undefined) throw new UsageError(`${before} is followed by no ${more}.`);
}

function filterOf({ before, client }: { readonly before?: string; readonly client?: string }): RecordFilter {
  if (before !== undefined && !isDay(before)) {
    throw new UsageError(`--before must be a day such as 2026-01-31, not ${before}.`);
  }
  if (client === '') throw new UsageError('--client must be the name of a client.');
  if (before !== undefined) return { beforeDay: before, ...(client === undefined ? {} : { client }) };
  if (client !== undefined) return { client };
  throw new UsageError('delete needs --before or --client: all is not deleted.');
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
