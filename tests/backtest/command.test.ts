import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WITH_ASPS, writeSyntheticExport } from './synthetic-export.ts';

let folder: string;
let source: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backtest-command-'));
  source = join(folder, 'export');
  writeSyntheticExport(source);
});
afterAll(() => rmSync(folder, { recursive: true }));

const LONG = 120_000;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user does; its temporary folders are made in ours. */
function backtest(args: readonly string[], onStarted: (child: ChildProcess) => void = () => {}): Promise<Ended> {
  const child = spawn(process.execPath, ['src/backtest/backtest.ts', ...args], {
    env: { ...process.env, TMPDIR: folder, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  onStarted(child);
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
}

function workFolders(): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith('asps-backtest-'));
}

describe('the command', () => {
  test(
    'writes its reports, names nobody, and leaves nothing behind',
    async () => {
      const [json, html] = [join(folder, 'report.json'), join(folder, 'report.html')];
      const { status, stdout, stderr } = await backtest([source, '--json', json, '--html', html]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ patients: WITH_ASPS.length });
      expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/i);
      for (const id of WITH_ASPS)
        for (const text of [stdout, readFileSync(json, 'utf8'), readFileSync(html, 'utf8')])
          expect(text).not.toMatch(new RegExp(`\\b${id}\\b`));
      expect(workFolders()).toEqual([]);
    },
    LONG,
  );

  test(
    'writes reports with ids for nobody else to read, and JSON alone to standard output',
    async () => {
      const html = join(folder, 'with-ids.html');
      writeFileSync(html, 'older', { mode: 0o644 });
      const { status, stdout } = await backtest([source, '--json', '--ids', '--html', html]);
      expect(status).toBe(0);
      expect(Object.keys((JSON.parse(stdout) as { readonly ids: object }).ids).toSorted()).toEqual(
        WITH_ASPS.toSorted(),
      );
      expect(statSync(html).mode & 0o077).toBe(0);
    },
    LONG,
  );

  test(
    'names nobody on a standard output that may be a log, and says so before it begins',
    async () => {
      const html = join(folder, 'for-ids.html');
      const { status, stdout } = await backtest([source, '--ids', '--html', html]);
      expect(status).toBe(0);
      expect(readFileSync(html, 'utf8')).toContain(WITH_ASPS[0]);
      expect(stdout).toContain('patients with ASPS');
      for (const id of WITH_ASPS) expect(stdout).not.toMatch(new RegExp(`\\b${id}\\b`));
      const nowhere = await backtest([source, '--ids']);
      expect([nowhere.status, nowhere.stdout]).toEqual([2, '']);
      expect(nowhere.stderr).toContain('--ids needs --json or --html');
      expect(workFolders()).toEqual([]);
    },
    LONG,
  );

  test(
    'refuses a report that cannot be written before the work, and a day that has not come',
    async () => {
      const asFolder = await backtest([source, '--json', source]);
      expect([asFolder.status, asFolder.stderr]).toEqual([2, expect.stringContaining('is a folder')]);
      const ahead = await backtest([source, '--as-of', '2025-01-01,9998-01-01']);
      expect([ahead.status, ahead.stderr]).toEqual([2, expect.stringContaining('9998-01-01 has not come yet')]);
    },
    LONG,
  );

  test(
    'leaves nothing in a folder that is its own export, and no folder of its own behind',
    async () => {
      const files = readdirSync(source);
      expect(await backtest([source, '--work', source])).toMatchObject({ status: 4 });
      expect(await backtest([folder])).toMatchObject({ status: 4 });
      expect(readdirSync(source)).toEqual(files);
      expect(workFolders()).toEqual([]);
    },
    LONG,
  );

  test(
    'says when it is interrupted how to go on, and goes on',
    async () => {
      const interrupted = await backtest([source], (child) => {
        const timer = setInterval(() => {
          const [work] = workFolders();
          if (work === undefined || !existsSync(join(folder, work, 'plan.json'))) return;
          clearInterval(timer);
          child.kill('SIGINT');
        }, 10);
        child.on('exit', () => clearInterval(timer));
      });
      const [work = ''] = workFolders();
      expect(interrupted).toMatchObject({ status: 130, stdout: '' });
      expect(interrupted.stderr).toContain(`with --work ${join(folder, work)}`);
      const { status } = await backtest([source, '--work', join(folder, work)]);
      expect({ status, left: workFolders() }).toEqual({ status: 0, left: [] });
    },
    LONG,
  );

  test.each([
    [['--help'], 0, /^$/],
    [[], 2, /Which export\?/],
    [['export', '--json', '/nowhere/report.json'], 2, /cannot be written/],
    [['/nowhere/export'], 3, /\/nowhere\/export cannot be read \(ENOENT\)/],
  ])('%j ends with %i', async (args, status, message) => {
    const ended = await backtest(args);
    expect(ended.status).toBe(status);
    expect(ended.stderr).toMatch(message);
    expect(workFolders()).toEqual([]);
  });

  test(
    'refuses an overlay that is none, and a stage before its time',
    async () => {
      expect(await backtest([source, '--overlay', join(folder, 'nothing')])).toMatchObject({ status: 2 });
      const early = await backtest([source, '--work', join(folder, 'early'), '--stage', 'collect']);
      expect(early.status).toBe(4);
      expect(early.stderr).toMatch(/The stage find is not complete/);
    },
    LONG,
  );
});
