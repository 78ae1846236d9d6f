import type { Source } from './card.ts';
import { Reader, Schemas } from './reader.ts';
import type { GuidelineFiles, Located } from './source-file.ts';

/**
 * Whom to turn to: a referral office, a centre, an organisation. Numbers go out of date, so each contact says when it was
 * recorded and from where, and is to be checked before it is used. A site's overlay replaces all of them by its own.
 */
export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly kind: 'referral office' | 'centre' | 'support organisation';
  /** Who is meant to get in touch. */
  readonly audience: 'professionals' | 'everyone';
  /** Where it works, as `United States`. */
  readonly place: string;
  /** What it is for and how to reach it, each a sentence or two. */
  readonly about: readonly string[];
  /** Telephone, fax or pager, as recorded. */
  readonly lines?: readonly { readonly label: string; readonly number: string }[];
  /** The site's own page; contacts of the guideline link to their source alone. */
  readonly url?: string;
  /** The month or the day: `2026-11` or `2026-11-22`. */
  readonly recorded: string;
  /** Id in `sources.yaml`. */
  readonly source?: string;
  /** Where a site has it from, if not from a source. */
  readonly takenFrom?: string;
  readonly statements?: readonly string[];
}

/** The contacts of a cards folder, without any overlay; or everything that is wrong with them. */
export function readContacts(files: GuidelineFiles): readonly Contact[] | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const reader = new Reader('cards/', files, new Schemas(files, 'cards/'), problems);
  const read = reader.required<readonly Contact[]>('contacts.yaml', 'contacts');
  return read?.content ?? { problems };
}

/** What the schema cannot see: contacts of the same id, and sources that there are not. `sources` is undefined where they could not be read. */
export function contactProblems(
  { content, problem }: Located<readonly Contact[]>,
  sources: readonly Source[] | undefined,
): readonly string[] {
  const ids = content.map(({ id }) => id);
  return content.flatMap(({ id, source }, at) => [
    ...(ids.indexOf(id) < at ? [problem([at, 'id'], `${id} is there twice`)] : []),
    ...(source === undefined || sources === undefined || sources.some((one) => one.id === source)
      ? []
      : [problem([at, 'source'], `there is no source ${source}`)]),
  ]);
}

/** The statements that have their place in a contact. */
export function statementsIn(contacts: readonly Contact[]): ReadonlySet<string> {
  return new Set(contacts.flatMap(({ statements = [] }) => statements));
}
