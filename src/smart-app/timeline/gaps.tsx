import { Records } from '../parts/records.tsx';
import type { Track } from './view.ts';
import { whenInWords } from './words.ts';

/** What the picture has no place for: events without a date, and what was not read or not found. */
export function Gaps({ tracks }: { readonly tracks: readonly Track[] }) {
  const open = tracks.filter(({ unplaced, remarks }) => unplaced.length + remarks.length > 0);
  if (open.length === 0) return null;
  return (
    <>
      <h3>Not in the picture</h3>
      <dl class="timeline-gaps">
        {open.map(({ id, title, unplaced, remarks }) => (
          <div key={id}>
            <dt>{title}</dt>
            {unplaced.map((event) => (
              <dd key={event.id}>
                {whenInWords(event)}: {event.label}
                {event.remark !== undefined && <span class="quiet"> – {event.remark}</span>}{' '}
                <Records evidence={event.evidence} />
              </dd>
            ))}
            {remarks.map((remark) => (
              <dd key={remark}>{remark}</dd>
            ))}
          </div>
        ))}
      </dl>
    </>
  );
}
