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

/** `workspace` and `call` are parts of a page, for a page that is there already. */
export type Template = 'patients' | 'chart' | 'workspace' | 'call-page' | 'call' | 'problem' | 'problem-part';

export function render(template: Template, content: object): string {
  return String(engine.renderFileSync(template, content));
}
