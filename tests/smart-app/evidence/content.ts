import { readOutcomes } from '../../../src/guideline/outcomes.ts';
import { readCatalogue } from '../../../src/guideline/statements.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../../../src/guideline-folder.ts';
import type { EvidenceContent } from '../../../src/smart-app/evidence/content.ts';
import { guideline } from '../../support/service.ts';

const files = readGuidelineFolder(CARDS_FOLDER);
const outcomes = readOutcomes(files);
const catalogue = readCatalogue(files);
if ('problems' in outcomes || 'problems' in catalogue) throw new Error('The shipped files do not read');

/** What the service sends the panel. */
export const content: EvidenceContent = { outcomes, catalogue, sources: guideline.sources };
