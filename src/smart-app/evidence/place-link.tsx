import type { ComponentChildren } from 'preact';
import { unfold } from '../parts/unfold.ts';

interface PlaceLinkProps {
  /** Of an element of the panel. */
  readonly id: string;
  readonly children: ComponentChildren;
}

/** Leads to a place in the panel, which may be folded away: opened here, as not every browser does it. */
export function PlaceLink({ id, children }: PlaceLinkProps) {
  return (
    <a href={`#${id}`} onClick={() => unfold(document.getElementById(id))}>
      {children}
    </a>
  );
}
