import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { chartQueries } from '../chart/queries.ts';
import type { Guideline } from '../guideline/guideline.ts';
import { type ChartState, situationOf } from './chart/open-chart.ts';
import { type ChartProgress, readChart } from './chart/read-chart.ts';
import type { Session } from './session/session.ts';

export interface ReadingChart {
  /** Undefined: not even the patient has come. */
  readonly progress: ChartProgress | undefined;
  readonly state: ChartState;
  /** Has all been read or given up, or been waited for long enough to say what applies without it? */
  readonly isSettled: boolean;
  /** When the chart was opened. */
  readonly now: Date;
  /** Reads all of it once more. */
  readonly readAgain: () => void;
}

interface ChartOptions {
  readonly session: Session;
  /** Undefined: not fetched yet, or nobody wants the chart read. */
  readonly guideline: Guideline | undefined;
  readonly onOtherPatient: () => void;
  readonly onExpired: () => void;
}

/** So long the first screen waits for the slower parts of the chart. */
const GRACE_MS = 800;
const READING: ChartState = { kind: 'reading' };

/** Reads the chart of the session once it has the guideline, whose codes are asked for; tells of it as it comes. */
export function useChart({ session, guideline, onOtherPatient, onExpired }: ChartOptions): ReadingChart {
  const [progress, setProgress] = useState<ChartProgress>();
  const [isLate, setLate] = useState(false);
  const [round, setRound] = useState(0);
  const readAgain = useCallback(() => setRound((before) => before + 1), []);
  const now = useMemo(() => new Date(), [session, round]);

  useEffect(() => {
    if (guideline === undefined) return undefined;
    const { client, iss, patientId, scope } = session;
    const queries = chartQueries(guideline.terminology);
    const reader = readChart({ client, base: iss, patientId, queries, scope, onExpired, onProgress: setProgress });
    setLate(false);
    const timer = setTimeout(() => setLate(true), GRACE_MS);
    void reader.done.then((end) => (end === 'other-patient' ? onOtherPatient() : undefined));
    return () => {
      clearTimeout(timer);
      reader.stop();
    };
  }, [session, guideline, round, onOtherPatient, onExpired]);

  const state = useMemo((): ChartState => {
    if (guideline === undefined || progress === undefined) return READING;
    const { patientId, openedFrom } = session;
    return situationOf({ guideline, progress, patientId, openedFrom, now });
  }, [session, guideline, progress, now]);
  const isSettled = progress !== undefined && (isLate || progress.pending.size === 0);
  return { progress, state, isSettled, now, readAgain };
}
