import type { Source, SourceLevel } from '../../guideline/card.ts';
import type { EvidenceContent } from './content.ts';

const LEVELS: Readonly<Record<SourceLevel, string>> = {
  'tertiary unreviewed': 'Unreviewed texts',
  regulatory: 'Regulators and labels',
  'primary trial': 'Trials',
  registry: 'Registries',
  'case series': 'Case series',
  guideline: 'Guidelines',
  review: 'Reviews',
  'institution page': 'Pages of institutions',
  'trade digest': 'Digests and news',
};

/** A source as it is named beside a figure. */
export interface SourceName {
  readonly id: string;
  readonly label: string;
  /** Of the publication; none, if the entry in the list says why. */
  readonly url?: string;
  /** `unreviewed` wherever it is named, unless its label says so. */
  readonly caution?: string;
}

/** A source with where it comes from. */
export interface SourceEntry extends SourceName {
  /** Year, regulator, population, note and why there is no link or year: a line each. */
  readonly facts: readonly string[];
  /** What was recorded of the publication itself: review, references, author. */
  readonly ofItself: readonly string[];
}

export interface SourceGroup {
  readonly title: string;
  readonly isUnreviewed: boolean;
  readonly entries: readonly SourceEntry[];
}

/** Names by id. */
export function sourceNames(sources: readonly Source[]): ReadonlyMap<string, SourceName> {
  return new Map(sources.map((source) => [source.id, nameOf(source)]));
}

function nameOf({ id, label, url, level }: Source): SourceName {
  const isMarked = level !== 'tertiary unreviewed' || label.includes('unreviewed');
  return {
    id,
    label,
    // A site's own sources come from its files; an address of another kind is no publication.
    ...(url !== undefined && /^https?:\/\//.test(url) ? { url } : {}),
    ...(isMarked ? {} : { caution: 'unreviewed' }),
  };
}

/** Every source by kind, the unreviewed first, so that nobody takes them for more. */
export function sourceGroups({ sources, catalogue }: EvidenceContent): readonly SourceGroup[] {
  const provenance = [...catalogue.statements, ...catalogue.conflicts].filter(({ app }) => app === 'provenance');
  return Object.entries(LEVELS).flatMap(([level, title]) => {
    const entries = sources
      .filter((source) => source.level === level)
      .map((source) => ({
        ...nameOf(source),
        facts: factsOf(source),
        ofItself: provenance.filter(({ sources: cited }) => cited.includes(source.id)).map(({ says }) => says),
      }));
    return entries.length === 0 ? [] : [{ title, isUnreviewed: level === 'tertiary unreviewed', entries }];
  });
}

function factsOf({ year, undated, regulator, population, note, noLink }: Source): readonly string[] {
  return [
    year === undefined ? `Undated: ${undated ?? 'no reason recorded'}` : String(year),
    ...(regulator === undefined ? [] : [`Regulator: ${regulator}`]),
    `Population: ${population}`,
    ...(note === undefined ? [] : [note]),
    ...(noLink === undefined ? [] : [`No link: ${noLink}`]),
  ];
}
