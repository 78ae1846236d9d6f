import type { Source } from './card.ts';
import type { Contrast, Figure, Outcomes } from './figure.ts';
import { faultsOf } from './figure-faults.ts';
import { Reader, Schemas } from './reader.ts';
import type { GuidelineFiles } from './source-file.ts';
import { type Catalogue, citable } from './statements.ts';

const FILE = 'outcomes.yaml';

/** The figures of a cards folder, or everything that is wrong with them. */
export function readOutcomes(files: GuidelineFiles): Outcomes | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const read = new Reader('cards/', files, new Schemas(files, 'cards/'), problems).required<Outcomes>(FILE, 'outcomes');
  if (read === undefined) return { problems };
  const { content, problem } = read;
  problems.push(...faultsOf(content).map(({ path, what }) => problem(path, what)));
  return problems.length > 0 ? { problems } : content;
}

/** Every statement, evidence item and conflict that a figure is of. */
export function statementsIn(outcomes: Outcomes): ReadonlySet<string> {
  return new Set(citedIn(outcomes).flatMap(({ statements }) => statements));
}

/** References of the figures that lead nowhere. */
export function unknownCitations(
  outcomes: Outcomes,
  { catalogue, sources }: { readonly catalogue: Catalogue; readonly sources: readonly Source[] },
): readonly string[] {
  const sourceIds = new Set(sources.map(({ id }) => id));
  const statementIds = new Set(citable(catalogue).map(({ id }) => id));
  return citedIn(outcomes).flatMap((cited) => {
    const place = `${FILE}: ${'id' in cited ? cited.id : `contrast of ${cited.figures.join(', ')}`}`;
    return [
      ...cited.sources.filter((id) => !sourceIds.has(id)).map((id) => `${place}: there is no source ${id}`),
      ...cited.statements.filter((id) => !statementIds.has(id)).map((id) => `${place}: there is no statement ${id}`),
    ];
  });
}

function citedIn(outcomes: Outcomes): readonly (Figure | Contrast)[] {
  const { responses, medians, survival, occurrences, reactions, contrasts } = outcomes;
  return [...responses, ...medians, ...survival, ...occurrences, ...reactions, ...contrasts];
}
