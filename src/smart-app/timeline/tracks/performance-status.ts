import { performanceScores } from '../../../chart/performance-status.ts';
import { DONE } from '../event.ts';
import { momentIn } from '../placement.ts';
import type { TrackSource } from '../track.ts';

export const PERFORMANCE_STATUS: TrackSource = {
  id: 'performance-status',
  title: 'Performance status',
  keys: ['observationsPerformanceStatus'],
  read: ({ chart, terminology, today }) =>
    performanceScores(chart.readings, terminology, today).map(({ scale, value, date, evidence }) => ({
      lane: scale,
      label: value ?? `${scale}: no score that could be read`,
      word: value ?? 'unclear',
      look: { ...DONE, shape: value === undefined ? 'unclear' : 'circle' },
      placement: momentIn(date, true, today),
      when: date.text,
      evidence: [evidence],
    })),
};
