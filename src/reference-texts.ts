import { type Education, readEducation } from './guideline/education.ts';
import type { Outcomes } from './guideline/figure.ts';
import { GuidelineError } from './guideline/load.ts';
import { readOutcomes } from './guideline/outcomes.ts';
import type { GuidelineFiles } from './guideline/source-file.ts';
import { type Catalogue, readCatalogue } from './guideline/statements.ts';

/** What people read of the guideline besides its cards. */
export interface ReferenceTexts {
  /** What the cards rest on, in words: on the evidence pages, and in the SMART app. */
  readonly catalogue: Catalogue;
  /** Those that the SMART app alone shows. @throws {GuidelineError} if they were not read at start, and are faulty. */
  readonly ofApp: () => AppTexts;
}

export interface AppTexts {
  /** Figures of trials and series. */
  readonly outcomes: Outcomes;
  /** What is said to patients and families. */
  readonly education: Education;
}

interface Faulty {
  readonly problems: readonly string[];
}

/**
 * The texts of the app are read at once where an EHR has registered it, and otherwise – for the demo, or for nobody – when they are
 * first asked for: they must not cost everybody's start.
 *
 * @throws {GuidelineError} that names everything that is wrong in any of the files it read.
 */
export function readReferenceTexts(
  files: GuidelineFiles,
  { isAppRegistered }: { readonly isAppRegistered: boolean },
): ReferenceTexts {
  const catalogue = readCatalogue(files);
  let app = isAppRegistered ? readAppTexts(files) : undefined;
  const problems = [catalogue, app ?? {}].flatMap(problemsOf);
  if ('problems' in catalogue || problems.length > 0) throw new GuidelineError(problems);
  return {
    catalogue,
    ofApp: () => {
      app ??= readAppTexts(files);
      if ('problems' in app) throw new GuidelineError(app.problems);
      return app;
    },
  };
}

function readAppTexts(files: GuidelineFiles): AppTexts | Faulty {
  const outcomes = readOutcomes(files);
  const education = readEducation(files);
  if ('problems' in outcomes || 'problems' in education) return { problems: [outcomes, education].flatMap(problemsOf) };
  return { outcomes, education };
}

function problemsOf(read: object | Faulty): readonly string[] {
  return 'problems' in read ? read.problems : [];
}
