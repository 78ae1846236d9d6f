import { readFileSync } from 'node:fs';
import type { JsonObject } from '../chart/reading.ts';
import { loadGuidelines } from '../guidelines.ts';
import { createAssembler } from './assemble.ts';
import { readBucket } from './bucket-files.ts';
import { bucketOf } from './collect.ts';
import { patientEvaluator } from './evaluate.ts';
import { EMPTY_FINDINGS, mergeFindings } from './findings.ts';
import { readFound } from './found-patients.ts';
import { gatherSummary } from './gather-summary.ts';
import { createLineCutter, eachLine } from './line-cutter.ts';
import { parseLine } from './line-json.ts';
import { type Plan, planUnits } from './plan.ts';
import type { StageOutputs } from './stages.ts';
import type { UnitJob } from './unit-jobs.ts';
import { writeWhole } from './work-folder.ts';
import type { EvaluationSetting } from './worker-pool.ts';

/** Evaluates the patients of one bucket; what all buckets need is read once, at the first. */
export function createBucketJob(
  folder: string,
  plan: Plan,
  outputs: StageOutputs,
  { asOf, maxCards, ids, overlay }: EvaluationSetting,
): UnitJob {
  const units = planUnits(plan);
  let shared: ReturnType<typeof readShared> | undefined;

  function readShared() {
    const { patients, buckets, madeOf } = readFound(folder);
    return {
      evaluate: patientEvaluator({
        guideline: loadGuidelines({ overlayDir: overlay }).standard,
        asOf,
        today: plan.day,
        maxCards,
        summary: gatherSummary(outputs, units).summary,
        withIds: ids,
      }),
      patients: new Set(patients),
      buckets,
      madeOf: new Map(madeOf),
      medications: new Map(units.flatMap(({ index }) => medicationsIn(outputs.of('medications', index)))),
    };
  }

  return async (bucket) => {
    shared ??= readShared();
    const { evaluate, patients, buckets, madeOf, medications } = shared;
    const isWanted = (id: string) => patients.has(id) && bucketOf(id, buckets) === bucket;
    const assembler = createAssembler(isWanted, medications, madeOf);
    for (const { index } of units) readBucket(outputs.of('collect', index), bucket, assembler.add);
    let findings = EMPTY_FINDINGS;
    for (const record of assembler.records()) {
      findings = mergeFindings(findings, await evaluate(record));
    }
    writeWhole(outputs.of('evaluate', bucket), JSON.stringify(findings));
  };
}

function medicationsIn(path: string): readonly (readonly [string, JsonObject])[] {
  const found: (readonly [string, JsonObject])[] = [];
  const cutter = createLineCutter({
    lines: (text) =>
      eachLine(text, (line) => {
        const medication = parseLine(line);
        const id = medication?.['id'];
        if (medication !== undefined && typeof id === 'string') found.push([id, medication]);
      }),
    tooLong() {},
  });
  cutter.push(readFileSync(path));
  cutter.end();
  return found;
}
