import express from 'express';
import helmet from 'helmet';
import type { Guideline } from '../guideline/guideline.ts';
import type { Catalogue } from '../guideline/statements.ts';
import { cardGroups } from './card-list-view.ts';
import { cardView } from './card-view.ts';
import { renderPage, STYLESHEET } from './render.ts';
import { valueSetViews } from './value-set-view.ts';

export interface PagesOptions {
  /** Without it, pages name what a card rests on by its ids alone. */
  readonly catalogue?: Catalogue;
  /** For reviews that are overdue. */
  readonly now?: () => Date;
}

/** The pages for people: what this is, and for each card its evidence and its criteria. No patient data, no script. */
export function guidelinePages(
  guideline: Guideline,
  publicUrl: () => string,
  { catalogue, now = () => new Date() }: PagesOptions = {},
): express.Router {
  const byId = new Map([...guideline.cards, ...guideline.off].map((card) => [card.file.id, card]));
  const valueSets = valueSetViews(guideline.valueSets);
  // Working out every wording takes a moment, and does not change while the service runs.
  const views = new Map<string, object>();
  const today = () => now().toISOString().slice(0, 10);
  const pages = express.Router();
  const protect = helmet({
    contentSecurityPolicy: {
      directives: { defaultSrc: ["'none'"], styleSrc: ["'self'"], upgradeInsecureRequests: null },
    },
    // Whoever terminates TLS sets it; over plain http it has no meaning.
    strictTransportSecurity: false,
  });
  pages.get('/', protect, (_request, response) => {
    const content = { title: guideline.file.name, url: publicUrl(), groups: cardGroups(guideline, today()) };
    response.type('html').send(renderPage('start', content));
  });
  pages.get('/page.css', protect, (_request, response) => {
    response.type('css').send(STYLESHEET);
  });
  pages.get('/evidence', protect, (_request, response) => {
    const content = { title: 'Cards', guideline: guideline.file, groups: cardGroups(guideline, today()) };
    response.type('html').send(renderPage('cards', content));
  });
  pages.get('/evidence/value-sets', protect, (_request, response) => {
    response.type('html').send(renderPage('value-sets', { title: 'Value sets', valueSets: [...valueSets.values()] }));
  });
  pages.get('/evidence/value-sets/:valueSetId', protect, (request, response, next) => {
    const valueSet = valueSets.get(request.params.valueSetId);
    if (valueSet === undefined) next();
    else response.type('html').send(renderPage('value-set', { title: valueSet.title, valueSet }));
  });
  pages.get('/evidence/:cardId', protect, (request, response, next) => {
    const card = byId.get(request.params.cardId);
    if (card === undefined) {
      next();
      return;
    }
    const view = views.get(card.file.id) ?? cardView(card, guideline, valueSets, catalogue);
    views.set(card.file.id, view);
    const isOverdue = today() > card.file.reviewDue;
    response.type('html').send(renderPage('card', { title: card.file.title, ...view, isOverdue }));
  });
  return pages;
}
