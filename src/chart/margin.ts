import { attribute } from './attribution.ts';
import { type DateInterval, readDate, readPeriod } from './calendar.ts';
import { readCodedText } from './coding.ts';
import { coverage, type Evidence, type Fact, newestFirst, no, unknown, yes } from './fact.ts';
import { asObjects, asText } from './json.ts';
import { areOfOneDay, latestOf } from './latest.ts';
import { type Margin, marginIn, saysWhich } from './margin-words.ts';
import type { OperationRecord } from './operation.ts';
import { oncePerText } from './per-text.ts';
import type { JsonObject, Readings, ResourceKey } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Spread } from './spread.ts';
import { focusOf } from './stage.ts';
import type { Terminology } from './terminology.ts';

const SOURCES: readonly ResourceKey[] = ['procedures', 'diagnosticReports', 'observationsStaging'];
/** What one record says of the margin, and of which day. */
interface MarginStatement {
  readonly says: Margin;
  /** It may be of an earlier resection as well: the dates do not tell. */
  readonly isSure: boolean;
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
  const dated = resections.filter(({ date }) => date !== undefined);
  // Where dates overlap, each of them may be the last one.
  const mayBeLast = latestOf(dated.length > 0 ? dated : resections, () => true)?.candidates ?? [];
  const isSureWhich = mayBeLast.length === 1 || areOfOneDay(mayBeLast);
  const last = mayBeLast[0]?.date;
  const readText = oncePerText(marginIn);
  const statements = [...fromProcedures(), ...fromReports(), ...fromObservations()];
  const sure = statements.filter(({ isSure }) => isSure);
  const open = statements.filter(({ isSure, says }) => !isSure && says !== 'free');
  const saying = (says: Margin) => sure.filter((statement) => statement.says === says);
  const involved = saying('involved');
  // Of two records that contradict each other the worse one counts: it asks for a look, the other would end it.
  if (involved.length > 0) return yes(newestFirst(involved), sources);
  const contradictory = saying('contradictory');
  if (contradictory.length > 0) return unknown(newestFirst(contradictory), sources, 'contradictory');
  if (open.length > 0 || (sure.length === 0 && statements.length > 0))
    return unknown(newestFirst(statements), sources, 'date-not-comparable');
  if (sure.length === 0) return unknown([], sources, 'not-recorded');
  // What was not read may say otherwise.
  return sources.unread.length === 0 ? no(newestFirst(sure), sources) : unknown(newestFirst(sure), sources);

  function fromProcedures(): readonly MarginStatement[] {
    return mayBeLast.flatMap(({ resource, date, evidence: said }) => {
      const outcome = readCodedText(resource['outcome']);
      const notes = asObjects(resource['note']).flatMap((note) => asText(note['text']) ?? []);
      const says = together(codedMargin(outcome), [
        ...outcome.texts,
        ...readCodedText(resource['code']).texts,
        ...notes,
      ]);
      return says === undefined ? [] : [{ says, isSure: isSureWhich, date, evidence: said }];
    });
  }

  function fromReports(): readonly MarginStatement[] {
    return records
      .filter(
        ({ key, state, operation }) => key === 'diagnosticReports' && state === 'done' && operation === 'pathology',
      )
      .flatMap(({ resource, date, evidence: said }) => {
        const of = isOfLast(date);
        if (of === false) return [];
        const coded = readCodedText(resource['conclusionCode']);
        const says = together(codedMargin(coded), [...coded.texts, asText(resource['conclusion']) ?? '']);
        if (says === undefined) return [];
        const text = `${said.text}: ${wordOf(says)}`;
        return [{ says, isSure: of === true, date, evidence: { ...said, text } }];
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
      const of = isOfLast(date);
      if (of === false) return [];
      const value = readCodedText(observation['valueCodeableConcept'], { text: observation['valueString'] });
      // "Deep margin: positive", "Margins involved: none": a name that says more is read with its value.
      const name = code.texts.find((text) => /margin/i.test(text) && saysWhich(text)) ?? 'margin';
      const says = together(
        codedMargin(value),
        value.texts.map((text) => `${name}: ${text}`),
      );
      if (says === undefined) return [];
      const words = [code.texts[0], value.texts[0]].filter((text) => text !== undefined).join(': ');
      const text = words === '' ? undefined : words;
      return [{ says, isSure: of === true, date, evidence: evidence(observation, 'observation', date, text) }];
    });
  }

  /**
   * Within the time in which a specimen is reported; where there was one resection only, an undated statement is of it.
   * Open, where by its date it may as well be of an earlier one.
   */
  function isOfLast(date: DateInterval | undefined): boolean | 'open' {
    if (last === undefined || date === undefined) return resections.length === 1 ? true : 'open';
    if (!isReportedIn(date, last)) return false;
    if (date.start >= last.end) return true;
    return dated.some(
      (other) => other.date !== undefined && isEarlier(other.date, last) && isReportedIn(date, other.date),
    )
      ? 'open'
      : true;
  }

  function isReportedIn(date: DateInterval, resected: DateInterval): boolean {
    return date.end >= resected.start && date.start <= resected.end + workUpDays;
  }

  /** What the code and the words of one record say; one against the other is a contradiction. */
  function together(coded: Margin | undefined, texts: readonly string[]): Margin | undefined {
    const worded = readText(texts.join('\n'));
    if (coded === undefined || worded === undefined) return coded ?? worded;
    return coded === worded ? coded : 'contradictory';
  }

  function codedMargin(value: ReturnType<typeof readCodedText>): Margin | undefined {
    if (terminology.isIn(value, 'margin-positive')) return 'involved';
    return terminology.isIn(value, 'margin-negative') ? 'free' : undefined;
  }
}

function dateOf(observation: JsonObject): DateInterval | undefined {
  return readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
}

function isEarlier(one: DateInterval, other: DateInterval): boolean {
  return one.start < other.start || one.end < other.end;
}

function wordOf(says: Margin): string {
  if (says === 'contradictory') return 'margin called positive and free';
  return says === 'involved' ? 'positive margin' : 'margin free';
}
