import { parentPort, workerData } from 'node:worker_threads';
import { evaluationDigest } from './evaluation-digest.ts';
import { faultOf } from './fault.ts';
import { readPlan } from './plan.ts';
import { stageOutputs } from './stages.ts';
import { createUnitJobs, type UnitJob } from './unit-jobs.ts';
import type { WorkerMessage, WorkerSetting } from './worker-pool.ts';

/** Told to the main thread no more often than this. */
const REPORT_BYTES = 4 * 1024 * 1024;

const port = parentPort;
if (port === null) throw new Error('This runs in a worker thread');
const { folder, stage, evaluation } = workerData as WorkerSetting;
const say = (message: WorkerMessage) => port.postMessage(message);

const outputs = stageOutputs(folder, evaluationDigest(evaluation));
const plan = readPlan(folder);
const job: UnitJob = stage === 'evaluate' ? await bucketJob() : createUnitJobs(folder, plan, outputs)[stage];

port.on('message', async (index: number) => {
  let unsaid = 0;
  try {
    await job(index, (bytes) => {
      unsaid += bytes;
      if (unsaid < REPORT_BYTES) return;
      say({ kind: 'read', index, bytes: unsaid });
      unsaid = 0;
    });
    say({ kind: 'done', index });
  } catch (error) {
    say({ kind: 'failed', index, message: faultOf(error) });
  }
});
say({ kind: 'ready' });

/** The cards and all that reads charts are loaded by the stage that asks them alone. */
async function bucketJob(): Promise<UnitJob> {
  const { createBucketJob } = await import('./bucket-job.ts');
  return createBucketJob(folder, plan, outputs, evaluation);
}
