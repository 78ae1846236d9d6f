import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Violation } from './oracles.ts';

/** How memory went, in megabytes of resident set: the medians of the second and of the last tenth of the samples. */
export type MemoryReport = {
  readonly samples: number;
  readonly early: number;
  readonly late: number;
  readonly most: number;
  readonly violations: readonly Violation[];
};

const EVERY_MS = 250;
/** V8 takes some ten thousand calls to reach its size: in a shorter run the second tenth is warming up as well. */
const ENOUGH_REQUESTS = 50_000;

/**
 * What the last tenth may be above the second, in megabytes: V8 lets its heap breathe by about half of this. A leak of one
 * kilobyte a call is ninety megabytes in a full run.
 */
export const MARGIN_MB = 64;

/** Samples a process until told to stop. */
export function watchMemory(pid: number): { stop(requests: number): MemoryReport; now(): number } {
  const samples: number[] = [];
  const timer = setInterval(() => {
    residentMegabytes(pid).then(
      (megabytes) => samples.push(megabytes),
      () => clearInterval(timer),
    );
  }, EVERY_MS);
  return {
    now: () => samples.at(-1) ?? 0,
    stop(requests) {
      clearInterval(timer);
      return memoryReport(samples, requests);
    },
  };
}

/** Judges the samples of a run of so many requests, oldest first; a short run is reported and not judged. */
export function memoryReport(samples: readonly number[], requests: number): MemoryReport {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const early = median(samples.slice(tenth, 2 * tenth));
  const late = median(samples.slice(samples.length - tenth));
  const grew = requests >= ENOUGH_REQUESTS && late - early > MARGIN_MB;
  return {
    samples: samples.length,
    early,
    late,
    most: Math.max(0, ...samples),
    violations: grew ? [{ oracle: 'memory', says: `resident memory grew by more than ${MARGIN_MB} MB` }] : [],
  };
}

async function residentMegabytes(pid: number): Promise<number> {
  const kilobytes = await readFile(`/proc/${pid}/status`, 'utf8').then(
    (status) => /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1],
    // No Linux.
    async () => (await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])).stdout,
  );
  return Number(kilobytes) / 1024;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
