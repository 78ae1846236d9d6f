import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { templateEngine } from './template-engine.ts';

const engine = templateEngine(fileURLToPath(new URL('templates/', import.meta.url)));

export type Page =
  | 'start'
  | 'cards'
  | 'card'
  | 'value-sets'
  | 'value-set'
  | 'smart-launch'
  | 'smart-refusal'
  | 'smart-unavailable'
  | 'smart-app'
  | 'insights'
  | 'insights-table'
  | 'insights-message'
  | 'insights-sign-in';

/** The page as HTML; `query` goes on with each link between the pages. */
export function renderPage(page: Page, content: object, query = ''): string {
  return String(engine.renderFileSync(page, { ...content, query }));
}

export const STYLESHEET = readFileSync(new URL('page.css', import.meta.url), 'utf8');

export const INSIGHTS_STYLESHEET = readFileSync(new URL('insights.css', import.meta.url), 'utf8');
