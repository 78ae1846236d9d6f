import { Cautions } from './cautions.tsx';
import { PublicationLink } from './source-links.tsx';
import type { SourceEntry, SourceGroup } from './source-view.ts';

/** Where everything comes from, and what to hold of it. */
export function Sources({ groups }: { readonly groups: readonly SourceGroup[] }) {
  return groups.map(({ title, isUnreviewed, entries }) => (
    <details key={title} class="evidence-topic" open={isUnreviewed}>
      <summary>
        {title} ({entries.length})
      </summary>
      <ul class="evidence-items">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
    </details>
  ));
}

function Entry({ entry: { id, label, url, caution, facts, ofItself } }: { readonly entry: SourceEntry }) {
  return (
    <li id={`evidence-source-${id}`}>
      <p>
        {url === undefined ? label : <PublicationLink url={url} label={label} />}
        <Cautions texts={caution === undefined ? [] : [caution]} />
      </p>
      <p class="small">{facts.join('. ')}.</p>
      {ofItself.length > 0 && <p class="small quiet">Recorded of it: {ofItself.join('. ')}.</p>}
    </li>
  );
}
