import { Reader, Schemas } from './reader.ts';
import type { GuidelineFiles } from './source-file.ts';

/** The sections of the SMART app that statements may have their home in. */
export type AppSection =
  | 'diagnosis'
  | 'treatment'
  | 'surgery'
  | 'follow-up'
  | 'prognosis'
  | 'epidemiology'
  | 'symptoms'
  | 'centres'
  | 'trials'
  | 'provenance';

/** One item of the catalogue: what a publication says, in our own words, and where it is shown. */
export interface Statement {
  /** `S-…` a statement of the guideline, `E-…` stronger evidence, `X-…` where sources disagree. */
  readonly id: string;
  readonly says: string;
  /** Ids in `sources.yaml`. */
  readonly sources: readonly string[];
  readonly app?: AppSection;
  /** Why it is shown nowhere. */
  readonly unused?: string;
}

export interface EvidenceItem extends Statement {
  readonly status: 'verified' | 'partly verified' | 'unverified' | 'inference';
}

export interface Conflict extends Statement {
  /** What the guideline does about it. */
  readonly settled: string;
}

/** Something a criterion rests on that is no statement: a fact computed of a chart, or a rule. */
export interface Named {
  readonly id: string;
  readonly says: string;
}

/** `cards/statements.yaml`: everything that cards and criteria rest on. The service itself does not need it. */
export interface Catalogue {
  readonly statements: readonly Statement[];
  readonly evidence: readonly EvidenceItem[];
  readonly conflicts: readonly Conflict[];
  readonly facts: readonly Named[];
  readonly policies: readonly Named[];
  readonly rules: readonly Named[];
}

/** The catalogue of a cards folder, or everything that is wrong with it. */
export function readCatalogue(files: GuidelineFiles): Catalogue | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const schemas = new Schemas(files, 'cards/');
  const read = new Reader('cards/', files, schemas, problems).required<Catalogue>('statements.yaml', 'statements');
  if (read === undefined) return { problems };
  const ids = allIn(read.content).map(({ id }) => id);
  for (const twice of new Set(ids.filter((id, at) => ids.indexOf(id) !== at)))
    problems.push(`cards/statements.yaml: ${twice} is there twice`);
  return problems.length > 0 ? { problems } : read.content;
}

/** The statements, evidence items and conflicts: what a card may list under `statements`. */
export function citable({ statements, evidence, conflicts }: Catalogue): readonly Statement[] {
  return [...statements, ...evidence, ...conflicts];
}

/** Everything with an id: what a criterion may rest on. */
export function allIn(catalogue: Catalogue): readonly Named[] {
  return [...citable(catalogue), ...catalogue.facts, ...catalogue.policies, ...catalogue.rules];
}
