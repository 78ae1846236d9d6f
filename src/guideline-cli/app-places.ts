import type { Source } from '../guideline/card.ts';
import { type Contact, readContacts } from '../guideline/contacts.ts';
import { type Education, itemsOf, readEducation } from '../guideline/education.ts';
import type { Outcomes } from '../guideline/figure.ts';
import { readOutcomes, unknownCitations } from '../guideline/outcomes.ts';
import type { GuidelineFiles } from '../guideline/source-file.ts';
import { type Catalogue, citable } from '../guideline/statements.ts';

/** What the SMART app tells besides the cards. */
export interface AppTexts {
  readonly education: Education;
  /** The guideline's own; a site's are the site's affair. */
  readonly contacts: readonly Contact[];
  readonly outcomes: Outcomes;
}

interface Known {
  readonly catalogue: Catalogue;
  readonly sources: readonly Source[];
}

/** The texts of a cards folder, or everything that is wrong with them. */
export function readAppTexts(files: GuidelineFiles): AppTexts | { readonly problems: readonly string[] } {
  const education = readEducation(files);
  const contacts = readContacts(files);
  const outcomes = readOutcomes(files);
  if ('problems' in education || 'problems' in contacts || 'problems' in outcomes)
    return { problems: [education, contacts, outcomes].flatMap((read) => ('problems' in read ? read.problems : [])) };
  return { education, contacts, outcomes };
}

/** Where the app tells a statement, by the id of the statement: `text how-rare`, `contact euracan`, `figure chen-response`. */
export function placesOf(texts: AppTexts): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  for (const { place, statements } of citingIn(texts)) {
    for (const id of statements) places.set(id, [...(places.get(id) ?? []), place]);
  }
  return places;
}

/** Statements for the app that it tells nowhere, and references of its texts that lead nowhere. */
export function appProblems(texts: AppTexts, known: Known): readonly string[] {
  const { catalogue, sources } = known;
  const places = placesOf(texts);
  const statements = new Set(citable(catalogue).map(({ id }) => id));
  const sourceIds = new Set(sources.map(({ id }) => id));
  return [
    // What is about a source is shown beside it, in the list of sources, which holds all of them.
    ...citable(catalogue)
      .filter(({ id, app }) => app !== undefined && app !== 'provenance' && !places.has(id))
      .map(
        ({ id, app }) =>
          `${id} has no place in the app: its section is ${app}, and no text, contact or figure cites it`,
      ),
    ...[...textsIn(texts.education), ...contactsIn(texts.contacts)].flatMap(
      ({ place, statements: cited, sources: from }) => [
        ...cited.filter((id) => !statements.has(id)).map((id) => `${place}: there is no statement ${id}`),
        ...from.filter((id) => !sourceIds.has(id)).map((id) => `${place}: there is no source ${id}`),
      ],
    ),
    ...unknownCitations(texts.outcomes, known),
  ];
}

interface Citing {
  readonly place: string;
  readonly statements: readonly string[];
  readonly sources: readonly string[];
}

function citingIn({ education, contacts, outcomes }: AppTexts): readonly Citing[] {
  const { responses, medians, survival, occurrences, reactions } = outcomes;
  const figures = [...responses, ...medians, ...survival, ...occurrences, ...reactions];
  return [
    ...textsIn(education),
    ...contactsIn(contacts),
    ...figures.map(({ id, statements, sources }) => ({ place: `figure ${id}`, statements, sources })),
    ...outcomes.contrasts.map(({ statements, sources }) => ({ place: 'contrast of figures', statements, sources })),
  ];
}

function textsIn(education: Education): readonly Citing[] {
  return itemsOf(education).map(({ id, statements, sources }) => ({ place: `text ${id}`, statements, sources }));
}

function contactsIn(contacts: readonly Contact[]): readonly Citing[] {
  return contacts.map(({ id, statements = [], source }) => ({
    place: `contact ${id}`,
    statements,
    sources: source === undefined ? [] : [source],
  }));
}
