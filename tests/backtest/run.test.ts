import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BacktestArguments, parseBacktestArguments } from '../../src/backtest/arguments.ts';
import { clearWorkFolder } from '../../src/backtest/clear-work-folder.ts';
import { ExportError } from '../../src/backtest/export-files.ts';
import type { BacktestReport } from '../../src/backtest/report-form.ts';
import { runBacktest, type Surroundings } from '../../src/backtest/run.ts';
import { STAGES } from '../../src/backtest/stages.ts';
import { WorkFolderError } from '../../src/backtest/work-folder.ts';
import { FIXTURE_DATE } from '../../src/ehr-demo/hook-request.ts';
import { WITH_ASPS, writeSyntheticExport } from './synthetic-export.ts';

let folder: string;
let source: string;
/** Of one run on one thread, in units that hold a file each. */
let straight: BacktestReport | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backtest-run-'));
  source = join(folder, 'export');
  writeSyntheticExport(source);
  straight = await run(['--workers', '1', '--ids'], 'straight', 1 << 26);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const SMALL_UNITS = 12_000;

function run(
  options: readonly string[],
  work: string,
  unitBytes = SMALL_UNITS,
  more: Partial<Surroundings> = {},
): Promise<BacktestReport | undefined> {
  return runBacktest(asked([source, ...options]), {
    folder: join(folder, work),
    day: FIXTURE_DATE,
    signal: new AbortController().signal,
    watch: { onStage: () => {}, onProgress: () => {} },
    unitBytes,
    ...more,
  });
}

function asked(args: readonly string[], env: Record<string, string> = {}): BacktestArguments {
  const parsed = parseBacktestArguments(args, env);
  if (parsed === undefined) throw new Error('asks for help');
  return parsed;
}

