import { Fragment } from 'preact';
import { Records } from '../parts/records.tsx';
import type { TimelineEvent } from './event.ts';
import { byTime, type Track } from './view.ts';
import { whenInWords } from './words.ts';

/** The same events as the picture's, and those that it has no place for. Each opens the records behind it. */
export function TimelineTable({ tracks }: { readonly tracks: readonly Track[] }) {
  const shown = tracks.filter(({ lanes, unplaced }) => lanes.length + unplaced.length > 0);
  if (shown.length === 0) return <p>No event was found.</p>;
  return (
    <section class="table-scroll" tabIndex={0} aria-label="Timeline as a table">
      <table class="timeline-table">
        <caption>The events of the timeline by track, the earliest first</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Records</th>
          </tr>
        </thead>
        {shown.map((track) => (
          <tbody key={track.id}>
            <tr>
              <th scope="rowgroup" colSpan={3} class="timeline-track-head">
                {track.title}
              </th>
            </tr>
            {eventsOf(track).map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

function EventRow({ event }: { readonly event: TimelineEvent }) {
  return (
    <tr>
      <td class="timeline-when">
        <UnbrokenWords text={whenInWords(event)} />
      </td>
      <td>
        {event.label}
        {event.remark !== undefined && <span class="quiet"> – {event.remark}</span>}
      </td>
      <td>
        <Records evidence={event.evidence} />
      </td>
    </tr>
  );
}

/** Breaks between words alone: a date has hyphens, and stays on its line. */
function UnbrokenWords({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(' ').map((word, at) => (
        <Fragment key={`${at} ${word}`}>
          {at > 0 && ' '}
          <span class="timeline-unbroken">{word}</span>
        </Fragment>
      ))}
    </>
  );
}

/** By time, those without a place last. */
export function eventsOf({ lanes, unplaced }: Pick<Track, 'lanes' | 'unplaced'>): readonly TimelineEvent[] {
  return [...lanes.flatMap(({ events }) => events).toSorted(byTime), ...unplaced];
}
