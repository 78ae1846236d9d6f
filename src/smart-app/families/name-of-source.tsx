import type { NamedSource } from './families-view.ts';

/** A publication by name, kind and year; a link where an address was read. */
export function NameOfSource({ label, about, url }: NamedSource) {
  return (
    <span class="families-source">
      {url === undefined ? (
        label
      ) : (
        <a href={url} target="_blank" rel="noopener noreferrer">
          {label}
        </a>
      )}{' '}
      ({about})
    </span>
  );
}