async function faultOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a run', () => {
  test('finds the patients with ASPS, and what the cards say of them', () => {
    expect(Object.keys(straight?.ids ?? {}).toSorted()).toEqual([...WITH_ASPS].toSorted());
    expect(straight?.dates[0]?.cards.some(({ shown }) => shown > 0)).toBe(true);
    expect(straight?.export).toMatchObject({ unreadableLines: 0, brokenFiles: [] });
  });

  test('reads orders whose drug is an ingredient of a Medication apart as those that name it', async () => {
    const within = join(folder, 'within');
    writeSyntheticExport(within, 'within');
    const report = await runBacktest(asked([within, '--ids']), surroundings('of-within'));
    expect({ dates: report?.dates, ids: report?.ids }).toEqual({ dates: straight?.dates, ids: straight?.ids });
    expect(straight?.export.resourcesByType).toHaveProperty('Medication');
  }, 120_000);

  test('names Medication as not exported if orders refer to any and there is none, and not otherwise', async () => {
    const lacking = join(folder, 'lacking');
    writeSyntheticExport(lacking);
    rmSync(join(lacking, 'Medication.ndjson'));
    const report = await runBacktest(asked([lacking]), surroundings('of-lacking'));
    expect(report?.export.notExported).toContain('Medication');
    expect(report?.dates[0]?.unread.map(({ key }) => key)).toContain('medications');
    expect(straight?.export.notExported).not.toContain('Medication');
    expect(straight?.dates[0]?.unread.map(({ key }) => key)).not.toContain('medications');
  }, 120_000);

  test('comes to the same on one thread and on three, in large units and in small ones', async () => {
    expect(await run(['--workers', '3', '--ids'], 'threads')).toEqual(straight);
  }, 120_000);

  test('that was interrupted at any time goes on to the same', async () => {
    let interruptions = 0;
    for (const after of [1, 8, 20, 33]) {
      const ending = new AbortController();
      let steps = 0;
      const watch = {
        onStage: () => {},
        onProgress: () => {
          if (++steps === after) ending.abort(new Error('interrupted'));
        },
      };
      const error = await faultOf(
        run(['--workers', '2', '--ids'], 'resumed', SMALL_UNITS, { signal: ending.signal, watch }),
      );
      if (error !== undefined) interruptions++;
    }
    expect(interruptions).toBeGreaterThan(1);
    expect(await run(['--ids'], 'resumed')).toEqual(straight);
  }, 240_000);

  test('does no piece of work again that was done', async () => {
    await run(['--ids'], 'twice');
    const first = outputsIn(join(folder, 'twice'));
    let read = 0;
    const onProgress = (more: number) => {
      read += more;
    };
    expect(await run(['--ids'], 'twice', SMALL_UNITS, { watch: { onStage: () => {}, onProgress } })).toEqual(straight);
    expect(read).toBe(0);
    expect(outputsIn(join(folder, 'twice'))).toEqual(first);
  }, 120_000);

  test('in shards comes to the same as in one, whichever comes first', async () => {
    for (const stage of STAGES) {
      for (const index of ['1', '0']) {
        const args = [source, '--ids', '--work', 'w', '--stage', stage, '--shard', '/2'];
        await runBacktest(asked(args, { JOB_COMPLETION_INDEX: index }), surroundings('shards'));
      }
    }
    expect(
      await runBacktest(asked([source, '--ids', '--work', 'w', '--stage', 'merge']), surroundings('shards')),
    ).toEqual(straight);
  }, 240_000);

  test('keeps what it works with from everyone else', () => {
    const work = join(folder, 'straight');
    for (const name of readdirSync(work, { recursive: true, encoding: 'utf8' })) {
      expect([name, statSync(join(work, name)).mode & 0o077]).toEqual([name, 0]);
    }
  });

  test('takes away at the end what it has put into the folder, and nothing else', async () => {
    await run([], 'cleared');
    const work = join(folder, 'cleared');
    const mine = ['notes.txt', 'plan.json.backup', 'medications/mine.txt', 'medications/Medication.ndjson'];
    for (const name of mine) writeFileSync(join(work, name), 'mine');
    const parts = ['plan.json.part-17-0', 'find/000000.json.part-17-2'];
    for (const name of parts) writeFileSync(join(work, name), '');
    mkdirSync(join(work, 'collect/000000.part-17-1'));
    writeFileSync(join(work, 'collect/000000.part-17-1/0003.ndjson'), '{}');
    clearWorkFolder(work);
    expect(readdirSync(work, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual(
      ['medications', ...mine].toSorted(),
    );
    for (const name of mine) rmSync(join(work, name));
    clearWorkFolder(work);
    expect(existsSync(work)).toBe(false);
  }, 120_000);

  test('over nobody with ASPS is a report, too', async () => {
    const nobody = join(folder, 'nobody');
    mkdirSync(nobody);
    writeFileSync(join(nobody, 'all.ndjson'), '{"resourceType":"Patient","id":"1"}\n{"resourceType":"Condition"}\n');
    const report = await runBacktest(asked([nobody]), surroundings('of-nobody'));
    expect(report).toMatchObject({ patients: 0, export: { lines: 2 } });
  }, 120_000);

  function surroundings(work: string): Surroundings {
    return {
      folder: join(folder, work),
      day: FIXTURE_DATE,
      signal: new AbortController().signal,
      watch: { onStage: () => {}, onProgress: () => {} },
      unitBytes: SMALL_UNITS,
    };
  }
});

