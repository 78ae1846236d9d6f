import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FeedbackStore } from '../src/feedback/feedback-store.ts';
import { createFeedbackStore } from '../src/feedback/store/append-feedback.ts';
import { openDatabase } from '../src/feedback/store/open-database.ts';
import { call, post, type Reply, type Served } from './support/http.ts';
import { rememberFeedback, serveService } from './support/service.ts';

const CARD = 'f6b95768-b1c8-40dc-8385-bf3504b82ffb';
const SUGGESTION = '0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0';
const ACCEPTED = {
  card: CARD,
  outcome: 'accepted',
  acceptedSuggestions: [{ id: SUGGESTION }],
  outcomeTimestamp: '2026-11-22T11:00:00Z',
};
const OVERRIDDEN = {
  card: CARD,
  outcome: 'overridden',
  overrideReason: { reason: { code: 'disagree', system: 'urn:x' }, userComment: 'Mrs. Testcase moved to Bern' },
  outcomeTimestamp: '2026-11-22T11:01:00Z',
};

const lines: string[] = [];
let folder: string;
let store: FeedbackStore;
let served: Served;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asps-feedback-'));
  store = createFeedbackStore(await openDatabase(`sqlite:${folder}/feedback.db`), { commentRetentionDays: 30 });
  served = await serveService({ feedback: store, onLog: (line) => void lines.push(line) });
  url = `${served.url}/cds-services/asps-patient-view/feedback`;
});
afterAll(async () => {
  await served.close();
  await store.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  lines.length = 0;
});

/** How many rows a table has, as another process would see it; by default that of the entries. */
function rows(table: 'feedback' | 'override_reason' = 'feedback', name = 'feedback.db'): number {
  const database = new DatabaseSync(join(folder, name), { readOnly: true });
  try {
    const counted = database.prepare(`SELECT count(*) AS n FROM ${table}`).get();
    return Number(counted?.['n']);
  } finally {
    database.close();
  }
}

const codesOf = ({ body }: Reply) =>
  (body as { issue: { severity: string; diagnostics: string }[] }).issue.map(
    ({ severity, diagnostics }) => `${severity} ${diagnostics}`,
  );

