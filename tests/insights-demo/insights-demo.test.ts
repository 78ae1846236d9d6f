import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readInsights } from '../../src/feedback/insights/read-insights.ts';
import { openDatabase } from '../../src/feedback/store/open-database.ts';
import { loadGuidelines } from '../../src/guidelines.ts';
import { fillStore } from '../../src/insights-demo/fill-store.ts';

const DEMO = fileURLToPath(new URL('../../src/insights-demo/insights-demo.ts', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'insights-demo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [DEMO, ...args], {
    env: { PATH: process.env['PATH'], TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  return { child, output, ended: once(child, 'close') };
}

test('The demo fills a store, serves the insights of it, and leaves nothing behind', async () => {
  const { child, output, ended } = start('--days', '7');
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', () => {
        const found = /http:\S+\/insights\S*/.exec(output.stdout)?.[0];
        if (found !== undefined) resolve(found);
      });
      child.once('close', () => reject(new Error(`It ended: ${output.stderr}`)));
    });
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('University Hospital (made up)');
    expect(readdirSync(folder)).toHaveLength(1);
  } finally {
    child.kill('SIGINT');
  }
  expect(await ended).toEqual([0, null]);
  expect(output.stderr).toBe('');
  expect(readdirSync(folder)).toEqual([]);
});

test.each([['--days', 'many'], ['--days=0'], ['--nights', '3']])('It does not understand %s %s', async (...args) => {
  const { output, ended } = start(...args);
  expect(await ended).toEqual([2, null]);
  expect(output.stderr).toContain('Usage: npm run insights:demo');
});

test('What is made up is of the cards that there are, the second version doing better, and one in shadow', async () => {
  const database = await openDatabase(`sqlite:${join(folder, 'made-up.db')}`);
  try {
    const guideline = loadGuidelines().standard;
    await fillStore(database, guideline, { last: '2026-11-22', days: 100 });
    const report = await readInsights(
      database,
      { from: '2026-08-01', to: '2026-11-22', client: undefined, service: undefined },
      {
        titleOf: (cardId) => guideline.cards.find(({ file }) => file.id === cardId)?.file.title,
        displayOf: (_system, code) =>
          guideline.cards.flatMap(({ overrideReasons }) => overrideReasons).find((reason) => reason.code === code)
            ?.display,
        ownReasonOf: () => undefined,
      },
    );
    const versions = report.cards.filter(({ cardId }) => cardId === 'baseline-brain-mri');
    const [old, current] = versions.toSorted((a, b) => (a.version < b.version ? -1 : 1));
    expect(current?.version).toBe(guideline.cards.find(({ file }) => file.id === 'baseline-brain-mri')?.file.version);
    expect(current?.accepted.interval?.[0]).toBeGreaterThan(old?.accepted.interval?.[1] ?? 1);
    expect(report.trends.flatMap((trend) => trend.versions)).not.toEqual([]);
    for (const { title, cardId } of [...report.cards, ...report.shadow]) expect(title).not.toBe(cardId);
    for (const { display } of report.reasons) expect(display).toBeDefined();
    expect(report.shadow.length).toBeGreaterThan(0);
    expect(report.byClient).toHaveLength(3);
    expect(report.health.latency.p95).toBeDefined();
    expect(report.cards.some(({ isFlagged }) => isFlagged)).toBe(true);
  } finally {
    await database.close();
  }
});
