import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Liquid } from 'liquidjs';

const FOLDER = fileURLToPath(new URL('templates/', import.meta.url));
const ENDING = '.liquid';

/** Read once, at start. Everything that a template puts in is escaped. */
const engine = new Liquid({
  outputEscape: 'escape',
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  cache: true,
  templates: Object.fromEntries(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith(ENDING))
      .map((file) => [file.slice(0, -ENDING.length), readFileSync(FOLDER + file, 'utf8')]),
  ),
});

export type Page =
  | 'start'
  | 'cards'
  | 'card'
  | 'value-sets'
  | 'value-set'
  | 'smart-launch'
  | 'smart-refusal'
  | 'smart-app';

/** The page as HTML; `query` goes on with each link between the pages. */
export function renderPage(page: Page, content: object, query = ''): string {
  return String(engine.renderFileSync(page, { ...content, query }));
}

export const STYLESHEET = readFileSync(new URL('page.css', import.meta.url), 'utf8');
