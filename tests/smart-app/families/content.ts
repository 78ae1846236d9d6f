import { parse } from 'yaml';
import type { Source } from '../../../src/guideline/card.ts';
import { readContacts } from '../../../src/guideline/contacts.ts';
import { readEducation } from '../../../src/guideline/education.ts';
import type { FamiliesContent } from '../../../src/smart-app/families/families-view.ts';
import { shipped } from '../../guideline/folder.ts';

function readable<Content extends object>(read: Content | { readonly problems: readonly string[] }): Content {
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}

/** What the service ships for patients and families. */
export const content: FamiliesContent = {
  education: readable(readEducation(shipped)),
  contacts: readable(readContacts(shipped)),
  sources: parse(shipped.get('sources.yaml') ?? '') as readonly Source[],
};
