import { parse, stringify } from 'yaml';
import { GuidelineError, loadGuideline } from '../../src/guideline/load.ts';
import type { Overlay } from '../../src/guideline/overlay.ts';
import { NOT_CARDS } from '../../src/guideline/reader.ts';
import type { GuidelineFiles } from '../../src/guideline/source-file.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../../src/guideline-folder.ts';

/** A YAML or JSON object whose members may be set and deleted. */
export type Content = Record<string, unknown>;

/** The cards folder that comes with the service. */
export const shipped: GuidelineFiles = readGuidelineFolder(CARDS_FOLDER);

/** The shipped folder with other files in it; `undefined` takes a file away. */
export function folderWith(changes: Readonly<Record<string, string | undefined>>): GuidelineFiles {
  const files = new Map(shipped);
  for (const [path, text] of Object.entries(changes)) {
    if (text === undefined) files.delete(path);
    else files.set(path, text);
  }
  return files;
}

/** A shipped YAML file, changed. */
export function changed(path: string, change: (content: Content) => unknown): Readonly<Record<string, string>> {
  const content = parse(shipped.get(path) ?? '') as Content;
  change(content);
  return { [path]: stringify(content) };
}

/** What loading the folder finds wrong, nothing when it loads. */
export function problemsOf(files: GuidelineFiles, overlays: readonly Overlay[] = []): readonly string[] {
  try {
    loadGuideline(files, overlays);
    return [];
  } catch (error) {
    if (error instanceof GuidelineError) return error.problems;
    throw error;
  }
}

/** A card with nothing in it but what every card needs; shown to every patient with ASPS when a chart is opened. */
export function plainCard(id: string, more: Content = {}): Readonly<Record<string, string>> {
  const card = {
    id,
    title: `Title of ${id}`,
    version: '1.0.0',
    reviewed: '2026-01-01',
    reviewDue: '2027-01-01',
    statements: ['S-001'],
    sources: ['portera-2001'],
    evidenceLevel: 'guideline',
    jurisdiction: ['any'],
    hooks: ['patient-view', 'order-sign'],
    priority: 200,
    when: 'asps-established',
    indicator: ['info'],
    summary: 'Consider something',
    detail: { consider: 'Consider something.', evidence: 'Some evidence.', regulatory: 'No regulator.' },
    overrideReasons: ['disagree'],
    ...more,
  };
  return { [`${id}.yaml`]: stringify(card) };
}

/** The shipped folder with these cards in place of its own. */
export function folderOfCards(...cards: readonly Readonly<Record<string, string>>[]): GuidelineFiles {
  const kept = [...shipped].filter(([path]) => path.includes('/') || NOT_CARDS.has(path));
  return new Map([...kept, ...cards.flatMap((card) => Object.entries(card))]);
}
