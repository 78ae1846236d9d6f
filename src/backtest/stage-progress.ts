import type { ProgressBar } from '../terminal/progress-bar.ts';
import type { StageWatch } from './run-stages.ts';
import type { Stage } from './stages.ts';

const WORDS: Readonly<Record<Stage, string>> = {
  find: 'Finding the patients with ASPS',
  collect: 'Collecting what is on file of them',
  medications: 'Looking up their medications',
  evaluate: 'Asking the cards',
};

const STEPS = 200;
const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
const MB = 1_000_000;

/** Shows a run on a bar: what is done, how fast, and how long it still takes. */
export function stageProgress(bar: ProgressBar, now: () => number = () => performance.now()): StageWatch {
  let stage: Stage = 'find';
  let total = 0;
  let done = 0;
  let steps = 0;
  let since = 0;

  return {
    onStage(next, amount) {
      stage = next;
      total = amount;
      done = 0;
      steps = 0;
      since = now();
      bar.start(WORDS[stage], STEPS);
    },
    onProgress(amount) {
      done += amount;
      const due = total === 0 ? STEPS : Math.floor((done / total) * STEPS);
      const note = noteOf(stage, done, total, (now() - since) / MS_PER_SECOND);
      for (; steps < due; steps++) bar.step(`${WORDS[stage]}: ${note}`);
    },
  };
}

/** `12,345 of 15,000 MB, 310 MB/s, 9 s left` */
function noteOf(stage: Stage, done: number, total: number, seconds: number): string {
  if (stage === 'evaluate') return `${done} of ${total} groups of patients`;
  const amount = `${megabytes(done)} of ${megabytes(total)} MB`;
  const rate = done / seconds;
  return rate > 0 && Number.isFinite(rate)
    ? `${amount}, ${megabytes(rate)} MB/s, ${timeLeft((total - done) / rate)} left`
    : amount;
}

function megabytes(bytes: number): string {
  return Math.round(bytes / MB).toLocaleString('en');
}

function timeLeft(seconds: number): string {
  return seconds < 2 * SECONDS_PER_MINUTE
    ? `${Math.ceil(seconds)} s`
    : `${Math.ceil(seconds / SECONDS_PER_MINUTE)} min`;
}
