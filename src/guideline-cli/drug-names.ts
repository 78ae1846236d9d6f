import { Reader, Schemas } from '../guideline/reader.ts';
import type { GuidelineFiles } from '../guideline/source-file.ts';

/** The drugs as texts name them, longest name first. */
export function drugNames(files: GuidelineFiles): readonly string[] {
  const reader = new Reader('cards/', files, new Schemas(files, 'cards/'), []);
  const drugs = reader.optional<readonly { readonly drug: string }[]>('drugs.yaml', 'drugs')?.content ?? [];
  return drugs.map(({ drug }) => drug).toSorted((a, b) => b.length - a.length);
}