describe('feedback (CH-136, CH-137)', () => {
  test('is on disk when it is acknowledged, with an empty 200 (CH-150)', async () => {
    const before = rows();
    const reply = await post(url, { feedback: [ACCEPTED, OVERRIDDEN] });
    expect([reply.status, reply.text, rows() - before]).toEqual([200, '', 2]);
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({
      status: 200,
      service: 'asps-patient-view',
      feedback: { kept: 2, problems: 0 },
      route: '/cds-services/:id/feedback',
    });
    expect(lines.join()).not.toMatch(/Testcase|Bern|f6b95768/);
  });

  test('is kept with its comments if the operator wants them, and without them else, wherever it goes (CH-144)', async () => {
    const kept = rememberFeedback();
    const told = async (commentRetentionDays: number) => {
      const service = await serveService({
        feedback: kept,
        commentRetentionDays,
        onLog: (line) => void lines.push(line),
      });
      await post(`${service.url}/cds-services/asps-patient-view/feedback`, { feedback: [OVERRIDDEN] });
      await service.close();
      return kept.kept.splice(0).flatMap(({ entries }) => entries);
    };
    const without = await told(0);
    expect(without).toMatchObject([{ hasComment: true, comments: [] }]);
    expect(JSON.stringify(without)).not.toContain('Testcase');
    expect(await told(30)).toMatchObject([{ hasComment: true, comments: ['Mrs. Testcase moved to Bern'] }]);
    expect(lines.join()).not.toMatch(/Testcase|Bern/);
  });

  test('is kept once, however often it is sent (CH-147)', async () => {
    await post(url, { feedback: [ACCEPTED, OVERRIDDEN] });
    const before = rows();
    expect((await post(url, { feedback: [OVERRIDDEN, ACCEPTED, ACCEPTED] })).status).toBe(200);
    expect(rows()).toBe(before);
  });

  test('that can be read is kept beside what cannot, which is named', async () => {
    const before = rows();
    const reply = await post(url, {
      feedback: [{ ...ACCEPTED, card: 'Testcase' }, { ...ACCEPTED, outcomeTimestamp: '2026-11-22T12:00:00Z' }, 7],
    });
    expect([reply.status, rows() - before]).toEqual([200, 1]);
    expect(new Set(codesOf(reply))).toEqual(new Set(['warning request-invalid']));
    expect(reply.text).toContain('/feedback/0/card');
    expect(reply.text).not.toContain('Testcase');
  });

  test('that names its reason in words is kept without it, and that is said (CH-150)', async () => {
    const before = [rows(), rows('override_reason')];
    const reply = await post(url, {
      feedback: {
        ...OVERRIDDEN,
        outcomeTimestamp: '2026-11-22T14:00:00Z',
        overrideReason: { reason: { code: 'Mrs. Testcase refuses', system: 'urn:x' } },
      },
    });
    expect([reply.status, rows(), rows('override_reason')]).toEqual([200, Number(before[0]) + 1, before[1]]);
    expect(codesOf(reply)).toEqual(['warning request-invalid']);
    expect(reply.text).toContain('the reason is left out');
    expect(reply.text).not.toContain('Testcase');
  });

  test('of more entries than a call may hold is refused as a whole, and the bound is named', async () => {
    const before = rows();
    const many = Array.from({ length: 201 }, () => ({ ...ACCEPTED, outcomeTimestamp: '2026-11-22T15:00:00Z' }));
    const reply = await post(url, { feedback: many });
    expect([reply.status, codesOf(reply), rows() - before]).toEqual([400, ['error request-invalid'], 0]);
    expect(reply.text).toContain('not hold more than 200 entries');
  });

  test('of which nothing can be read is an error', async () => {
    const bodies = [{ feedback: [] }, { feedback: [{}] }, {}, [], 'x', null, { feedback: 'x' }];
    const replies = await Promise.all(bodies.map((body) => post(url, JSON.stringify(body))));
    expect(replies.map(({ status }) => status)).toEqual(bodies.map(() => 400));
    expect(replies.flatMap(codesOf).every((code) => code === 'error request-invalid')).toBe(true);
  });

  test('for a service that is not there, or by another method, is an error', async () => {
    const elsewhere = await post(`${served.url}/cds-services/nobody/feedback`, { feedback: [ACCEPTED] });
    const read = await call(url);
    expect([elsewhere.status, read.status, read.headers.get('allow')]).toEqual([404, 405, 'POST, OPTIONS']);
  });

  test('as the Sandbox, Epic and old clients send it', async () => {
    const at = (second: number) => ({ outcomeTimestamp: `2026-11-22T13:00:0${second}.5+01:00` });
    const { outcome, card } = OVERRIDDEN;
    const before = rows();
    const bodies = [
      { feedback: [{ card, outcome, ...at(1), overrideReason: { reason: { code: 'disagree', system: 'urn:x' } } }] },
      { feedback: [{ card, outcome, ...at(2), overrideReasons: [{ reason: { code: 'LOCAL 7' } }] }] },
      { card, outcome, ...at(3) },
    ];
    const replies = await Promise.all(bodies.map((body) => post(url, body)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(rows() - before).toBe(3);
  });

  test('for which there is no room is refused with a time to come again, and readiness says so', async () => {
    const full: FeedbackStore = {
      append: () => Promise.reject(new Error('database or disk is full: Testcase')),
      isReachable: async () => false,
      close: async () => {},
    };
    const logged: string[] = [];
    const broken = await serveService({ feedback: full, onLog: (line) => void logged.push(line) });
    const reply = await post(`${broken.url}/cds-services/asps-patient-view/feedback`, { feedback: [ACCEPTED] });
    expect([reply.status, reply.headers.get('retry-after'), codesOf(reply)]).toEqual([
      503,
      '5',
      ['error feedback-not-kept'],
    ]);
    expect((await call(`${broken.url}/readyz`)).status).toBe(503);
    // Cards go out all the same, and a balancer can ask for that alone.
    expect((await call(`${broken.url}/readyz?exclude=store`)).status).toBe(200);
    await broken.close();
    expect(logged.join()).toContain('"failure"');
    expect(logged.join() + reply.text).not.toContain('Testcase');
  });

  test('is refused while another process holds the file, and nothing else is', async () => {
    let time = 0;
    const held = createFeedbackStore(await openDatabase(`sqlite:${folder}/held.db`, { clock: () => time }));
    const logged: string[] = [];
    const service = await serveService({ feedback: held, onLog: (line) => void logged.push(line) });
    const to = `${service.url}/cds-services/asps-patient-view/feedback`;
    const other = new DatabaseSync(join(folder, 'held.db'));
    other.exec('BEGIN IMMEDIATE');
    const refused = await Promise.all(Array.from({ length: 20 }, () => post(to, { feedback: [ACCEPTED] })));
    const ready = await Promise.all(Array.from({ length: 20 }, () => call(`${service.url}/readyz`)));
    other.exec('ROLLBACK');
    other.close();
    expect(new Set(refused.map(({ status, headers }) => `${status} ${headers.get('retry-after')}`))).toEqual(
      new Set(['503 5']),
    );
    expect(new Set(ready.map(({ status }) => status))).toEqual(new Set([200]));
    expect(logged.join()).toContain('"reason":"locked"');
    expect(rows('feedback', 'held.db')).toBe(0);

    time = 1000;
    expect((await post(to, { feedback: [ACCEPTED] })).status).toBe(200);
    expect(rows('feedback', 'held.db')).toBe(1);
    await service.close();
    await held.close();
  });
});
