import { attribute } from './attribution.ts';
import { type DateInterval, readDate, readPeriod } from './calendar.ts';
import { readCodedText } from './coding.ts';
import { coverage, type Evidence, type Fact, newestFirst, no, unknown, yes } from './fact.ts';
import { asObjects, asText } from './json.ts';
import type { OperationRecord } from './operation.ts';
import type { JsonObject, Readings, ResourceKey } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Spread } from './spread.ts';
import { focusOf } from './stage.ts';
import type { Terminology } from './terminology.ts';
import { assertionOf } from './text.ts';

const SOURCES: readonly ResourceKey[] = ['procedures', 'diagnosticReports', 'observationsStaging'];
/** A report of a resection is long; its margins stand in sentences of their own. */
const MAX_REPORT = 20_000;
const MENTION = /margin|\br[012]\b|residual|incomplete|\bink\b/i;
const SENTENCE_END = /[.;\n\r,]|\bbut\b|\bwhile\b/;
const FREE =
  /\bmargins? (?:\w{1,20} ){0,5}(?:negative|free|clear|uninvolved|tumou?r[- ]free)\b|\b(?:negative|clear|free|uninvolved|tumou?r[- ]free) (?:\w{1,20} ){0,3}margins?\b|\br0\b|\bno residual tumou?r\b/;
const NOT_INVOLVED = /\bmargins? (?:\w{1,20} ){0,3}not (?:\w{1,20} ){0,2}(?:involved|positive)\b/;
const NOT_FREE = /\bnot (?:\w{1,20} ){0,2}(?:negative|free|clear|uninvolved)\b/;
const INVOLVED =
  /\bmargins? (?:\w{1,20} ){0,5}(?:positive|involved|not (?:negative|free|clear))\b|\b(?:positive|involved) (?:\w{1,20} ){0,3}margins?\b|\btumou?r (?:\w{1,20} ){0,3}(?:at|to|reaches|involves|touches|abuts) (?:\w{1,20} ){0,4}margins?\b|\b(?:ink on tumou?r|tumou?r on ink)\b|\b(?:resection|resected|margins?|status|stage|excision)\W{1,3}r[12]\b|\br[12](?:\W?is\W?)? (?:resection|margins?|status|excision|situation)\b|^\W{0,3}r[12]\b|\bincomplete(?:ly)? (?:excis|resect)\w{1,4}\b/;
/** The margin of another specimen. */
const OTHER_SPECIMEN = /\b(?:lungs?|pulmonary|bronchial|lobe|liver|hepatic|brain|bone marrow|skin)\b/;

type Margin = 'involved' | 'free';

/** What one record says of the margin, and of which day. */
interface MarginStatement {
  readonly says: Margin;
  readonly date: DateInterval | undefined;
  readonly evidence: Evidence;
}

interface MarginContext {
  readonly resections: readonly OperationRecord[];
  readonly primaryResected: Fact;
  readonly records: readonly OperationRecord[];
  readonly spread: Spread;
  readonly workUpDays: number;
}

/**
 * Is the margin of the last resection of the primary recorded as positive? Only what the chart says in a code or in so many
 * words, of that resection; a margin that nobody recorded is unknown, never free (S-063).
 */
