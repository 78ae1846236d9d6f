import { existsSync } from 'node:fs';
import { UsageError } from '../../terminal/usage-error.ts';
import { DEFAULT_DATABASE_URL, sqliteFile } from '../store/open-database.ts';
import { parseStoreArguments, type StoreTask, USAGE } from './arguments.ts';
import { backUp } from './back-up.ts';
import { check } from './check.ts';
import { deleteFromStore, sayWhatIsDeleted } from './delete.ts';
import { describeStore } from './describe-store.ts';

try {
  const task = parseStoreArguments(process.argv.slice(2));
  const said = task === undefined ? USAGE : `${await run(task, process.env['DATABASE_URL'] ?? DEFAULT_DATABASE_URL)}\n`;
  process.stdout.write(said);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
  process.stderr.write(error instanceof UsageError ? `${message}\n\n${USAGE}` : `${message}\n`);
}

async function run(task: StoreTask, url: string): Promise<string> {
  const file = sqliteFile(url);
  // To look for a file must not make it.
  if (file !== undefined && !existsSync(file)) throw new Error(`${file}: there is no such file.`);
  switch (task.kind) {
    case 'info':
      return describeStore(url);
    case 'check':
      return check(url);
    case 'backup':
      return backUp(url, task.target);
    default:
      return task.isMeant ? deleteFromStore(url, task.filter) : sayWhatIsDeleted(url, task.filter);
  }
}
