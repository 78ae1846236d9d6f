import { Worker } from 'node:worker_threads';
import type { Stage } from './stages.ts';

/** What each worker is told when it starts. */
export interface WorkerSetting {
  readonly folder: string;
  readonly stage: Stage;
  readonly evaluation: EvaluationSetting;
}

/** What evaluations go by; all of it is part of the name of their outputs. */
export interface EvaluationSetting {
  /** `YYYY-MM-DD` */
  readonly asOf: readonly string[];
  readonly maxCards: number;
  readonly ids: boolean;
  readonly overlay: string | undefined;
}

/** From a worker. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'read'; readonly index: number; readonly bytes: number }
  | { readonly kind: 'done'; readonly index: number }
  | { readonly kind: 'failed'; readonly index: number; readonly message: string };

/** Nearly all that a worker makes is needed for a moment: a larger nursery takes memory, and no time away. */
const YOUNG_GENERATION_MB = 4;

/** A piece of work could not be done; the message says why, without anything of a patient. */
export class WorkError extends Error {
  override readonly name = 'WorkError';
}

export interface PoolRun {
  readonly setting: WorkerSetting;
  readonly pieces: readonly number[];
  readonly workers: number;
  /** Ends the work: what is done stays done. */
  readonly signal: AbortSignal;
  /** So many bytes of the export were read for a piece. */
  readonly onRead: (index: number, bytes: number) => void;
  readonly onDone: (index: number) => void;
}

/**
 * Does pieces of work, each in whichever worker is free, in threads that live as long as the stage.
 *
 * @throws {WorkError} at the first piece that fails
 * @throws the signal's reason when it is aborted
 */
export async function runPieces(run: PoolRun): Promise<void> {
  const { setting, pieces, workers, signal } = run;
  signal.throwIfAborted();
  const queue = pieces.values();
  const started: Worker[] = [];
  try {
    const lanes = Array.from({ length: Math.min(workers, pieces.length) }, () => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: setting,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      });
      started.push(worker);
      return lane(worker, queue, run);
    });
    await Promise.all(lanes);
  } finally {
    await Promise.all(started.map((worker) => worker.terminate()));
  }
}

function lane(worker: Worker, queue: IterableIterator<number>, { signal, onRead, onDone }: PoolRun): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      const piece = queue.next();
      if (piece.done === true) resolve();
      else worker.postMessage(piece.value, []);
    };
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new WorkError(`A worker ended with ${code}`)));
    worker.on('message', (message: WorkerMessage) => {
      switch (message.kind) {
        case 'ready':
          next();
          break;
        case 'read':
          onRead(message.index, message.bytes);
          break;
        case 'done':
          onDone(message.index);
          next();
          break;
        case 'failed':
          reject(new WorkError(message.message));
          break;
        default:
          message satisfies never;
      }
    });
  });
}
