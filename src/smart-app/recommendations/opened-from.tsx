import { inTheWay } from '../../guideline/assess-condition.ts';
import { assessed } from '../assessed.ts';
import { answersInShort } from '../parts/answer-words.ts';
import { CardLink } from '../parts/card-link.tsx';
import type { Situation } from '../situation.ts';
import { NOW } from './now.ts';

/** Which card the app was opened from, what it comes to now and what decided that: first of all, however small the screen. */
export function OpenedFrom({ situation }: { readonly situation: Situation }) {
  const opened = assessed(situation).assessments.find(({ card }) => card.file.id === situation.openedFrom);
  if (opened === undefined) return null;
  const { card, texts, outcome, condition } = opened;
  const because = answersInShort(texts === undefined ? inTheWay(condition) : texts.basis);
  return (
    <section class="opened-from" aria-label="Opened from">
      <span class="quiet">Opened from the card</span> <strong>{texts?.summary ?? card.file.title}</strong> –{' '}
      {NOW[outcome]}
      {because !== '' && `: ${because}`}. <CardLink cardId={card.file.id}>All of its criteria</CardLink>
    </section>
  );
}
