import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeExport } from './backtest-export.ts';

// What a backtest costs: an export is made, the command is run on it, and its time, its rate and its greatest memory are said.
const { values: options } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    patients: { type: 'string', default: '100' },
    workers: { type: 'string' },
    gzip: { type: 'boolean', default: false },
    runs: { type: 'string', default: '1' },
    /** Only makes the export, and leaves it there. */
    make: { type: 'string' },
    /** Measures on one that was made, of so many `lines`. */
    on: { type: 'string' },
  },
});

const SAMPLE_MS = 100;
const TICKS_PER_SECOND = 100;
const size = { lines: Number(options.lines), aspsPatients: Number(options.patients), seed: 8, gzip: options.gzip };

if (options.on !== undefined) {
  for (let run = 0; run < Number(options.runs); run++) await measure(options.on, size.lines);
} else if (options.make === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-backtest-'));
  try {
    const made = writeExport(folder, size);
    say(`${made.lines} lines, ${megabytes(made.bytes)} MB${size.gzip ? ' of gzip' : ''}, ${size.aspsPatients} charts`);
    for (let run = 0; run < Number(options.runs); run++) await measure(folder, made.lines);
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  const made = writeExport(options.make, size);
  say(`${made.lines} lines, ${megabytes(made.bytes)} MB in ${options.make}`);
}

async function measure(folder: string, lines: number): Promise<void> {
  const started = performance.now();
  const workers = options.workers === undefined ? [] : ['--workers', options.workers];
  const child = spawn(process.execPath, ['src/backtest/backtest.ts', folder, '--json', '-', ...workers], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let answer = '';
  child.stdout.on('data', (chunk: Buffer) => {
    answer += chunk.toString();
  });
  let cost: Cost = { peakBytes: 0, cpuSeconds: 0 };
  const sampling = setInterval(() => {
    cost = costOf(child.pid) ?? cost;
  }, SAMPLE_MS);
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(sampling);
  const seconds = (performance.now() - started) / 1000;
  say(
    `${seconds.toFixed(1)} s, ${perSecond(lines, seconds)} resources/s; ${cost.cpuSeconds.toFixed(1)} s of CPU, ` +
      `${perSecond(lines, cost.cpuSeconds)} resources per second of CPU; at most ${megabytes(cost.peakBytes)} MB of memory; ` +
      `exit status ${status}, report of ${answer.length} bytes`,
  );
}

interface Cost {
  /** The greatest resident set so far. */
  readonly peakBytes: number;
  /** Of all threads so far. */
  readonly cpuSeconds: number;
}

/** What a process has cost so far, as Linux counts it; undefined elsewhere, and when it has ended. */
function costOf(pid: number | undefined): Cost | undefined {
  try {
    const [, kilobytes = '0'] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    // After the name, which may hold anything: utime and stime are the 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    if (kilobytes === '0') return undefined;
    return {
      peakBytes: Number(kilobytes) * 1024,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    };
  } catch {
    return undefined;
  }
}

function perSecond(lines: number, seconds: number): string {
  return Math.round(lines / seconds).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return Math.round(bytes / 1e6).toLocaleString('en');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
