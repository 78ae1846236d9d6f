import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Cautions } from './cautions.tsx';
import { PlaceLink } from './place-link.tsx';
import type { SourceName } from './source-view.ts';

/** The sources by id. */
export const SourceNames = createContext<ReadonlyMap<string, SourceName>>(new Map());

/** Where something was read. One that has no address leads to its entry in the list, which says why. */
export function SourceLinks({ ids }: { readonly ids: readonly string[] }) {
  const names = useContext(SourceNames);
  return (
    <ul class="evidence-sources">
      {ids.map((id) => (
        <li key={id}>
          <SourceLink name={names.get(id) ?? { id, label: id, caution: 'not in the list of sources' }} />
        </li>
      ))}
    </ul>
  );
}

function SourceLink({ name: { id, label, url, caution } }: { readonly name: SourceName }) {
  return (
    <>
      {url === undefined ? (
        <PlaceLink id={`evidence-source-${id}`}>{label}</PlaceLink>
      ) : (
        <PublicationLink url={url} label={label} />
      )}
      <Cautions texts={caution === undefined ? [] : [caution]} />
    </>
  );
}

/** Leaves the app: in a tab of its own, which learns nothing of this one. */
export function PublicationLink({ url, label }: { readonly url: string; readonly label: string }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {label}
      <span class="heard"> (opens a new tab)</span>
    </a>
  );
}
