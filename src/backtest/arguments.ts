import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { UsageError } from '../terminal/usage-error.ts';
import { type Shard, WHOLE } from './run-stages.ts';
import { STAGES, type Stage } from './stages.ts';

/** What `npm run backtest` was asked to do. */
export interface BacktestArguments {
  readonly inputs: readonly string[];
  /** `YYYY-MM-DD`, in order, each once; undefined: the day on which the work begins. */
  readonly asOf: readonly string[] | undefined;
  /** A file, or `-` for standard output. */
  readonly json: string | undefined;
  readonly html: string | undefined;
  readonly ids: boolean;
  readonly work: string | undefined;
  readonly keep: boolean;
  /** Undefined: all stages and the report. */
  readonly stage: Stage | 'merge' | undefined;
  readonly shard: Shard;
  readonly overlay: string | undefined;
  /** 0: no limit. */
  readonly maxCards: number;
  readonly workers: number;
}

/** What `npm run backtest` understands. */
export const USAGE = `Usage: npm run -s backtest -- <folder or file>… [options]

What would the cards have said? Reads a FHIR R4 Bulk Data export – NDJSON, plain or gzip; of folders
what is called .ndjson or .jsonl, with .gz or without – finds the patients with ASPS, evaluates
patient-view for each, and counts. Nothing leaves this machine.

  --as-of <days>     as of these days, YYYY-MM-DD with commas between (today)
  --json [<file>]    the report as JSON, to a file or, without one or with "-", to standard output
  --html <file>      the report as a page with plots
  --ids              the report names the patients by their ids, and may be read by you alone: the files
                     of --json and --html do, the words only on a terminal and without such a file
  --max-cards <n>    cards that a call may show at once, as MAX_CARDS (4; 0 for no limit)
  --overlay <dir>    a site's overlay, as OVERLAY_DIR
  --workers <n>      threads (one for each core)
  --work <dir>       the working folder, new or empty and apart from the export: a run that was
                     interrupted goes on where it was when it is started again with the same one. It
                     holds patient data until the end
  --keep             leaves the working folder as it is at the end
  --stage <stage>    one stage alone: find, collect, medications, evaluate, and merge for the report
  --shard <i/n>      of that stage every n-th piece from the i-th on, counted from 0; "/n" takes i from
                     JOB_COMPLETION_INDEX
  --help             this text

Exit status: 0 done, 1 failed, 2 not understood, 3 the export cannot be read, 4 the working folder cannot
be used; 129, 130, 143 interrupted.
`;

const OPTIONS = {
  'as-of': { type: 'string' },
  json: { type: 'string' },
  html: { type: 'string' },
  ids: { type: 'boolean' },
  'max-cards': { type: 'string' },
  overlay: { type: 'string' },
  workers: { type: 'string' },
  work: { type: 'string' },
  keep: { type: 'boolean' },
  stage: { type: 'string' },
  shard: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const MAX_CARDS = 4;
const MOST_WORKERS = 256;
const MOST_SHARDS = 100_000;

/**
 * Reads the command line and `JOB_COMPLETION_INDEX`; undefined when help was asked for.
 *
 * @throws {UsageError} that says what to type instead
 */
export function parseBacktestArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): BacktestArguments | undefined {
  const { values, positionals: inputs } = parsedOrUsage(withJsonValue(args));
  if (values.help === true) return undefined;
  if (inputs.length === 0) throw new UsageError('Which export? Name its folder or its files');
  const stage = values.stage === undefined ? undefined : stageNamed(values.stage);
  if (stage !== undefined && values.work === undefined)
    throw new UsageError('--stage needs --work: the stages hand their results on in there');
  if (values.shard !== undefined && (stage === undefined || stage === 'merge'))
    throw new UsageError(`--shard goes with --stage ${STAGES.join(', ')}`);
  const isReport = stage === undefined || stage === 'merge';
  if (!isReport && (values.json ?? values.html) !== undefined)
    throw new UsageError('--json and --html go with --stage merge, or without --stage');
  return {
    inputs,
    asOf: values['as-of'] === undefined ? undefined : daysIn(values['as-of']),
    json: values.json,
    html: values.html,
    ids: values.ids === true,
    work: values.work,
    keep: values.keep === true,
    stage,
    shard: values.shard === undefined ? WHOLE : shardNamed(values.shard, env['JOB_COMPLETION_INDEX']),
    overlay: values.overlay ?? (env['OVERLAY_DIR'] || undefined),
    maxCards: values['max-cards'] === undefined ? MAX_CARDS : count(values['max-cards'], '--max-cards', 0, 1000),
    workers:
      values.workers === undefined ? availableParallelism() : count(values.workers, '--workers', 1, MOST_WORKERS),
  };
}

/** `--json` may stand without a file: before another option or at the end it means standard output. */
function withJsonValue(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, at) => {
    const next = args[at + 1];
    return arg === '--json' && (next === undefined || next.startsWith('--')) ? ['--json=-'] : [arg];
  });
}

function stageNamed(text: string): Stage | 'merge' {
  const stage = [...STAGES, 'merge' as const].find((name) => name === text);
  if (stage === undefined) throw new UsageError(`--stage takes one of ${STAGES.join(', ')} and merge`);
  return stage;
}

function shardNamed(text: string, completionIndex: string | undefined): Shard {
  const [, own = '', all = ''] = /^(\d{0,6})\/(\d{1,6})$/.exec(text) ?? [];
  const index = own === '' ? (completionIndex ?? '') : own;
  const shard = { index: Number(index), of: Number(all) };
  if (/^\d{1,6}$/.test(index) && shard.of >= 1 && shard.of <= MOST_SHARDS && shard.index < shard.of) return shard;
  throw new UsageError('--shard takes i/n with i from 0 to n - 1, or /n with i in JOB_COMPLETION_INDEX');
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function daysIn(text: string): readonly string[] {
  const days = [...new Set(text.split(',').map((day) => day.trim()))].toSorted();
  if (days.every(isDay)) return days;
  throw new UsageError('--as-of takes days as YYYY-MM-DD, with commas between');
}

function isDay(text: string): boolean {
  const instant = new Date(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

function count(text: string, option: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}`);
}

function parsedOrUsage(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
