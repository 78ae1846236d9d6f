import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GuidelineError } from '../guideline/load.ts';
import { watchInterrupts } from '../terminal/interrupts.ts';
import { progressBar } from '../terminal/progress-bar.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { type BacktestArguments, parseBacktestArguments, USAGE } from './arguments.ts';
import { clearWorkFolder } from './clear-work-folder.ts';
import { ExportError } from './export-files.ts';
import { faultOf } from './fault.ts';
import { plainJson, plainText } from './plain-text.ts';
import type { BacktestReport } from './report-form.ts';
import { reportHtml } from './report-html.ts';
import { reportText } from './report-text.ts';
import { runBacktest } from './run.ts';
import { stageProgress } from './stage-progress.ts';
import { temporaryWorkFolder, WorkFolderError, writeWhole } from './work-folder.ts';
import { WorkError } from './worker-pool.ts';

const EXIT = { done: 0, failed: 1, usage: 2, noExport: 3, noWorkFolder: 4 } as const;

// A pipe that nobody reads any more must not end the run.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const asked = parseBacktestArguments(args, process.env);
    if (asked === undefined) {
      process.stdout.write(USAGE);
      return EXIT.done;
    }
    requireWritable(asked);
    requirePlaceForIds(asked);
    requirePast(asked);
    return await run(asked);
  } catch (error) {
    if (!(error instanceof UsageError)) return said(EXIT.failed, faultOf(error));
    return said(EXIT.usage, `${error.message}\n\n${USAGE}`);
  }
}

async function run(asked: BacktestArguments): Promise<number> {
  const folder = resolve(asked.work ?? temporaryWorkFolder());
  const bar = progressBar(true, 'Interrupted');
  const interrupts = watchInterrupts(process, (status) => process.exit(status));
  try {
    const report = await runBacktest(asked, {
      folder,
      day: today(),
      signal: interrupts.signal,
      watch: stageProgress(bar),
    });
    bar.stop();
    if (report === undefined) return EXIT.done;
    tell(asked, report);
    if (!asked.keep) clearWorkFolder(folder);
    return EXIT.done;
  } catch (error) {
    bar.stop();
    const status = interrupts.status();
    return status === undefined ? failed(error, asked, folder) : said(status, interruption(asked, folder));
  } finally {
    interrupts.release();
  }
}

function failed(error: unknown, asked: BacktestArguments, folder: string): number {
  // A folder of our own making in which nothing is worth going on with.
  const forget = () => {
    if (asked.work === undefined) clearWorkFolder(folder);
  };
  if (error instanceof ExportError || error instanceof GuidelineError) {
    forget();
    return said(error instanceof ExportError ? EXIT.noExport : EXIT.usage, error.message);
  }
  if (error instanceof WorkFolderError) {
    forget();
    return said(EXIT.noWorkFolder, error.message);
  }
  const message = error instanceof WorkError ? error.message : faultOf(error);
  return said(EXIT.failed, `${message}\n${goingOn(asked, folder)}`);
}

function interruption(asked: BacktestArguments, folder: string): string {
  return `Interrupted. ${goingOn(asked, folder)}`;
}

function goingOn({ work }: BacktestArguments, folder: string): string {
  return work === undefined
    ? `To go on where it was, run the same again with --work ${folder}. That folder holds patient data: remove it if you do not.`
    : `To go on where it was, run the same again. ${folder} holds patient data.`;
}

/**
 * The report where it was asked for; in words, unless standard output is the JSON document's. Words go to logs: they name patients
 * on a terminal alone, and only if no file is there to do it.
 */
function tell({ json, html, ids }: BacktestArguments, report: BacktestReport): void {
  const document = `${plainJson(report)}\n`;
  const { ids: _ids, ...counts } = report;
  if (json === '-') process.stdout.write(document);
  else process.stdout.write(reportText(json === undefined && html === undefined && isTerminal() ? report : counts));
  if (json !== undefined && json !== '-') writeReport(json, document, ids);
  if (html !== undefined) writeReport(html, reportHtml(report), ids);
}

/** One with ids is for whoever ran this, and for nobody else. */
function writeReport(path: string, content: string, ids: boolean): void {
  if (ids) writeWhole(path, content);
  else writeFileSync(path, content);
}

/** Said before the work of hours, not after it. */
function requireWritable({ json, html }: BacktestArguments): void {
  for (const path of [json, html]) {
    if (path === undefined || path === '-') continue;
    try {
      accessSync(dirname(resolve(path)), constants.W_OK);
      if (existsSync(path)) accessSync(path, constants.W_OK);
    } catch {
      throw new UsageError(
        `${path} cannot be written: its folder does not exist, or one of the two may not be written to`,
      );
    }
    if (existsSync(path) && statSync(path).isDirectory()) throw new UsageError(`${path} is a folder: name a file`);
  }
}

/** Said before the work, too. */
function requirePlaceForIds({ ids, json, html, stage }: BacktestArguments): void {
  const isReport = stage === undefined || stage === 'merge';
  if (!ids || !isReport || json !== undefined || html !== undefined || isTerminal()) return;
  throw new UsageError('--ids needs --json or --html where standard output is no terminal: it may be a log');
}

/** What is not known yet would look as if it were. */
function requirePast({ asOf = [] }: BacktestArguments): void {
  const ahead = asOf.find((day) => day > today());
  if (ahead !== undefined)
    throw new UsageError(`--as-of ${ahead} has not come yet: the latest day is today, ${today()} (UTC)`);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function isTerminal(): boolean {
  return process.stdout.isTTY;
}

function said(status: number, message: string): number {
  process.stderr.write(`${plainText(message.trimEnd())}\n`);
  return status;
}
