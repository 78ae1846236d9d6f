import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createFeedbackStore } from '../src/feedback/store/append-feedback.ts';
import { openDatabase } from '../src/feedback/store/open-database.ts';
import { guideline } from './support/service.ts';

// Threats that no other test shows. docs/security.md says which test shows which of the others.

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asps-security-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('no card leads anywhere but to a web page', () => {
  const addresses = guideline.cards.flatMap(({ file, sources }) => [
    ...(file.links ?? []).map(({ url }) => url),
    ...sources.flatMap(({ url }) => url ?? []),
  ]);
  expect(addresses.length).toBeGreaterThan(0);
  expect(addresses.filter((url) => !/^https?:$/.test(new URL(url).protocol))).toEqual([]);
});

test('SQL in feedback is text like any other', async () => {
  const sql = "x'); DROP TABLE feedback; --";
  const file = join(folder, 'feedback.db');
  const store = createFeedbackStore(await openDatabase(`sqlite:${file}`), { commentRetentionDays: 1 });
  await store.append({
    client: sql,
    service: sql,
    receivedAt: new Date('2026-11-22T10:00:01Z'),
    entries: [
      {
        card: sql,
        outcome: 'overridden',
        acceptedSuggestions: [sql],
        overrideReasons: [{ code: sql, system: sql }],
        hasComment: true,
        comments: [sql],
        outcomeTimestamp: '2026-11-22T10:00:00.000Z',
      },
    ],
  });
  await store.close();

  const database = new DatabaseSync(file, { readOnly: true });
  const rows = (query: string) =>
    database
      .prepare(query)
      .all()
      .map((row) => ({ ...row }));
  expect(rows('SELECT client, service, card FROM feedback')).toEqual([{ client: sql, service: sql, card: sql }]);
  expect(rows('SELECT suggestion FROM accepted_suggestion')).toEqual([{ suggestion: sql }]);
  expect(rows('SELECT system, code FROM override_reason')).toEqual([{ system: sql, code: sql }]);
  expect(rows('SELECT comment FROM feedback_comment')).toEqual([{ comment: sql }]);
  database.close();
});
