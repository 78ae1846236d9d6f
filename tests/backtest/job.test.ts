import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { parseBacktestArguments } from '../../src/backtest/arguments.ts';
import type { BacktestReport } from '../../src/backtest/report-form.ts';
import { STAGES } from '../../src/backtest/stages.ts';
import { documentAt, packageJson, ROOT } from '../docs/documents.ts';
import { exported } from './exported-patients.ts';

// Eight processes, one after the other.
jest.setTimeout(240_000);

interface Job {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly completionMode?: string;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: Pod };
  };
}

interface Pod {
  readonly restartPolicy: string;
  readonly securityContext: { readonly runAsNonRoot: boolean; readonly runAsUser: number };
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string }[];
}

interface Container {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

const { text } = documentAt('deploy/backtest-job.yaml');
const jobs = parseAllDocuments(text).map((one) => one.toJS() as Job);
const WAYS = [...STAGES, 'merge'];

function jobOf(stage: string): Job {
  const job = jobs.find(({ metadata }) => metadata.labels['stage'] === stage);
  if (job === undefined) throw new Error(`There is no Job for ${stage}`);
  return job;
}

function containerOf(stage: string): Container {
  const [container, ...others] = jobOf(stage).spec.template.spec.containers;
  if (container === undefined || others.length > 0) throw new Error(`${stage} should have one container`);
  return container;
}

describe('deploy/backtest-job.yaml', () => {
  test('is one Job for each stage, in their order, and one for the report', () => {
    expect(jobs.map(({ metadata }) => metadata.labels['stage'])).toEqual(WAYS);
    expect(jobs.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual(WAYS.map(() => 'batch/v1 Job'));
    expect(jobs.map(({ metadata }) => metadata.name)).toEqual(WAYS.map((stage) => `asps-backtest-${stage}`));
    for (const { metadata, spec } of jobs) expect(spec.template.metadata.labels).toEqual(metadata.labels);
    expect(text).toContain(`for stage in ${WAYS.join(' ')}; do`);
  });

  test('says that it was not run on a cluster', () => {
    expect(text).toMatch(/^# NOT RUN YET/m);
  });

  test.each([...STAGES])('%s is indexed, and its pods do all shards, each once', (stage) => {
    const { completionMode, completions = 0, parallelism } = jobOf(stage).spec;
    expect([completionMode, parallelism]).toEqual(['Indexed', completions]);
    const shards = Array.from({ length: completions }, (_unused, index) =>
      parseBacktestArguments(containerOf(stage).args.slice(1), { JOB_COMPLETION_INDEX: String(index) }),
    );
    expect(shards.map((asked) => [asked?.stage, asked?.shard])).toEqual(
      shards.map((_shard, index) => [stage, { index, of: completions }]),
    );
    expect(completions).toBe(jobOf('find').spec.completions);
  });

  test('all do the same work: one program, one export, one folder, one guideline, one set of dates', () => {
    const asked = WAYS.map((stage) => {
      const { command, args, image } = containerOf(stage);
      const parsed = parseBacktestArguments(args.slice(1), { JOB_COMPLETION_INDEX: '0' });
      if (parsed === undefined) throw new Error(`${stage} asks for help`);
      const { inputs, work, asOf, maxCards, overlay, ids } = parsed;
      return { image, program: [...command, args[0]], inputs, work, asOf, maxCards, overlay, ids };
    });
    for (const one of asked) expect(one).toEqual(asked[0]);
    expect(asked[0]?.program).toEqual(['node', (packageJson().scripts['backtest'] ?? '').replace(/^node /, '')]);
    expect(existsSync(ROOT + (asked[0]?.program[1] ?? ''))).toBe(true);
  });

  test('only the work folder can be written to, by nobody but one plain user', () => {
    for (const stage of WAYS) {
      const { securityContext, restartPolicy, volumes } = jobOf(stage).spec.template.spec;
      expect([securityContext.runAsNonRoot, securityContext.runAsUser, restartPolicy]).toEqual([true, 1000, 'Never']);
      const container = containerOf(stage);
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.volumeMounts.filter(({ readOnly }) => readOnly !== true)).toEqual([
        { name: 'work', mountPath: '/work' },
      ]);
      expect(container.volumeMounts.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name));
    }
  });
});

describe('run without a cluster', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'asps-jobs-'));
    const lines = ['metastatic-untreated', 'on-pazopanib', 'leiomyosarcoma-on-doxorubicin']
      .flatMap((patient) => exported(patient).resources)
      .map((resource) => JSON.stringify(resource));
    writeFileSync(join(folder, 'all.ndjson'), lines.join('\n'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The container's own arguments, in this folder and with as many shards. */
  async function run(stage: string, index: number, shards: number): Promise<string> {
    const args = containerOf(stage).args.map((arg) =>
      arg
        .replace('/work/backtest', join(folder, 'work'))
        .replace(/^\/export$/, join(folder, 'all.ndjson'))
        .replace(/^\/\d+$/, `/${shards}`),
    );
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: ROOT,
      env: { JOB_COMPLETION_INDEX: String(index) },
    });
    return stdout;
  }

  test('a stage refuses to begin before the one before is complete; then all shards make one report', async () => {
    await run('find', 1, 2);
    await expect(run('collect', 0, 2)).rejects.toMatchObject({ code: 4 });
    await run('find', 0, 2);
    await run('collect', 0, 1);
    await run('medications', 0, 1);
    await run('evaluate', 1, 2);
    await run('evaluate', 0, 2);
    const report = JSON.parse(await run('merge', 0, 2)) as BacktestReport;
    expect([report.patients, report.dates.at(-1)?.established]).toEqual([2, 2]);
    expect(report.dates.at(-1)?.withCard).toBe(2);
  });
});
