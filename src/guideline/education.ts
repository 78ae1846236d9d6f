import { Reader, Schemas } from './reader.ts';
import type { GuidelineFiles } from './source-file.ts';

/** A paragraph, or a list of short points. Plain text, no markup. */
export type EducationText = string | { readonly points: readonly string[] };

export interface EducationItem {
  readonly id: string;
  readonly heading: string;
  readonly text: readonly EducationText[];
  /** What it tells in plain words: ids in `statements.yaml`. */
  readonly statements: readonly string[];
  /** Ids in `sources.yaml`. Empty only where `basis` says what it rests on instead. */
  readonly sources: readonly string[];
  readonly basis?: string;
}

export interface EducationSection {
  readonly id: string;
  readonly title: string;
  readonly items: readonly EducationItem[];
  /** The clinician, by role, who has checked the section; absent as long as nobody has. */
  readonly reviewed?: { readonly date: string; readonly by: string };
}

/** Questions that a reader can take along. */
export interface QuestionGroup {
  readonly about: string;
  readonly questions: readonly string[];
}

/** A word of the clinic, and what it means. */
export interface ExplainedWord {
  readonly word: string;
  /** Other forms in which it stands in the texts. */
  readonly forms?: readonly string[];
  readonly means: string;
}

/** `cards/education.yaml`: the plain-language text for patients and families. The same for everybody. */
export interface Education {
  readonly title: string;
  readonly lead: string;
  /** `YYYY-MM-DD`: when the text was last compared with its sources. */
  readonly written: string;
  readonly reviewDue: string;
  /** The ways of saying what the page is not. */
  readonly limits: readonly string[];
  readonly sections: readonly EducationSection[];
  readonly questions: readonly QuestionGroup[];
  readonly words: readonly ExplainedWord[];
}

/** The texts of a cards folder, or everything that is wrong with them. */
export function readEducation(files: GuidelineFiles): Education | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const schemas = new Schemas(files, 'cards/');
  const read = new Reader('cards/', files, schemas, problems).required<Education>('education.yaml', 'education');
  if (read === undefined) return { problems };
  const { sections, words } = read.content;
  const ids = [...sections.map(({ id }) => id), ...itemsOf(read.content).map(({ id }) => id)];
  const terms = words.map(({ word }) => word);
  for (const list of [ids, terms]) {
    for (const twice of new Set(list.filter((one, at) => list.indexOf(one) !== at)))
      problems.push(`cards/education.yaml: ${twice} is there twice`);
  }
  return problems.length > 0 ? { problems } : read.content;
}

export function itemsOf({ sections }: Education): readonly EducationItem[] {
  return sections.flatMap(({ items }) => items);
}

/** The statements that have their place in the text. */
export function statementsIn(education: Education): ReadonlySet<string> {
  return new Set(itemsOf(education).flatMap(({ statements }) => statements));
}

/** The paragraphs and points of an item, in their order. */
export function sentencesOf({ text }: EducationItem): readonly string[] {
  return text.flatMap((part) => (typeof part === 'string' ? [part] : part.points));
}
