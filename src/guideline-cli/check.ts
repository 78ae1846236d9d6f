import { asObject } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import type { Card, Guideline } from '../guideline/guideline.ts';
import { GuidelineError, loadGuideline } from '../guideline/load.ts';
import type { Overlay } from '../guideline/overlay.ts';
import { type GuidelineFiles, parseSource } from '../guideline/source-file.ts';
import { readCatalogue } from '../guideline/statements.ts';
import { type AppTexts, appProblems, readAppTexts } from './app-places.ts';
import { drugNames } from './drug-names.ts';
import { SUMMARY_LIMIT, wordingsOf } from './summaries.ts';
import { type Traced, traceProblems, unusedCriteria, unusedSources } from './trace.ts';
import {
  codingsOf,
  hasPatternWithoutDescription,
  parseVerifiedCodes,
  secondSourceCodes,
  unverifiedCodes,
  VERIFIED_CODES,
} from './verified-codes.ts';

/** What a check found: errors keep a guideline from being used, warnings want somebody's attention. */
export interface Findings {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** What is checked. */
export interface Checked {
  readonly files: GuidelineFiles;
  readonly overlays?: readonly Overlay[];
  /** The content of `verified-codes.tsv`; undefined if there is none. */
  readonly verifiedCodes: string | undefined;
  /** `YYYY-MM-DD`; what is due is due as of this day. */
  readonly today: string;
}

/** Everything that can be said of a cards folder without a patient. */
export function checkGuideline({ files, overlays = [], verifiedCodes, today }: Checked): Findings {
  const found: readonly Findings[] = [
    checkLoading(files, overlays, today),
    { errors: codeProblems(files, verifiedCodes), warnings: [] },
  ];
  return { errors: found.flatMap(({ errors }) => errors), warnings: found.flatMap(({ warnings }) => warnings) };
}

/** Schemas, references and criteria; and what shows only once all of that stands. */
function checkLoading(files: GuidelineFiles, overlays: readonly Overlay[], today: string): Findings {
  let guideline: Guideline;
  try {
    guideline = loadGuideline(files, overlays);
  } catch (error) {
    if (error instanceof GuidelineError) return { errors: error.problems, warnings: [] };
    throw error;
  }
  const cards = [...guideline.cards, ...guideline.off];
  const catalogue = readCatalogue(files);
  const [longestDrug = ''] = drugNames(files);
  const texts = readAppTexts(files);
  const traced = 'problems' in catalogue ? undefined : { catalogue, cards, sources: guideline.sources };
  return {
    errors: [
      ...cards.flatMap((card) => summaryProblems(card, longestDrug)),
      ...cards.flatMap(levelProblems),
      ...('problems' in catalogue ? catalogue.problems : []),
      ...(traced === undefined ? [] : traceProblems(traced)),
      ...appTextProblems(texts, traced),
    ],
    warnings: [
      ...cards.flatMap(({ file }) =>
        today > file.reviewDue ? [`${file.id}.yaml: its review was due on ${file.reviewDue}`] : [],
      ),
      ...(!('problems' in texts) && today > texts.education.reviewDue
        ? [`education.yaml: its review was due on ${texts.education.reviewDue}`]
        : []),
      ...cards.flatMap(({ file, sources }) =>
        sources[0]?.url === undefined ? [`${file.id}.yaml: its first source has no url that clients could link`] : [],
      ),
      ...unusedCriteria(cards).map((id) => `no card names the criterion ${id}`),
      ...(traced === undefined ? [] : unusedSources(traced)).map((id) => `nothing rests on the source ${id}`),
    ],
  };
}

/** Whether each statement meant for the app has its place in its texts, contacts and figures, and what they cite is there. */
function appTextProblems(
  texts: AppTexts | { readonly problems: readonly string[] },
  traced: Traced | undefined,
): readonly string[] {
  if ('problems' in texts) return texts.problems;
  return traced === undefined ? [] : appProblems(texts, traced);
}

/** A card may call its evidence less than its best source, never more. Nothing has to be tertiary. */
function levelProblems({ file: { id, evidenceLevel }, sources }: Card): readonly string[] {
  if (evidenceLevel === 'tertiary unreviewed' || sources.some(({ level }) => level === evidenceLevel)) return [];
  return [`${id}.yaml: the evidence level is ${evidenceLevel}, and none of its sources is of that level`];
}

/** Wordings that would be cut, each with the answers that lead to it. */
function summaryProblems(card: Card, longestDrug: string): readonly string[] {
  return wordingsOf(card, longestDrug).flatMap(({ text, answers }) => {
    if (text.length < SUMMARY_LIMIT) return [];
    const when = [...answers].map(([criterion, truth]) => `${criterion}: ${truth}`).join(', ');
    return [`${card.file.id}.yaml: a summary of ${text.length} characters (${when || 'always'}): ${text}`];
  });
}

/** Codes of value sets and orders that nobody has found with their display at a public source. */
function codeProblems(files: GuidelineFiles, verifiedCodes: string | undefined): readonly string[] {
  if (verifiedCodes === undefined) return [`${VERIFIED_CODES}: missing`];
  let verified: ReturnType<typeof parseVerifiedCodes>;
  try {
    verified = parseVerifiedCodes(verifiedCodes);
  } catch (error) {
    return [(error as Error).message];
  }
  const resources = [...files].flatMap(([path, text]) => {
    const content = /^value-sets\/.*\.json$/.test(path) ? jsonOf(text) : undefined;
    return content === undefined ? [] : [[path, content] as const];
  });
  const known = new Set([...verified.keys(), ...resources.flatMap(([, valueSet]) => secondSourceCodes(valueSet))]);
  const orders = [...files].filter(([path]) => path.startsWith('orders/'));
  return [
    ...resources.flatMap(([path, valueSet]) => [
      ...unverifiedCodes(valueSet, verified).map(
        (code) => `${path}: ${code} is not in ${VERIFIED_CODES} and names no second source`,
      ),
      ...(hasPatternWithoutDescription(valueSet) ? [`${path}: has a pattern, and no description of it`] : []),
    ]),
    ...orders.flatMap(([path, text]) =>
      codingsOf(yamlOf(text))
        .filter((code) => !known.has(code))
        .map((code) => `${path}: ${code} is not in ${VERIFIED_CODES}`),
    ),
  ];
}

/** What is not JSON or no object is said where the guideline is loaded. */
function jsonOf(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function yamlOf(text: string): unknown {
  const parsed = parseSource('', text);
  return 'content' in parsed ? parsed.content : undefined;
}
