import express from 'express';
import helmet from 'helmet';
import { CRITERIA } from '../guideline/criteria/registry.ts';
import type { Card, Guideline } from '../guideline/guideline.ts';
import { criteriaOf } from '../guideline/load.ts';
import { Facts } from '../guideline/template.ts';
import { renderPage, STYLESHEET } from './layout.ts';

/** The pages for people: what this is, and for each card its evidence and its criteria. No patient data, no script. */
export function guidelinePages(guideline: Guideline, publicUrl: () => string): express.Router {
  const byId = new Map(guideline.cards.map((card) => [card.file.id, card]));
  const pages = express.Router();
  const protect = helmet({
    contentSecurityPolicy: {
      directives: { defaultSrc: ["'none'"], styleSrc: ["'self'"], upgradeInsecureRequests: null },
    },
    // Whoever terminates TLS sets it; over plain http it has no meaning.
    strictTransportSecurity: false,
  });
  pages.get('/', protect, (_request, response) => {
    response
      .type('html')
      .send(renderPage('start', { title: guideline.file.name, url: publicUrl(), cards: cardRows(guideline) }));
  });
  pages.get('/page.css', protect, (_request, response) => {
    response.type('css').send(STYLESHEET);
  });
  pages.get('/evidence', protect, (_request, response) => {
    response.type('html').send(renderPage('cards', { title: 'Cards', cards: cardRows(guideline) }));
  });
  pages.get('/evidence/:cardId', protect, (request, response, next) => {
    const card = byId.get(request.params.cardId);
    if (card === undefined) next();
    else response.type('html').send(renderPage('card', { title: card.file.title, ...cardView(card, guideline) }));
  });
  return pages;
}

function cardRows({ cards }: Guideline): readonly object[] {
  return cards.map(({ file, hooks }) => ({
    id: file.id,
    title: file.title,
    hooks: [...hooks.keys()].join(', '),
    evidenceLevel: file.evidenceLevel,
    reviewed: file.reviewed,
  }));
}

function cardView(card: Card, guideline: Guideline): object {
  const { file, hooks, evidence, regulatory, sources, overrideReasons } = card;
  // The figures of a card do not depend on a patient; a text that does shows no variable here.
  const noPatient = {
    facts: new Facts(() => 'unknown'),
    values: new Facts(() => ''),
    orderedDrugs: '',
    weight: { kg: '', date: '', doseMg: '' },
  };
  return {
    file,
    hooks: [...hooks.keys()].join(', '),
    evidence: evidence.criteria.length === 0 ? evidence.render(noPatient) : '',
    regulatory: regulatory.criteria.length === 0 ? regulatory.render(noPatient) : '',
    criteria: criteriaOf(card)
      .flatMap((id) => CRITERIA.get(id) ?? [])
      .map(({ id, question, basis }) => ({ id, question, basis: basis.join(', ') })),
    statements: file.statements.join(', '),
    jurisdiction: file.jurisdiction.join(', '),
    sources: sources.map((source) => ({ regulator: '', year: '', note: '', ...source })),
    overrideReasons,
    limits: guideline.file.limits,
  };
}
