import { expect, test } from '@jest/globals';
import { realCall } from '../../fuzz/hook-requests.ts';
import { memoryReport } from '../../fuzz/memory.ts';
import { type Run, summary, summaryJson } from '../../fuzz/summary.ts';
import { createTally } from '../../fuzz/tally.ts';
import type { Outcome } from '../../fuzz/wire.ts';

const request = realCall({ name: 'a call', serviceId: 'example', hook: 'patient-view', json: '{}' });
const answered = (ms: number, ...statuses: readonly number[]): Outcome => ({
  kind: 'answered',
  answers: statuses.map((status) => ({ status, headers: {}, text: '' })),
  ms,
});

const tally = createTally();
tally.add(request, answered(3, 200));
tally.add(request, answered(7, 200, 400));
tally.add(request, answered(5));
tally.add({ ...request, kind: 'bytes' }, { kind: 'timed-out', ms: 900 });

const run: Run = {
  seed: 4,
  machine: 'A machine',
  campaign: {
    sent: 4,
    seconds: 2,
    tally,
    findings: [{ violation: { oracle: 'time', says: 'no answer in time' }, request, seed: 41 }],
  },
  memory: memoryReport([100, 110, 120], 4),
  violations: [{ oracle: 'standard-error', says: 'a warning' }],
  files: ['finding-1-time.json'],
};

test('the report counts requests and answers by kind, and names each broken rule with its file', () => {
  const text = summary(run);
  expect(text).toContain('4 requests with seed 4 in 2 s, 2 a second');
  expect(text).toMatch(/\| kind +\| requests \| – \| 200 \| 400 \| timed-out \| median ms \| slowest ms \|/);
  expect(text).toMatch(/\| real +\| +3 \| 1 \| +2 \| +1 \| +0 \| +5\.0 \| +7 \|/);
  expect(text).toMatch(/\| all +\| +4 \| 1 \| +2 \| +1 \| +1 \|/);
  expect(text).toContain('900 ms bytes: a call; nothing');
  expect(text).toContain('time: no answer in time (seed 41) → finding-1-time.json');
  expect(text).toContain('standard-error: a warning');
});

test('as JSON it says the same', () => {
  expect(JSON.parse(summaryJson(run))).toMatchObject({
    seed: 4,
    sent: 4,
    kinds: [{ kind: 'bytes' }, { kind: 'real', requests: 3, statuses: { 200: 2, 400: 1, '–': 1 } }],
    findings: [{ oracle: 'time', file: 'finding-1-time.json' }],
    violations: [{ oracle: 'standard-error' }],
  });
});

test('a run that broke no rule says so', () => {
  const well = { ...run, campaign: { ...run.campaign, findings: [] }, violations: [] };
  expect(summary(well)).toContain('No rule was broken.');
});