export function readMargin(
  readings: Readings,
  { resections, primaryResected, records, spread, workUpDays }: MarginContext,
  terminology: Terminology,
): Fact {
  const sources = coverage(readings, SOURCES);
  if (primaryResected.state !== 'yes')
    return primaryResected.state === 'no' ? no([], primaryResected) : { ...primaryResected, evidence: [] };
  const last = resections.toSorted((a, b) => (b.date?.end ?? -Infinity) - (a.date?.end ?? -Infinity) || 0)[0];
  const statements = [...fromProcedures(), ...fromReports(), ...fromObservations()];
  const involved = statements.filter(({ says }) => says === 'involved');
  // Of two that contradict each other the worse one counts: it asks for a look, the other would end it.
  if (involved.length > 0) return yes(newestFirst(involved), sources);
  if (statements.length === 0) return unknown([], sources, 'not-recorded');
  // What was not read may say otherwise.
  return sources.unread.length === 0 ? no(newestFirst(statements), sources) : unknown(newestFirst(statements), sources);

  function fromProcedures(): readonly MarginStatement[] {
    return resections
      .filter(({ date }) => date === last?.date)
      .flatMap(({ resource, date, evidence: said }) => {
        const outcome = readCodedText(resource['outcome']);
        const notes = asObjects(resource['note']).flatMap((note) => asText(note['text']) ?? []);
        const says =
          codedMargin(outcome) ?? marginIn([...outcome.texts, ...notes, ...readCodedText(resource['code']).texts]);
        return says === undefined ? [] : [{ says, date, evidence: said }];
      });
  }

  function fromReports(): readonly MarginStatement[] {
    return records
      .filter(
        ({ key, state, operation }) => key === 'diagnosticReports' && state === 'done' && operation === 'pathology',
      )
      .filter(({ date }) => isOfLast(date))
      .flatMap(({ resource, date, evidence: said }) => {
        const coded = readCodedText(resource['conclusionCode']);
        const says = codedMargin(coded) ?? marginIn([...coded.texts, asText(resource['conclusion']) ?? '']);
        return says === undefined ? [] : [{ says, date, evidence: { ...said, text: `${said.text}: ${wordOf(says)}` } }];
      });
  }

  function fromObservations(): readonly MarginStatement[] {
    return resourcesOf(readings, 'observationsStaging', 'Observation').flatMap((observation) => {
      const code = readCodedText(observation['code']);
      const isMargin =
        terminology.isIn(code, 'surgical-margin') ||
        code.texts.some((text) => /\bmargins?\b|residual tumou?r/i.test(text));
      if (!isMargin || observation['status'] === 'cancelled') return [];
      if (attribute(focusOf(observation), spread.primaries) !== 'asps') return [];
      const date = dateOf(observation);
      if (!isOfLast(date)) return [];
      const value = readCodedText(observation['valueCodeableConcept'], { text: observation['valueString'] });
      const says = codedMargin(value) ?? wordedMargin(value.texts) ?? marginIn(value.texts);
      if (says === undefined) return [];
      const words = [code.texts[0], value.texts[0]].filter((text) => text !== undefined).join(': ');
      return [{ says, date, evidence: evidence(observation, 'observation', date, words === '' ? undefined : words) }];
    });
  }

  /** Within the time in which a specimen is reported; where there was one resection only, an undated statement is of it. */
  function isOfLast(date: DateInterval | undefined): boolean {
    const of = last?.date;
    if (of === undefined || date === undefined) return resections.length === 1;
    return date.end >= of.start && date.start <= of.end + workUpDays;
  }

  function codedMargin(value: ReturnType<typeof readCodedText>): Margin | undefined {
    if (terminology.isIn(value, 'margin-positive')) return 'involved';
    return terminology.isIn(value, 'margin-negative') ? 'free' : undefined;
  }
}

function dateOf(observation: JsonObject): DateInterval | undefined {
  return readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
}

function wordOf(says: Margin): string {
  return says === 'involved' ? 'positive margin' : 'margin free';
}

/** The value of an Observation of the margin is one word. */
function wordedMargin(texts: readonly string[]): Margin | undefined {
  const words = texts.map((text) => text.slice(0, 60).trim().toLowerCase());
  if (words.some((word) => /^(?:positive|involved|r[12]|not clear|not free)\b/.test(word))) return 'involved';
  return words.some((word) => /^(?:negative|uninvolved|not involved|free|clear|r0)\b/.test(word)) ? 'free' : undefined;
}

/** What texts say of the margin, sentence by sentence; one that is involved outweighs the others. */
function marginIn(texts: readonly string[]): Margin | undefined {
  const said = texts
    .filter((text) => MENTION.test(text.slice(0, MAX_REPORT)))
    .flatMap((text) =>
      text
        .slice(0, MAX_REPORT)
        .toLowerCase()
        .replaceAll(/[ \t]+/g, ' ')
        .split(SENTENCE_END),
    )
    .filter((sentence) => MENTION.test(sentence) && !OTHER_SPECIMEN.test(sentence))
    .flatMap((sentence) => marginOf(sentence) ?? []);
  return said.includes('involved') ? 'involved' : said[0];
}

function marginOf(sentence: string): Margin | undefined {
  if (NOT_INVOLVED.test(sentence)) return 'free';
  if (INVOLVED.test(sentence)) {
    const spoken = assertionOf(sentence, INVOLVED);
    if (spoken === 'affirmed') return 'involved';
    return spoken === 'negated' ? 'free' : undefined;
  }
  return FREE.test(sentence) && !NOT_FREE.test(sentence) ? 'free' : undefined;
}
