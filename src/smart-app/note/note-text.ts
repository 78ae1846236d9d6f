import type { Evidence } from '../../chart/fact.ts';
import { RESOURCE_KEYS } from '../../chart/reading.ts';
import type { Assessment } from '../../guideline/assess.ts';
import { pathwayOf } from '../../guideline/pathway.ts';
import { kindInWords, partsInWords } from '../../guideline/wording.ts';
import { assessed } from '../assessed.ts';
import { overInWords } from '../header/disease.ts';
import { identityOf } from '../header/identity.ts';
import type { HeaderItem, HeaderValue } from '../header/item.ts';
import { clinicalItems } from '../header/strip.ts';
import { linesInWords } from '../header/treatment.ts';
import { type Worklist, worklistOf } from '../missing/worklist.ts';
import { unreadInWords } from '../parts/gap.ts';
import { momentInWords } from '../parts/moment.ts';
import type { Situation } from '../situation.ts';
import { pathwayInWords } from './pathway-in-words.ts';
import { wrap } from './wrap.ts';

/** So many recommendations stand with their sentence, the others with their title. */
const SENTENCES = 3;
/** A chart's own words are a name, not a report. */
const MAX_WORDS = 120;

/**
 * A dated summary for the record, as plain text: what the chart says, what the guideline makes of it, what is missing and
 * what it rests on. No ids; no line of it can be broken by chart text.
 */
export function noteOf(situation: Situation): string {
  const { guideline, chart, pending, now } = situation;
  const { answers, assessments } = assessed(situation);
  const list = worklistOf(situation, answers, assessments);
  const items = clinicalItems(situation);
  const lines = [
    `Summary for alveolar soft part sarcoma (ASPS), chart read ${momentInWords(now)}`,
    `Patient: ${patientInWords(situation)}`,
    ...itemLines(items),
    ...therapyLines(situation),
    `Pathway of metastatic ASPS (${levelOfPathway(situation)}): ${pathwayInWords(pathwayOf(chart, answers), overInWords(chart.diagnosis.conditions))}`,
    ...recommendations(assessments),
    ...(chart.deceased ? ['Nothing is asked for: the patient is recorded as deceased'] : missing(list)),
    ...(pending.size === 0 ? [] : [`Still being read, so that this may yet change: ${partsInWords([...pending])}`]),
    `Could not be read: ${unreadInWords(unreadOf(situation)) || 'nothing'}`,
    `Rests on: ${recordsInWords(items, assessments) || 'no record'}`,
    `By ${guideline.file.name} ${guideline.file.version}. ${guideline.file.limits}`,
  ];
  return lines.flatMap(wrap).join('\n');
}

function patientInWords({ readings, now }: Situation): string {
  const identity = identityOf(readings, now);
  if (identity === undefined) return 'not read';
  const { name, born, age, sex, died } = identity;
  return [
    shortened(name ?? 'name not recorded'),
    born === undefined ? 'birth date not recorded' : `born ${born}`,
    ...(age === undefined ? [] : [died === undefined ? age : `${age} at death`]),
    sex === undefined ? 'sex not recorded' : `${shortened(sex)} (administrative)`,
    ...(died === undefined ? [] : [`recorded as deceased: ${died}`]),
  ].join(', ');
}

/** What the disease is and where stands on one line, the rest on a line each. */
const WHERE: ReadonlySet<string> = new Set(['Primary site', 'Stage', 'Metastases']);

function itemLines(items: readonly HeaderItem[]): readonly string[] {
  const [where, others] = [items.filter(isWhere), items.filter((item) => !isWhere(item))];
  const [first, ...rest] = others.map(itemInWords);
  return [...(first === undefined ? [] : [first]), where.map(itemInWords).join('. '), ...rest];
}

function isWhere({ term }: HeaderItem): boolean {
  return WHERE.has(term);
}

function itemInWords({ term, values }: HeaderItem): string {
  return `${term}: ${values.map(valueInWords).join('; ')}`;
}

function valueInWords({ words, note }: HeaderValue): string {
  return note === undefined ? shortened(words) : `${shortened(words)} (${note})`;
}

function shortened(words: string): string {
  // A character of two UTF-16 units is not cut in half.
  return words.length <= MAX_WORDS ? words : `${words.slice(0, MAX_WORDS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The item above names what goes on, or the last. */
function therapyLines({ chart }: Situation): readonly string[] {
  const lines = linesInWords(chart);
  return lines.length < 2 ? [] : [`Systemic drugs on file: ${lines.join('; ')}`];
}

function levelOfPathway({ guideline }: Situation): string {
  const card = guideline.cards.find(({ file }) => file.id === 'pathway-position');
  return card === undefined ? 'evidence not graded' : `evidence: ${card.file.evidenceLevel}`;
}

function recommendations(assessments: readonly Assessment[]): readonly string[] {
  const applying = assessments.filter(
    ({ card, outcome }) => outcome === 'applies' && card.file.id !== 'pathway-position',
  );
  if (applying.length === 0) return ['Recommendations that apply: none'];
  const others = applying.slice(SENTENCES).map(({ card }) => card.file.title);
  return [
    'Recommendations that apply, to be judged by a clinician:',
    ...applying
      .slice(0, SENTENCES)
      .map(({ card, texts }) => `- ${texts?.summary ?? card.file.title} (${card.file.evidenceLevel})`),
    ...(others.length === 0 ? [] : [`- and: ${others.join('; ')}`]),
  ];
}

function missing({ open, notFound }: Worklist): readonly string[] {
  const byPlace = [...Map.groupBy(notFound, ({ where }) => where)].map(
    ([where, alike]) => `in ${where} of: ${alike.map(({ what }) => what).join('; ')}`,
  );
  return [
    ...(open.length === 0
      ? []
      : [`Left open by the chart: ${open.map(({ what, why }) => `${what} (${why})`).join('; ')}`]),
    ...(byPlace.length === 0 ? [] : [`No record found ${byPlace.join('. And ')}`]),
  ];
}

function unreadOf({ readings, pending }: Situation) {
  return RESOURCE_KEYS.filter((key) => !pending.has(key)).flatMap((key) => {
    const reading = readings.get(key);
    return reading?.state === 'complete' ? [] : [{ key, reason: reading?.reason ?? 'not-sent' } as const];
  });
}

/** By kind, with the date of the newest: "problem list (2, newest 2026-10-26)". */
function recordsInWords(items: readonly HeaderItem[], assessments: readonly Assessment[]): string {
  const all = [
    ...items.flatMap(({ values }) => values.flatMap(({ evidence }) => evidence)),
    ...assessments.flatMap(({ texts }) => (texts?.basis ?? []).flatMap(({ fact }) => fact.evidence)),
  ];
  const each = [...new Map(all.map((one) => [keyOf(one), one])).values()];
  return [...Map.groupBy(each, ({ kind }) => kind)]
    .map(([kind, alike]) => `${kindInWords(kind)} (${[String(alike.length), ...newestOf(alike)].join(', newest ')})`)
    .join('; ');
}

function keyOf({ reference, kind, text, date }: Evidence): string {
  return reference ?? JSON.stringify([kind, text, date?.text]);
}

function newestOf(records: readonly Evidence[]): readonly string[] {
  const [newest] = records.flatMap(({ date }) => date ?? []).toSorted((a, b) => b.end - a.end || b.start - a.start);
  return newest === undefined || newest.text === '' ? [] : [newest.text];
}
