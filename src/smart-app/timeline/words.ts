import type { Evidence } from '../../chart/fact.ts';
import { plainText } from '../../guideline/escape.ts';
import type { TimelineEvent } from './event.ts';

/** When it was, as the chart has it. */
export function whenInWords({ when }: Pick<TimelineEvent, 'when'>): string {
  return when === '' ? 'undated' : plainText(when);
}

/** One event in a line, with the chart's own words of its newest record. */
export function eventInWords(event: TimelineEvent): string {
  const { label, remark, evidence } = event;
  const [first] = evidence;
  const parts = [
    `${label}, ${whenInWords(event)}`,
    remark ?? '',
    first === undefined ? '' : recordInWords(first, evidence.length),
  ];
  return parts.filter((part) => part !== '').join(' – ');
}

function recordInWords({ text }: Evidence, count: number): string {
  return count > 1 ? `${plainText(text)} and ${count - 1} more` : plainText(text);
}
