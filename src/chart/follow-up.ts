import type { Day } from './calendar.ts';
import type { DraftOrder } from './draft-orders.ts';
import { monthsUntil } from './duration.ts';
import { coverage, type Evidence, type Fact, newestFirst, no, notFound, unknown, withValue, yes } from './fact.ts';
import { type ImagingRecord, imagesOf, type Study } from './imaging.ts';
import type { Readings } from './reading.ts';
import type { Settings } from './settings.ts';

/** Images that are repeated (facts: "Follow-up, contacts and supportive care"). */
export interface FollowUp {
  readonly brain: Repeated;
  readonly chest: Repeated;
}

/** The last one older than the site's interval, and the next one already asked for. */
interface Repeated {
  readonly overdue: Fact;
  readonly pending: Fact;
}

export interface FollowUpContext {
  readonly imaging: readonly ImagingRecord[];
  readonly drafts: readonly DraftOrder[];
  readonly readings: Readings;
  readonly settings: Settings;
  readonly today: Day;
}

export function readFollowUp({ imaging, drafts, readings, settings, today }: FollowUpContext): FollowUp {
  return {
    brain: repeated(['mri-brain'], settings.brainImagingIntervalMonths),
    chest: repeated(['ct-chest', 'pet-ct'], settings.chestImagingIntervalMonths),
  };

  function repeated(studies: readonly Study[], months: number | undefined): Repeated {
    const images = imagesOf(studies, imaging);
    const drafted = drafts.filter((draft) => draft.studies.some((study) => studies.includes(study)));
    return {
      overdue: overdueSince(images, months, readings, today),
      pending: pendingSinceLast(
        images,
        drafted.map((draft) => draft.evidence),
        readings,
      ),
    };
  }
}

/**
 * Is the last of the images older than so many months? The whole of its date has to be. Without an interval nothing is
 * ever overdue, and neither is what was never done: its first time is another question.
 */
function overdueSince(
  images: readonly ImagingRecord[],
  months: number | undefined,
  readings: Readings,
  today: Day,
): Fact {
  if (months === undefined) return no([]);
  const done = images.filter(({ state }) => state === 'done');
  const none = notFound(readings, ['procedures', 'diagnosticReports'], ['imagingStudies']);
  if (done.length === 0) return none;
  const ages = done.map((image) => ({
    image,
    age: image.date === undefined ? undefined : monthsUntil(image.date, today),
  }));
  const recent = ages.filter(({ age }) => age !== undefined && age.most < months).map(({ image }) => image);
  if (recent.length > 0) return no(newestFirst(recent), none);
  const open = ages.filter(({ age }) => age === undefined || age.least < months).map(({ image }) => image);
  if (open.length > 0) return unknown(newestFirst(open), none, 'date-not-comparable');
  // A newer image may stand where we could not look.
  if (none.state !== 'no') return unknown(newestFirst(done), none);
  const latest = newestFirst(done);
  return withValue(yes(latest.slice(0, 1), none), latest[0]?.date?.text ?? '');
}

/** Is the next of the images on order, drafted or booked? An order from before the last one that was done is not for the next. */
function pendingSinceLast(images: readonly ImagingRecord[], drafted: readonly Evidence[], readings: Readings): Fact {
  const last = images
    .filter(({ state }) => state === 'done')
    .reduce((latest, { date }) => Math.max(latest, date?.start ?? -Infinity), -Infinity);
  const asked = images.filter(({ date }) => date === undefined || date.end >= last);
  const ordered = asked.filter(({ state }) => state === 'ordered');
  if (ordered.length + drafted.length > 0) return yes([...drafted, ...newestFirst(ordered)]);
  const none = notFound(readings, ['serviceRequests', 'procedures', 'diagnosticReports'], ['imagingStudies']);
  // Closed after the last image: made, perhaps, and not on file yet.
  const closed = asked.filter(({ state, date }) => state === 'order-completed' && (date?.end ?? last) > last);
  return closed.length > 0 ? unknown(newestFirst(closed), none, 'date-not-comparable') : none;
}

/** Was nothing of the chest imaged since the resection, which itself lies at least so many days back? */
export function noChestImagingSince(
  imaging: readonly ImagingRecord[],
  resection: Fact,
  daysAfter: number,
  readings: Readings,
  today: Day,
): Fact {
  if (resection.state !== 'yes') return resection.state === 'no' ? no([]) : resection;
  const dates = resection.evidence.flatMap(({ date }) => date ?? []);
  const [last] = dates.toSorted((a, b) => b.end - a.end);
  if (last === undefined) return unknown(resection.evidence, undefined, 'date-not-comparable');
  // What was imaged for the operation is still of use: nothing is missing yet.
  if (last.start > today - daysAfter) return no(resection.evidence);
  const done = imagesOf(['ct-chest', 'pet-ct'], imaging).filter(({ state }) => state === 'done');
  const sources = coverage(readings, ['procedures', 'diagnosticReports', 'imagingStudies']);
  const since = done.filter(({ date }) => date !== undefined && date.start > last.end);
  if (since.length > 0) return no(newestFirst(since), sources);
  const open = done.filter(({ date }) => date === undefined || date.end > last.start);
  if (open.length > 0) return unknown(newestFirst(open), sources, 'date-not-comparable');
  if (last.end > today - daysAfter) return unknown(resection.evidence, sources, 'date-not-comparable');
  const none = notFound(readings, ['procedures', 'diagnosticReports'], ['imagingStudies']);
  return none.state === 'no' ? yes(resection.evidence, none) : unknown(resection.evidence, none);
}
