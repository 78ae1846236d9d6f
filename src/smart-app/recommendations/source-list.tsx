import type { Source } from '../../guideline/card.ts';
import { OutsideLink } from './markdown-view.tsx';

/** The publications that a card rests on: kind, population and regulator of each. */
export function SourceList({ sources }: { readonly sources: readonly Source[] }) {
  return (
    <ul class="recommendations-sources">
      {sources.map(({ id, label, url, level, population, regulator }) => (
        <li key={id}>
          {url === undefined ? label : <OutsideLink url={url}>{label}</OutsideLink>}{' '}
          <span class="quiet small">
            {[level, population, ...(regulator === undefined ? [] : [regulator])].join('; ')}
          </span>
        </li>
      ))}
    </ul>
  );
}
