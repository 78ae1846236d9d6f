import { table } from '../bench/statistics.ts';
import type { CampaignReport } from './campaign.ts';
import type { MemoryReport } from './memory.ts';
import { MARGIN_MB } from './memory.ts';
import type { Violation } from './oracles.ts';

/** A whole run, as it is reported. */
export type Run = {
  readonly seed: number;
  readonly machine: string;
  readonly campaign: CampaignReport;
  readonly memory: MemoryReport;
  /** Of no single request: what the process said, whether it lived, whether answers last. */
  readonly violations: readonly Violation[];
  readonly files: readonly string[];
};

/** The run as tables for people. */
export function summary({ seed, machine, campaign, memory, violations, files }: Run): string {
  const { sent, seconds, tally, findings } = campaign;
  const rows = tally.rows();
  const total = new Map<string, number>();
  for (const { statuses } of rows) {
    for (const [status, count] of Object.entries(statuses)) total.set(status, (total.get(status) ?? 0) + count);
  }
  const columns = [...total.keys()].toSorted((a, b) => a.localeCompare(b));
  const head = ['kind', 'requests', ...columns, 'median ms', 'slowest ms'];
  const lines = rows.map(({ kind, requests, statuses, medianMs, slowestMs }) => [
    kind,
    String(requests),
    ...columns.map((status) => String(statuses[status] ?? 0)),
    medianMs.toFixed(1),
    slowestMs.toFixed(0),
  ]);
  const sums = ['all', String(sent), ...columns.map((status) => String(total.get(status) ?? 0)), '', ''];
  const broken = [
    ...findings.map(
      ({ violation, seed: found }, index) =>
        `  ${violation.oracle}: ${violation.says} (seed ${found}) → ${files[index] ?? 'not kept'}`,
    ),
    ...violations.map(({ oracle, says }) => `  ${oracle}: ${says}`),
  ];
  return [
    machine,
    `${sent} requests with seed ${seed} in ${seconds.toFixed(0)} s, ${(sent / seconds).toFixed(0)} a second`,
    '',
    table([head, ...lines, sums]),
    '',
    `Resident memory: ${memory.early.toFixed(0)} MB in the second tenth, ${memory.late.toFixed(0)} MB in the last, ${memory.most.toFixed(0)} MB at most (${memory.samples} samples; ${MARGIN_MB} MB more in the last is a leak)`,
    'Slowest, with what was in flight beside them:',
    ...tally.slowest().map(({ ms, kind, done }) => `  ${ms.toFixed(0)} ms ${kind}: ${done.join('; ').slice(0, 160)}`),
    broken.length === 0 ? 'No rule was broken.' : `Broken rules:\n${broken.slice(0, 40).join('\n')}`,
    '',
  ].join('\n');
}

/** The run as JSON. */
export function summaryJson({ seed, machine, campaign, memory, violations, files }: Run): string {
  const { sent, seconds, tally, findings } = campaign;
  const found = findings.map(({ violation, seed: chunk }, index) => ({
    ...violation,
    seed: chunk,
    file: files[index],
  }));
  return `${JSON.stringify({ seed, machine, sent, seconds, kinds: tally.rows(), slowest: tally.slowest(), memory, findings: found, violations }, undefined, 2)}\n`;
}
