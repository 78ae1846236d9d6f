import { momentInWords } from '../parts/moment.ts';
import type { Situation } from '../situation.ts';
import { type Identity, identityOf } from './identity.ts';

/** On every printed page, and nowhere else: whose chart it is, as it was read when. */
export function PrintLine({ situation: { readings, now } }: { readonly situation: Situation }) {
  return (
    <p class="print-line">
      {whoIn(identityOf(readings, now))} – chart read {momentInWords(now)} – ASPS guideline app
    </p>
  );
}

function whoIn(identity: Identity | undefined): string {
  if (identity === undefined) return 'Name and birth date not read';
  const { name = 'Name not recorded', born } = identity;
  return `${name}, ${born === undefined ? 'birth date not recorded' : `born ${born}`}`;
}
