import { Cautions } from './cautions.tsx';
import { PlaceLink } from './place-link.tsx';
import { SourceLinks } from './source-links.tsx';
import type { Topic } from './topic-view.ts';

/** What the sources say, in our own words, a topic at a time. */
export function Topics({ topics }: { readonly topics: readonly Topic[] }) {
  return topics.map(({ title, items, hasSurvivalFigures }) => (
    <details key={title} class="evidence-topic">
      <summary>
        {title} ({items.length})
      </summary>
      <ul class="evidence-items">
        {items.map(({ id, says, flag, sources }) => (
          <li key={id}>
            <p>
              {says} <span class="quiet small">{id}</span>
              <Cautions texts={flag === undefined ? [] : [flag]} />
            </p>
            <SourceLinks ids={sources} />
          </li>
        ))}
      </ul>
      {hasSurvivalFigures && (
        <p class="quiet">
          Figures of survival stand with their cohorts, under <PlaceLink id="evidence-survival">Survival</PlaceLink>.
        </p>
      )}
    </details>
  ));
}
