import { type Education, readEducation } from './guideline/education.ts';
import type { Outcomes } from './guideline/figure.ts';
import { GuidelineError } from './guideline/load.ts';
import { readOutcomes } from './guideline/outcomes.ts';
import type { GuidelineFiles } from './guideline/source-file.ts';
import { type Catalogue, readCatalogue } from './guideline/statements.ts';

/** What people read of the guideline besides its cards: on the evidence pages and in the SMART app. */
export interface ReferenceTexts {
  /** What the cards rest on, in words. */
  readonly catalogue: Catalogue;
  /** Figures of trials and series. */
  readonly outcomes: Outcomes;
  /** What is said to patients and families. */
  readonly education: Education;
}

/** @throws {GuidelineError} that names everything that is wrong in any of these files. */
export function readReferenceTexts(files: GuidelineFiles): ReferenceTexts {
  const catalogue = readCatalogue(files);
  const outcomes = readOutcomes(files);
  const education = readEducation(files);
  if ('problems' in catalogue || 'problems' in outcomes || 'problems' in education)
    throw new GuidelineError(
      [catalogue, outcomes, education].flatMap((read) => ('problems' in read ? read.problems : [])),
    );
  return { catalogue, outcomes, education };
}
