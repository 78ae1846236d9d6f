import { Fragment } from 'preact';
import type { Card } from '../../guideline/guideline.ts';
import { CardLink } from '../parts/card-link.tsx';

interface CardLinksProps {
  readonly title: string;
  readonly ids: readonly string[];
  readonly cards: ReadonlyMap<string, Card>;
}

/** Links to these cards among the recommendations. Nothing where the guideline has none of them. */
export function CardLinks({ title, ids, cards }: CardLinksProps) {
  const named = ids.flatMap((id) => cards.get(id) ?? []);
  if (named.length === 0) return null;
  return (
    <p class="pathway-cards">
      {title}:{' '}
      {named.map(({ file }, at) => (
        <Fragment key={file.id}>
          {at > 0 && '; '}
          <CardLink cardId={file.id}>{file.title}</CardLink>
        </Fragment>
      ))}
    </p>
  );
}
