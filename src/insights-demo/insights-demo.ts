import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../feedback/store/open-database.ts';
import { loadGuidelines } from '../guidelines.ts';
import { fillStore } from './fill-store.ts';
import { runService } from './run-service.ts';

/** About half a year. */
const DAYS = 182;
const USAGE = `Usage: npm run insights:demo -- [--days N] [--port N]

Makes up showings of cards and feedback on them, and serves /insights on it until it is interrupted. Nothing is left behind.

  --days N   how many days until today; default is ${DAYS}
  --port N   where the service listens; default is any free port
`;

const asked = readArguments(process.argv.slice(2));
if (asked === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else await run(asked);

interface Asked {
  readonly days: number;
  readonly port: number;
}

/** Undefined if they cannot be understood. */
function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { days: { type: 'string' }, port: { type: 'string' } } });
    const [days, port] = [Number(values.days ?? DAYS), Number(values.port ?? 0)];
    const isUsable = Number.isInteger(days) && days >= 1 && days <= 3650 && Number.isInteger(port) && port >= 0;
    return isUsable ? { days, port } : undefined;
  } catch {
    return undefined;
  }
}

async function run({ days, port }: Asked): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  const { signal } = interrupted;
  const folder = mkdtempSync(join(tmpdir(), 'asps-insights-'));
  const databaseUrl = `sqlite:${join(folder, 'made-up.db')}`;
  try {
    process.stdout.write(`Making up ${days} days of showings and feedback …\n`);
    const database = await openDatabase(databaseUrl);
    try {
      const last = new Date().toISOString().slice(0, 10);
      await fillStore(database, loadGuidelines().standard, { last, days, signal });
    } finally {
      await database.close();
    }
    if (!signal.aborted) await serve(databaseUrl, port, signal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Until it is interrupted, or the service ends by itself. */
async function serve(databaseUrl: string, port: number, signal: AbortSignal): Promise<void> {
  const service = runService({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'error', PORT: String(port) });
  signal.addEventListener('abort', () => service.stop(), { once: true });
  const url = await service.url;
  if (url !== undefined) {
    process.stdout.write(
      `\n  ${url}/insights?days=365\n\nAll of it is made up. Ctrl-C ends the service and deletes the data.\n`,
    );
  }
  await service.ended;
  if (!signal.aborted) {
    process.stderr.write('The service ended.\n');
    process.exitCode = 1;
  }
}
