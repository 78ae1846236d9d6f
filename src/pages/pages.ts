import express from 'express';
import helmet from 'helmet';
import type { Card, Guideline } from '../guideline/guideline.ts';
import type { Catalogue } from '../guideline/statements.ts';
import { cardGroups } from './card-list-view.ts';
import { cardView } from './card-view.ts';
import { type Page, renderPage, STYLESHEET } from './render.ts';
import { type ValueSetView, valueSetViews } from './value-set-view.ts';

export interface PagesOptions {
  /** Without it, pages name what a card rests on by its ids alone. */
  readonly catalogue?: Catalogue;
  /** For reviews that are overdue. */
  readonly now?: () => Date;
  /** May everybody call? Default is true: a page must not promise a check that there is not. */
  readonly isOpen?: boolean;
  /** Is there a demo EHR to lead to? Default is false. */
  readonly hasDemo?: boolean;
  /** Are there insights to lead to? Default is false. */
  readonly hasInsights?: boolean;
}

/** Whose guideline the pages show: everyone's, or – with its name as `?site=` – that of a client with an overlay of its own. */
export type GuidelineOfSite = (site: string | undefined) => Guideline | undefined;

/** What the pages of one guideline are made from. */
interface Shelf {
  readonly guideline: Guideline;
  readonly cards: ReadonlyMap<string, Card>;
  readonly valueSets: ReadonlyMap<string, ValueSetView>;
  /** Working out every wording takes a moment, and does not change while the service runs. */
  readonly views: Map<string, object>;
}

/** The pages for people (CH-17): what this is, and for each card its evidence and its criteria. No patient data, no script. */
export function guidelinePages(
  guidelineOf: GuidelineOfSite,
  publicUrl: () => string,
  { catalogue, now = () => new Date(), isOpen = true, hasDemo = false, hasInsights = false }: PagesOptions = {},
): express.Router {
  const shelves = new Map<Guideline, Shelf>();
  const today = () => now().toISOString().slice(0, 10);
  const pages = express.Router({ caseSensitive: true });
  const protect = helmet({
    contentSecurityPolicy: {
      directives: { defaultSrc: ["'none'"], styleSrc: ["'self'"], upgradeInsecureRequests: null },
    },
    // Whoever terminates TLS sets it; over plain http it has no meaning.
    strictTransportSecurity: false,
  });
  pages.get('/page.css', protect, (_request, response) => {
    response.type('css').send(STYLESHEET);
  });
  page('/', ({ guideline }) => [
    'start',
    {
      title: guideline.file.name,
      url: publicUrl(),
      isOpen,
      hasDemo,
      hasInsights,
      groups: cardGroups(guideline, today()),
    },
  ]);
  page('/evidence', ({ guideline }) => [
    'cards',
    { title: 'Cards', guideline: guideline.file, groups: cardGroups(guideline, today()) },
  ]);
  page('/evidence/value-sets', ({ valueSets }) => [
    'value-sets',
    { title: 'Value sets', valueSets: [...valueSets.values()] },
  ]);
  page('/evidence/value-sets/:id', ({ valueSets }, id) => {
    const valueSet = valueSets.get(id);
    return valueSet === undefined ? undefined : ['value-set', { title: valueSet.title, valueSet }];
  });
  page('/evidence/:id', ({ guideline, cards, valueSets, views }, id) => {
    const card = cards.get(id);
    if (card === undefined) return undefined;
    const view = views.get(id) ?? cardView(card, guideline, valueSets, catalogue);
    views.set(id, view);
    return ['card', { title: card.file.title, ...view, isOverdue: today() > card.file.reviewDue }];
  });
  return pages;

  /** A page of whichever guideline is asked for; without one, or without what the page is of, it is not found. */
  function page(path: string, contentOf: (shelf: Shelf, id: string) => readonly [Page, object] | undefined): void {
    pages.get(path, protect, (request, response, next) => {
      const { site } = request.query;
      const guideline = site === undefined || typeof site === 'string' ? guidelineOf(site) : undefined;
      const { id } = request.params;
      const found = guideline && contentOf(shelfOf(guideline), typeof id === 'string' ? id : '');
      if (found === undefined) {
        next();
        return;
      }
      const [name, content] = found;
      const query = typeof site === 'string' ? `?site=${encodeURIComponent(site)}` : '';
      response.type('html').send(renderPage(name, content, query));
    });
  }

  function shelfOf(guideline: Guideline): Shelf {
    const known = shelves.get(guideline);
    if (known !== undefined) return known;
    const shelf: Shelf = {
      guideline,
      cards: new Map([...guideline.cards, ...guideline.off].map((card) => [card.file.id, card])),
      valueSets: valueSetViews(guideline.valueSets),
      views: new Map(),
    };
    shelves.set(guideline, shelf);
    return shelf;
  }
}
