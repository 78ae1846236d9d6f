import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { exportFiles } from '../../src/backtest/export-files.ts';
import { readUnit } from '../../src/backtest/read-unit.ts';
import { unitsOf } from '../../src/backtest/units.ts';
import { keepingLines } from './export-lines.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-unit-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function readAll(content: string | Buffer, unitBytes: number) {
  const path = join(folder, 'export.ndjson');
  writeFileSync(path, content);
  const lines: string[] = [];
  let told = 0;
  let bytes = 0;
  let isBroken = false;
  for (const unit of unitsOf(exportFiles([path]), unitBytes)) {
    const sink = keepingLines();
    const reading = await readUnit(unit, sink, (more) => {
      told += more;
    });
    lines.push(...sink.kept);
    bytes += reading.bytes;
    isBroken ||= reading.isBroken;
  }
  return { lines, told, bytes, isBroken };
}

describe('a file', () => {
  test('has the same lines in the same order, into however many units it is cut', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ' x'), minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (lines, ends, unitBytes) => {
          const content = lines.join('\n') + (ends && lines.length > 0 ? '\n' : '');
          const read = await readAll(content, unitBytes);
          expect(read.lines).toEqual(lines.filter((one) => one.trim() !== ''));
          expect(read.bytes).toBe(Buffer.byteLength(content));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is the same compressed, in one member or in several', async () => {
    const lines = Array.from({ length: 5000 }, (_, at) => `{"id":"${at}","text":"${'ü'.repeat(at % 50)}"}`);
    const content = `${lines.join('\n')}\n`;
    const [first, second] = [content.slice(0, 1234), content.slice(1234)];
    const plain = await readAll(content, 10_000);
    for (const gzip of [gzipSync(content), Buffer.concat([gzipSync(first), gzipSync(second)])]) {
      const { lines: read, bytes, isBroken } = await readAll(gzip, 10_000);
      expect({ read, bytes, isBroken }).toEqual({ read: plain.lines, bytes: plain.bytes, isBroken: false });
    }
    expect(plain.lines).toEqual(lines);
  });

  test('that breaks off or is damaged is broken, and what comes before is read', async () => {
    // What can be compressed badly, so that much of it stands before the end.
    const lines = Array.from({ length: 20_000 }, (_, at) => `{"id":"${Math.sin(at)}"}`);
    const gzip = gzipSync(`${lines.join('\n')}\n`);
    const cut = await readAll(gzip.subarray(0, gzip.length / 2), 1000);
    expect(cut.isBroken).toBe(true);
    expect(cut.lines.length).toBeGreaterThan(5000);
    expect(cut.lines.slice(0, -1)).toEqual(lines.slice(0, cut.lines.length - 1));
    const damaged = Buffer.from(gzip);
    damaged.fill(0xff, gzip.length / 2, gzip.length / 2 + 100);
    expect(await readAll(damaged, 1000)).toMatchObject({ isBroken: true });
  });

  test('may be empty', async () => {
    expect(await readAll('', 10)).toEqual({ lines: [], told: 0, bytes: 0, isBroken: false });
  });
});
