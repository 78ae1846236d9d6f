import { type Course, readAssessments } from '../../../chart/disease-status.ts';
import { NOT_LINKED, type Shape } from '../event.ts';
import { momentIn } from '../placement.ts';
import type { TrackSource } from '../track.ts';

/** Up is more disease. */
const SHAPES: Readonly<Record<Course, Shape>> = { worsened: 'up', stable: 'square', improved: 'down' };

export const DISEASE_STATUS: TrackSource = {
  id: 'disease-status',
  title: 'Disease status',
  keys: ['observationsDiseaseStatus'],
  read: ({ chart, terminology, today }) =>
    readAssessments(chart.readings, chart.spread.primaries, terminology).map(({ course, date, whose, evidence }) => ({
      lane: 'assessment',
      label: `disease ${course ?? 'status without a course that could be read'}`,
      word: course ?? 'unclear',
      look: { shape: course === undefined ? 'unclear' : SHAPES[course], fill: 'ink', isHollow: course === 'stable' },
      placement: momentIn(date, true, today),
      when: date?.text ?? '',
      remark: whose === 'open' ? NOT_LINKED : undefined,
      evidence: [evidence],
    })),
};
