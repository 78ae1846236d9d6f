import type { ComponentChildren } from 'preact';
import { unfold } from './unfold.ts';

/** Where a card stands on the page. */
export function cardAnchor(cardId: string): string {
  return `card-${cardId}`;
}

interface CardLinkProps {
  readonly cardId: string;
  readonly children: ComponentChildren;
}

/** Leads to a card in the list of recommendations: opens it and whatever it stands in, and goes on from there. */
export function CardLink({ cardId, children }: CardLinkProps) {
  const id = cardAnchor(cardId);
  return (
    <a
      href={`#${id}`}
      onClick={(event) => {
        const card = document.getElementById(id);
        if (card === null) return;
        // Following the address would leave the keyboard at the top of the page.
        event.preventDefault();
        reveal(card);
      }}
    >
      {children}
    </a>
  );
}

function reveal(card: HTMLElement): void {
  unfold(card);
  card.scrollIntoView();
  card.querySelector('summary')?.focus();
}