describe('a run is refused', () => {
  test.each([
    ['collect', 'find'],
    ['medications', 'collect'],
    ['evaluate', 'medications'],
    ['merge', 'evaluate'],
  ])(
    'at the stage %s while %s is not complete, and told what is missing',
    async (stage, before) => {
      const work = `until-${stage}`;
      const earlier = STAGES.slice(0, STAGES.findIndex((one) => one === before) + 1);
      for (const one of earlier) await run(['--work', 'w', '--stage', one], work);
      const [missing = ''] = outputsIn(join(folder, work)).filter((path) => path.startsWith(before));
      rmSync(join(folder, work, missing), { recursive: true });
      const error = await faultOf(run(['--work', 'w', '--stage', stage], work));
      expect(error).toBeInstanceOf(WorkFolderError);
      expect(String(error)).toMatch(new RegExp(`The stage ${before} is not complete: 1 of its \\d+ pieces`));
    },
    240_000,
  );

  test('when a file has changed since it was begun', async () => {
    const changing = join(folder, 'changing');
    mkdirSync(changing);
    const file = join(changing, 'Patient.ndjson');
    writeFileSync(file, '{"resourceType":"Condition"}\n');
    const begin = () => runBacktest(asked([changing]), { ...PLAIN, folder: join(folder, 'of-changing') });
    await begin();
    appendFileSync(file, '{"resourceType":"Patient","id":"2"}\n');
    expect(String(await faultOf(begin()))).toMatch(/belongs to another run: .*Patient\.ndjson has changed since/);
    rmSync(file);
    writeFileSync(join(changing, 'Other.ndjson'), '');
    expect(String(await faultOf(begin()))).toMatch(/Other\.ndjson was not part of it/);
  }, 120_000);

  test('when there is nothing to read', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    for (const path of [empty, join(folder, 'missing.ndjson')])
      expect(await faultOf(runBacktest(asked([path]), { ...PLAIN, folder: join(folder, 'of-empty') }))).toBeInstanceOf(
        ExportError,
      );
  });

  test.each([
    ['no line can be read', '{"name":"a package"}\n', /Nothing of the export can be read/],
    ['there is no line', '', /Nothing of the export can be read/],
    ['there is no Condition', '{"resourceType":"Patient","id":"1"}\n', /the export has no Condition/],
  ])('when %s, since no number of it would mean anything', async (name, content, message) => {
    const lean = join(folder, `lean ${name}`);
    mkdirSync(lean);
    writeFileSync(join(lean, 'all.ndjson'), content);
    const error = await faultOf(runBacktest(asked([lean]), { ...PLAIN, folder: join(folder, `of ${name}`) }));
    expect(error).toBeInstanceOf(ExportError);
    expect(String(error)).toMatch(message);
  });

  describe('a working folder that is not its own, and nothing in it is touched:', () => {
    const line = '{"resourceType":"Condition"}\n';
    const exportIn = (name: string): string => {
      const place = join(folder, name);
      mkdirSync(join(place, 'medications'), { recursive: true });
      writeFileSync(join(place, 'medications', 'Medication.ndjson'), line);
      return place;
    };
    const refused = async (input: string, work: string) =>
      String(await faultOf(runBacktest(asked([input]), { ...PLAIN, folder: work })));

    test('the export itself, one in it and one around it, whatever links lead there', async () => {
      const place = exportIn('own');
      symlinkSync(place, join(folder, 'link-to-own'));
      const apart = /WorkFolderError: .*must lie apart/;
      expect(await refused(place, place)).toMatch(apart);
      expect(await refused(place, join(folder, 'link-to-own'))).toMatch(apart);
      expect(await refused(place, join(place, 'new', 'work'))).toMatch(apart);
      expect(await refused(join(place, 'medications', 'Medication.ndjson'), place)).toMatch(apart);
      expect(readdirSync(place, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual([
        'medications',
        'medications/Medication.ndjson',
      ]);
    });

    test('one with anything in it and no plan', async () => {
      const place = exportIn('others');
      expect(await refused(exportIn('some'), place)).toMatch(/WorkFolderError: .*is not empty/);
      expect(await refused(exportIn('some'), join(place, 'medications', 'Medication.ndjson'))).toMatch(
        /WorkFolderError/,
      );
      expect(readFileSync(join(place, 'medications', 'Medication.ndjson'), 'utf8')).toBe(line);
    });

    test('but not one in which another shard is only just writing its plan', async () => {
      const begun = join(folder, 'begun');
      mkdirSync(begun);
      writeFileSync(join(begun, 'plan.json.part-17-0'), '');
      expect(await refused(exportIn('some'), begun)).toBe('undefined');
    }, 120_000);
  });

  const PLAIN = {
    day: FIXTURE_DATE,
    signal: new AbortController().signal,
    watch: { onStage: () => {}, onProgress: () => {} },
  };
});

/** What stages have left, by its path in the working folder. */
function outputsIn(work: string): readonly string[] {
  return readdirSync(work, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(?:find|collect|medications|evaluate-\w+)\/\d{6}[^/]*$/.test(path))
    .map((path) => path.replace(/^evaluate-\w+/, (name) => name))
    .toSorted();
}

test('the reports of a run hold no id unless they are asked for', async () => {
  const report = JSON.stringify(await run([], 'straight', 1 << 26));
  for (const id of WITH_ASPS) expect(report).not.toContain(`"${id}"`);
  expect(readFileSync(join(folder, 'straight', 'plan.json'), 'utf8')).not.toContain('metastatic-untreated');
}, 120_000);
