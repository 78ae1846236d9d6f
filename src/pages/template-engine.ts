import { readdirSync, readFileSync } from 'node:fs';
import { Liquid } from 'liquidjs';

const ENDING = '.liquid';

/** The templates of a folder, read once. Everything that a template puts in is escaped. */
export function templateEngine(folder: string): Liquid {
  return new Liquid({
    outputEscape: 'escape',
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    cache: true,
    templates: Object.fromEntries(
      readdirSync(folder)
        .filter((file) => file.endsWith(ENDING))
        .map((file) => [file.slice(0, -ENDING.length), readFileSync(folder + file, 'utf8')]),
    ),
  });
}
