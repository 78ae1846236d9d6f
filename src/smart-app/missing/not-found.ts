import type { Assessment } from '../../guideline/assess.ts';
import { criteriaOf } from '../../guideline/compile.ts';
import { CRITERIA } from '../../guideline/criteria/registry.ts';
import type { Answers } from '../../guideline/expression.ts';
import { partsInWords } from '../../guideline/wording.ts';
import { gapInWords, gapOf } from '../parts/gap.ts';
import type { Situation } from '../situation.ts';

/** Something that a chart of ASPS is asked for, and of which what was read holds no record. Whether it exists is not said. */
export interface NotFound {
  readonly what: string;
  /** What was read to its end; what else was to be looked at, and was not. */
  readonly where: string;
  /** What a record of it would be. */
  readonly record: string;
  /** Titles of the cards that ask for it and apply. */
  readonly askedBy: readonly string[];
}

/** By criterion: what to record, in the order of the list. */
const RECORDS: ReadonlyMap<string, string> = new Map([
  ['stage-found', 'a stage group, an M category, or each metastasis as a problem of its own'],
  ['performance-status', 'an ECOG or Karnofsky score with its date'],
  ['biopsy-or-pathology', 'the pathology report, or the biopsy as a procedure'],
  ['tfe3-result', 'the result as an observation, or its report'],
  ['brain-mri-since-diagnosis', 'the report, also of one from elsewhere'],
  ['brain-mri-since-metastasis', 'the report, also of one from elsewhere'],
  ['chest-ct-since-diagnosis', 'the report, also of one from elsewhere'],
  ['primary-site-mri-done', 'the report with its body site, also of one from elsewhere'],
  ['tmb-high', 'the tumour mutation burden in mutations per megabase'],
  ['liver-tests-recent', 'the results with their dates, also of another laboratory'],
  ['renal-function-recent', 'the results with their dates, also of another laboratory'],
  ['calcium-recent', 'the result with its date, also of another laboratory'],
  ['recent-weight', 'a body weight in kilograms with its date'],
  ['sarcoma-centre-contact', 'the encounter, the referral or the care team'],
  ['palliative-care-contact', 'the encounter, the referral or the care team'],
]);
/** Where the criterion asks for one answer, and any would do. */
const NAMES: ReadonlyMap<string, string> = new Map([['tmb-high', 'a tumour mutation burden']]);
/** What everybody who opens the chart wants to know, whether or not a card asks. */
const ALWAYS: ReadonlySet<string> = new Set(['stage-found', 'performance-status', 'tfe3-result']);

/** What the guideline asks for here, and everything that would show it was read and holds nothing. */
export function notFound(
  pending: Situation['pending'],
  answers: Answers,
  assessments: readonly Assessment[],
): readonly NotFound[] {
  // What is undecided for another reason may never ask for it.
  const asking = assessments.filter(({ outcome }) => outcome === 'applies');
  return [...RECORDS].flatMap(([id, record]) => {
    const criterion = CRITERIA.get(id);
    const fact = answers(id);
    if (criterion === undefined || fact.state !== 'no' || fact.evidence.length > 0) return [];
    // Whether it has spread is asked already, and the stage would say so.
    if (id === 'stage-found' && answers('metastatic').state === 'unknown') return [];
    // Doses by weight are for children.
    if (id === 'recent-weight' && answers('adult').state === 'yes') return [];
    const askedBy = asking.filter(({ card }) => criteriaOf(card).includes(id)).map(({ card }) => card.file.title);
    if (askedBy.length === 0 && !ALWAYS.has(id)) return [];
    const gap = gapInWords(gapOf(fact, pending));
    const where = `${partsInWords(fact.searched)}${gap === '' ? '' : ` (${gap})`}`;
    return [{ what: NAMES.get(id) ?? criterion.label, where, record, askedBy }];
  });
}
