import { createPatience, type Patience } from '../cds-hooks/patience.ts';
import { countAlone, type RateCount } from './rate-count.ts';

/** Counts requests for all processes together. */
export interface SharedCounter {
  /**
   * Counts one request in the window that is open, or opens one, and settles in the end.
   *
   * @param now in milliseconds since 1970
   * @throws {Error} rejects, if it cannot tell; the request may have been counted or not.
   */
  hit(key: string, windowMs: number, now: number): Promise<RateCount>;
}

export interface SharedRate {
  readonly counter: SharedCounter;
  /** What is counted apart from everything else. */
  readonly kind: 'calls' | 'feedback' | 'discovery';
  /** A request was counted by this process alone. */
  readonly onFallback?: () => void;
  /** How long a request waits for the shared count, before the process counts alone. Default is {@link WAIT_MS} of its own. */
  readonly patience?: Patience;
}

/** A clinician waits for the call behind it. */
const WAIT_MS = 150;

/**
 * Counts for all processes. Each counts for itself as well, and goes by that while the shared count fails or is late: a client
 * may then send as much to each process as it may send to all.
 *
 * @returns counts one request; never rejects
 */
export function countTogether({
  counter,
  kind,
  onFallback = () => {},
  patience = createPatience(WAIT_MS),
}: SharedRate) {
  const count = countAlone();
  return async (client: string, windowMs: number, now: number): Promise<RateCount> => {
    const alone = count(client, windowMs, now);
    const together = await patience(counter.hit(`${kind}:${client}`, windowMs, now));
    if (together === undefined) onFallback();
    return together ?? alone;
  };
}
