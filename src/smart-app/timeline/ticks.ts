import { type TimeInterval, utcMonday, utcMonth, utcYear } from 'd3-time';
import type { TimeWindow } from './time-window.ts';

const MS_PER_DAY = 86_400_000;

export interface Tick {
  readonly day: number;
  /** As much of the ISO date as the step calls for. */
  readonly label: string;
}

interface Step {
  /** Days apart, roughly. */
  readonly days: number;
  readonly interval: TimeInterval | null;
  /** So many characters of the ISO date. */
  readonly length: number;
}

const STEPS: readonly Step[] = [
  { days: 7, interval: utcMonday, length: 10 },
  ...[1, 3, 6].map((months) => ({ days: months * 30, interval: utcMonth.every(months), length: 7 })),
  ...[1, 2, 5, 10, 20, 50].map((years) => ({ days: years * 365, interval: utcYear.every(years), length: 4 })),
];

/** Room between two labels, in letters. */
const BETWEEN = 3;

/** Where the axis is marked: Mondays, months or years, as many as an axis so many letters long has room for. */
export function ticksIn({ from, to }: TimeWindow, letters: number): readonly Tick[] {
  const step = STEPS.find(({ days, length }) => ((to - from) / days) * (length + BETWEEN) <= letters) ?? STEPS.at(-1);
  const dates = step?.interval?.range(new Date(from * MS_PER_DAY), new Date(to * MS_PER_DAY)) ?? [];
  return dates.map((date) => ({ day: date.getTime() / MS_PER_DAY, label: isoOf(date, step?.length ?? 10) }));
}

/** The day in ISO, or its month. */
export function dayInWords(day: number, length = 10): string {
  return isoOf(new Date(Math.floor(day) * MS_PER_DAY), length);
}

function isoOf(date: Date, length: number): string {
  return date.toISOString().slice(0, length);
}
