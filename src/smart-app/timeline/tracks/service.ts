import { readDate, readPeriod } from '../../../chart/calendar.ts';
import { type Course, courseOf } from '../../../chart/course.ts';
import type { ServiceRecord } from '../../../chart/service-record.ts';
import { ASKED_FOR, DONE, type EventDraft, type Fill } from '../event.ts';
import { daysOf, momentIn } from '../placement.ts';
import type { TrackContext } from '../track.ts';

type Service = Pick<ServiceRecord, 'state' | 'date' | 'evidence' | 'resource'>;

interface Naming {
  readonly lane: string;
  readonly name: string;
  readonly fill?: Fill;
  readonly remark?: string | undefined;
}

/** A scan, an operation, a course of rays or a referral: done, or asked for, be it for a day to come. */
export function serviceEvent(
  { state, date, evidence, resource }: Service,
  { lane, name, fill = 'ink', remark }: Naming,
  { today }: Pick<TrackContext, 'today'>,
): EventDraft {
  if (state === 'done') {
    const course = courseOf(resource);
    if (course !== undefined) return courseEvent(course, { lane, name, fill, remark }, evidence, today);
    return {
      lane,
      label: name,
      word: '',
      look: { ...DONE, fill },
      placement: momentIn(date, true, today),
      when: date?.text ?? '',
      remark,
      evidence: [evidence],
    };
  }
  const planned = readDate(resource['occurrenceDateTime']) ?? readPeriod(resource['occurrencePeriod']);
  const day = planned ?? date;
  return {
    lane,
    label: `${name}, ${state === 'ordered' ? 'asked for' : 'order closed'}`,
    word: state === 'ordered' ? 'asked for' : 'order closed',
    look: { ...ASKED_FOR, fill },
    placement: momentIn(day, false, today),
    when: planned === undefined ? (date?.text ?? '') : `planned for ${planned.text}`,
    remark: state === 'order-completed' ? both('whether it took place, other records would say', remark) : remark,
    evidence: [evidence],
  };
}

/** A bar from its first day to its last; an end that is not recorded lies between the start and today. */
function courseEvent(
  { begin, end }: Course,
  { lane, name, fill = 'ink', remark }: Naming,
  evidence: Service['evidence'],
  today: number,
): EventDraft {
  const first = daysOf(begin) ?? { from: -Infinity, to: end?.end ?? today };
  const last = daysOf(end) ?? { from: first.to, to: Math.max(today, first.to) };
  return {
    lane,
    label: name,
    word: '',
    look: { shape: 'bar', fill, isHollow: false },
    placement: { kind: 'stretch', begin: first, end: last },
    when: [begin === undefined ? '' : begin.text, end === undefined ? '' : `to ${end.text}`]
      .filter((part) => part !== '')
      .join(' '),
    remark: both(doubtOf({ begin, end }), remark),
    evidence: [evidence],
  };
}

function doubtOf({ begin, end }: Course): string {
  if (begin === undefined) return 'its start is not recorded';
  if (end === undefined) return 'its end is not recorded';
  return end.end < begin.start ? 'as recorded it ended before it began' : '';
}

function both(one: string, other: string | undefined): string | undefined {
  if (one === '') return other;
  return other === undefined ? one : `${one}; ${other}`;
}
