import type { Source } from '../guideline/card.ts';
import { criteriaOf } from '../guideline/compile.ts';
import { CRITERIA } from '../guideline/criteria/registry.ts';
import type { Card } from '../guideline/guideline.ts';
import { type AppSection, allIn, type Catalogue, citable, type Statement } from '../guideline/statements.ts';

/** Everything that traceability is about. */
export interface Traced {
  readonly catalogue: Catalogue;
  readonly cards: readonly Card[];
  readonly sources: readonly Source[];
}

/** Where a statement is shown, or why it is not. */
export interface Home {
  readonly statement: Statement;
  /** Ids of the cards that list it. */
  readonly cards: readonly string[];
  readonly app?: AppSection;
  readonly unused?: string;
}

/** The home of every statement, evidence item and conflict, in the order of the catalogue. */
export function homesOf({ catalogue, cards }: Pick<Traced, 'catalogue' | 'cards'>): readonly Home[] {
  return citable(catalogue).map((statement) => ({
    statement,
    cards: cards.filter(({ file }) => file.statements.includes(statement.id)).map(({ file }) => file.id),
    ...(statement.app === undefined ? {} : { app: statement.app }),
    ...(statement.unused === undefined ? {} : { unused: statement.unused }),
  }));
}

/** What is not traceable: statements without a home, and references that lead nowhere. */
export function traceProblems(traced: Traced): readonly string[] {
  const { catalogue, cards, sources } = traced;
  const statements = new Set(citable(catalogue).map(({ id }) => id));
  const everything = new Set(allIn(catalogue).map(({ id }) => id));
  const sourceIds = new Set(sources.map(({ id }) => id));
  return [
    ...homesOf(traced).flatMap(homeProblems),
    ...citable(catalogue).flatMap(({ id, sources: cited }) =>
      cited.filter((source) => !sourceIds.has(source)).map((source) => `${id}: there is no source ${source}`),
    ),
    ...cards.flatMap(({ file }) =>
      file.statements.filter((id) => !statements.has(id)).map((id) => `${file.id}.yaml: there is no statement ${id}`),
    ),
    ...[...CRITERIA.values()].flatMap(({ id, basis }) =>
      basis.filter((one) => !everything.has(one)).map((one) => `criterion ${id}: there is no statement or rule ${one}`),
    ),
  ];
}

function homeProblems({ statement: { id }, cards, app, unused }: Home): readonly string[] {
  const shown = cards.length > 0 || app !== undefined;
  if (!shown && unused === undefined) return [`${id} has no home: no card, no section of the app, and no reason`];
  if (shown && unused !== undefined)
    return [`${id} is said to be unused (${unused}), and is shown: ${[...cards, app].join(' ').trim()}`];
  return [];
}

/** Criteria that no card names, by id. */
export function unusedCriteria(cards: readonly Card[]): readonly string[] {
  const used = new Set(cards.flatMap((card) => criteriaOf(card)));
  return [...CRITERIA.keys()].filter((id) => !used.has(id));
}

/** Sources on which neither a card nor a statement rests, by id. */
export function unusedSources({ catalogue, cards, sources }: Traced): readonly string[] {
  const used = new Set([
    ...citable(catalogue).flatMap((statement) => statement.sources),
    ...cards.flatMap(({ file }) => file.sources),
  ]);
  return sources.map(({ id }) => id).filter((id) => !used.has(id));
}
