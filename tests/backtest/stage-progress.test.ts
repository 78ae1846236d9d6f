import { expect, test } from '@jest/globals';
import { stageProgress } from '../../src/backtest/stage-progress.ts';

test('the bar says what is done, how fast and how long it still takes, and comes to its end', () => {
  const said: string[] = [];
  let steps = 0;
  let now = 0;
  const bar = {
    start: (what: string, all: number) => said.push(`${what} ${all}`),
    step: (note: string) => {
      steps++;
      said.push(note);
    },
    stop: () => {},
  };
  const watch = stageProgress(bar, () => now);
  watch.onStage('find', 1_000_000_000);
  now = 2000;
  watch.onProgress(400_000_000);
  expect(said.at(0)).toBe('Finding the patients with ASPS 200');
  expect(said.at(-1)).toBe('Finding the patients with ASPS: 400 of 1,000 MB, 200 MB/s, 3 s left');
  expect(steps).toBe(80);
  watch.onProgress(600_000_000);
  expect(steps).toBe(200);
  watch.onStage('evaluate', 4);
  watch.onProgress(1);
  expect(said.at(-1)).toBe('Asking the cards: 1 of 4 groups of patients');
});
