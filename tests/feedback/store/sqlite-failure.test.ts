import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { failureReason, sqliteCode } from '../../../src/feedback/store/sqlite-failure.ts';

let folder = '';
let database: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-failure-'));
  database = new DatabaseSync(join(folder, 'a.db'));
  database.exec('CREATE TABLE a (b UNIQUE)');
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const insert = (into: DatabaseSync) => into.exec("INSERT INTO a VALUES ('x')");

/** How SQLite itself fails, in another connection to the same file. */
const FAILURES: readonly (readonly [reason: string, fails: (other: DatabaseSync) => void])[] = [
  ['locked', (other) => database.exec('BEGIN IMMEDIATE') ?? insert(other)],
  [
    'full',
    (other) => {
      other.exec('PRAGMA max_page_count = 1');
      for (let number = 0; number < 1000; number += 1)
        other.exec(`INSERT INTO a VALUES ('${'x'.repeat(100)}${number}')`);
    },
  ],
  ['other', (other) => insert(other) ?? insert(other)],
];

test.each(FAILURES)("SQLite's own errors: %s", (reason, fails) => {
  const other = new DatabaseSync(join(folder, 'a.db'));
  const error = thrownBy(() => fails(other));
  other.close();
  expect([typeof sqliteCode(error), failureReason(error)]).toEqual(['number', reason]);
});

test("SQLite's own errors: read-only", () => {
  const other = new DatabaseSync(join(folder, 'a.db'), { readOnly: true });
  const error = thrownBy(() => insert(other));
  other.close();
  expect(failureReason(error)).toBe('read-only');
});

test.each([[new Error('x')], ['x'], [undefined], [null], [{ errcode: '13' }]])('%s is not one of them', (error) => {
  expect([sqliteCode(error), failureReason(error)]).toEqual([undefined, 'other']);
});

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return 'nothing was thrown';
}
