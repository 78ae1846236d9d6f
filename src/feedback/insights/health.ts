import { compareText } from './compare-text.ts';
import type { TallyFigures } from './figures.ts';
import type { HealthInsight } from './insights.ts';
import { proportion, sum } from './outcomes.ts';

interface Counted {
  readonly subject: string;
  readonly count: number;
}

/** How the service itself did, from its tallies. */
export function healthOf(tallies: readonly TallyFigures[]): HealthInsight {
  const byStatus = counted(tallies, 'call').toSorted((a, b) => compareText(a.subject, b.subject));
  const answers = new Map(counted(tallies, 'answered').map(({ subject, count }) => [subject, count]));
  const answered = {
    asps: answers.get('asps') ?? 0,
    suspected: answers.get('suspected') ?? 0,
    notAsps: answers.get('not-asps') ?? 0,
  };
  const buckets = counted(tallies, 'duration').map(({ subject, count }) => ({
    bound: subject === '+Inf' ? Number.POSITIVE_INFINITY : Number(subject),
    count,
  }));
  return {
    calls: sum(byStatus.map(({ count }) => count)),
    byStatus: byStatus.map(({ subject, count }) => ({ status: subject, count })),
    answered,
    latency: {
      n: sum(buckets.map(({ count }) => count)),
      p50: quantile(buckets, 0.5),
      p95: quantile(buckets, 0.95),
    },
    fhir: mostFirst(counted(tallies, 'fhir')).map(({ subject, count }) => ({ outcome: subject, count })),
    unread: mostFirst(counted(tallies, 'unread')).map(({ subject, count }) => ({
      key: subject,
      // Tallies of one answer may be written apart, and those of the last seconds are lost with a process that is killed.
      missing: proportion(count, Math.max(count, readCharts(answered))),
    })),
  };
}

/** Answers for which the whole chart was looked for. */
function readCharts({ asps, suspected }: HealthInsight['answered']): number {
  return asps + suspected;
}

function counted(tallies: readonly TallyFigures[], measure: string): readonly Counted[] {
  const bySubject = Map.groupBy(
    tallies.filter((tally) => tally.measure === measure),
    ({ subject }) => subject,
  );
  return [...bySubject].map(([subject, same]) => ({ subject, count: sum(same.map(({ count }) => count)) }));
}

function mostFirst(items: readonly Counted[]): readonly Counted[] {
  return items.toSorted((a, b) => b.count - a.count || compareText(a.subject, b.subject));
}

/** The upper bound of the bucket in which the quantile lies; undefined of nothing. */
function quantile(
  buckets: readonly { readonly bound: number; readonly count: number }[],
  part: number,
): number | undefined {
  const needed = part * sum(buckets.map(({ count }) => count));
  let reached = 0;
  for (const { bound, count } of buckets.toSorted((a, b) => a.bound - b.bound)) {
    reached += count;
    if (count > 0 && reached >= needed) return bound;
  }
  return undefined;
}
