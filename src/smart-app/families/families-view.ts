import type { Source, SourceLevel } from '../../guideline/card.ts';
import type { Contact } from '../../guideline/contacts.ts';
import type { Education, EducationItem, EducationSection, ExplainedWord } from '../../guideline/education.ts';

/** What the view for patients and families is made of: nothing of a chart. */
export interface FamiliesContent {
  readonly education: Education;
  /** Of the guideline, or of the site's overlay over it. Undefined: not fetched, so that nothing is known of them. */
  readonly contacts: readonly Contact[] | undefined;
  /** Undefined: not fetched. */
  readonly sources: readonly Source[] | undefined;
}

/** A publication, named for readers who are no clinicians. */
export interface NamedSource {
  readonly label: string;
  /** What kind of publication it is, and of when. */
  readonly about: string;
  readonly url: string | undefined;
}

export interface WordView extends ExplainedWord {
  /** Of its element, for links to it. */
  readonly anchor: string;
}

export interface SectionView {
  /** Of its element, for links to it. */
  readonly anchor: string;
  readonly title: string;
  readonly items: readonly EducationItem[];
  /** Words that stand in it and are explained below. */
  readonly words: readonly WordView[];
  readonly sources: readonly NamedSource[];
  /** What rests on no publication, and on what instead. */
  readonly withoutSource: readonly string[];
  /** Who has checked it. */
  readonly reviewed: string | undefined;
}

export interface ContactView {
  readonly contact: Contact;
  /** What it is, where, and for whom. */
  readonly about: string;
  readonly recorded: string;
  readonly source: NamedSource | undefined;
}

export interface FamiliesView {
  readonly sections: readonly SectionView[];
  /** Undefined: not fetched. */
  readonly contacts: readonly ContactView[] | undefined;
  /** By the alphabet. */
  readonly words: readonly WordView[];
  /** Who has reviewed the text, in one sentence. */
  readonly review: string;
  readonly isReviewed: boolean;
  readonly contents: readonly { readonly anchor: string; readonly title: string }[];
}

/** The parts that are no sections of the text. */
export const PARTS = {
  questions: { anchor: 'families-questions', title: 'Questions to ask your team' },
  contacts: { anchor: 'families-contacts', title: 'Whom to turn to' },
  words: { anchor: 'families-words', title: 'Words explained' },
  limits: { anchor: 'families-limits', title: 'What this page is not' },
} as const;

const KINDS: Readonly<Record<SourceLevel, string>> = {
  regulatory: 'medicines authority',
  'primary trial': 'clinical trial',
  registry: 'register of patients',
  'case series': 'study of patients',
  guideline: 'guideline for doctors',
  review: 'review of studies',
  'tertiary unreviewed': 'article that has not been reviewed',
  'institution page': 'web page of an institution',
  'trade digest': 'news for doctors',
};

const CONTACT_KINDS: Readonly<Record<Contact['kind'], string>> = {
  'referral office': 'Referral office',
  centre: 'Centre',
  'support organisation': 'Support organisation',
};

const AUDIENCES: Readonly<Record<Contact['audience'], string>> = {
  professionals: 'For doctors and other professionals: ask yours to make contact',
  everyone: 'For patients, families and professionals',
};

export function familiesView({ education, contacts, sources }: FamiliesContent): FamiliesView {
  const nameOf = sourceNames(sources);
  const words = education.words
    .map((one) => ({ ...one, anchor: `families-word-${one.word.toLowerCase().replaceAll(' ', '-')}` }))
    .toSorted((a, b) => a.word.localeCompare(b.word, 'en', { sensitivity: 'base' }));
  const sections = education.sections.map((section) => sectionView(section, words, nameOf));
  return {
    sections,
    contacts: contacts?.map((contact) => ({
      contact,
      about: `${CONTACT_KINDS[contact.kind]}, ${contact.place}. ${AUDIENCES[contact.audience]}.`,
      recorded: `Recorded ${contact.recorded} – check before you use it`,
      source: contact.source === undefined ? undefined : nameOf(contact.source),
    })),
    words,
    review: reviewOf(education),
    isReviewed: education.sections.every(({ reviewed }) => reviewed !== undefined),
    contents: [...sections.map(({ anchor, title }) => ({ anchor, title })), ...Object.values(PARTS)],
  };
}

function sectionView(
  { id, title, items, reviewed }: EducationSection,
  words: readonly WordView[],
  nameOf: (id: string) => NamedSource,
): SectionView {
  return {
    anchor: `families-${id}`,
    title,
    items,
    words: words.filter((word) => items.some((item) => standsIn(item, word))),
    sources: [...new Set(items.flatMap((item) => item.sources))].map(nameOf),
    withoutSource: items.flatMap(({ heading, basis }) => (basis === undefined ? [] : [`${heading}: ${basis}`])),
    reviewed: reviewed === undefined ? undefined : `Checked on ${reviewed.date} by: ${reviewed.by}`,
  };
}

/** Whether the item uses the word: whole, in any of its forms, in either case. */
function standsIn({ heading, text }: EducationItem, { word, forms = [] }: ExplainedWord): boolean {
  const told = [heading, ...text.flatMap((part) => (typeof part === 'string' ? [part] : part.points))]
    .join(' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}'-]+/u)
    .join(' ');
  return [word, ...forms].some((form) => ` ${told} `.includes(` ${form.toLowerCase()} `));
}

/** Names a source by its id. One that is not in the list is named by the id itself rather than left out. */
function sourceNames(sources: readonly Source[] | undefined): (id: string) => NamedSource {
  const byId = new Map(sources?.map((source) => [source.id, source]));
  const without = sources === undefined ? 'more about it has not been fetched' : 'not in the list of sources';
  return (id) => {
    const source = byId.get(id);
    if (source === undefined) return { label: id, about: without, url: undefined };
    const { label, level, year, url } = source;
    return { label, about: `${KINDS[level]}, ${year ?? 'undated'}`, url };
  };
}

function reviewOf({ sections, written }: Education): string {
  const open = sections.filter(({ reviewed }) => reviewed === undefined);
  const compared = `It was last compared with its sources on ${written}.`;
  if (open.length === 0) return `Clinicians have reviewed this text. ${compared}`;
  if (open.length === sections.length) return `No clinician has reviewed this text yet. ${compared}`;
  return `No clinician has reviewed these parts yet: ${open.map(({ title }) => title).join('; ')}. ${compared}`;
}
