import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ExportError, exportFiles } from '../../src/backtest/export-files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'export-files-'));
  mkdirSync(join(folder, 'deep', 'deeper'), { recursive: true });
  mkdirSync(join(folder, '.hidden'));
  mkdirSync(join(folder, 'none'));
  for (const name of [
    'b.ndjson',
    'A.jsonl',
    'manifest.json',
    'deep/deeper/c.NDJSON',
    '.d.ndjson',
    '.hidden/e.ndjson',
    'part-0001',
  ])
    writeFileSync(join(folder, name), '{}\n');
  writeFileSync(join(folder, 'deep', 'f.ndjson.gz'), gzipSync('{}\n'));
  // Named as if it were compressed, and is not.
  writeFileSync(join(folder, 'deep', 'g.ndjson.gz'), '{}\n');
  symlinkSync(join(folder, 'b.ndjson'), join(folder, 'linked.ndjson'));
  symlinkSync(folder, join(folder, 'deep', 'back'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function found(...named: readonly string[]): readonly string[] {
  return exportFiles(named).map(({ path }) => relative(folder, path));
}

describe('the files of an export', () => {
  test('are what is called so in its folder and all folders below, in one order', () => {
    expect(found(folder)).toEqual([
      'A.jsonl',
      'b.ndjson',
      'deep/deeper/c.NDJSON',
      'deep/f.ndjson.gz',
      'deep/g.ndjson.gz',
      'linked.ndjson',
    ]);
  });

  test('are the named ones, whatever they are called, each once', () => {
    expect(found(join(folder, 'part-0001'), join(folder, 'b.ndjson'), join(folder, 'deep', '..', 'b.ndjson'))).toEqual([
      'part-0001',
      'b.ndjson',
    ]);
  });

  test('are compressed if they begin so', () => {
    const gzips = exportFiles([folder]).filter(({ isGzip }) => isGzip);
    expect(gzips.map(({ path }) => relative(folder, path))).toEqual(['deep/f.ndjson.gz']);
  });

  test('are missed where there are none', () => {
    expect(() => exportFiles([join(folder, 'none')])).toThrow(ExportError);
    expect(() => exportFiles([join(folder, 'none')])).toThrow(/No \.ndjson, .* in .*none/);
    expect(() => exportFiles([join(folder, 'missing')])).toThrow(/missing cannot be read \(ENOENT\)/);
  });
});
