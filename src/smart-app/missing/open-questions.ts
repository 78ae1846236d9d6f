import type { Doubt, Evidence, Fact } from '../../chart/fact.ts';
import type { ResourceKey } from '../../chart/reading.ts';
import type { Assessment } from '../../guideline/assess.ts';
import { CRITERIA } from '../../guideline/criteria/registry.ts';
import type { Answers } from '../../guideline/expression.ts';
import { partsInWords } from '../../guideline/wording.ts';
import { whyUnknown } from '../parts/gap.ts';
import type { Situation } from '../situation.ts';
import { undecidedBy } from './undecided-by.ts';

/** Questions that one thing leaves open. */
export interface OpenQuestion {
  /** What is missing, or the first of what is asked. */
  readonly what: string;
  /** What it leaves open as well. */
  readonly also: readonly string[];
  readonly why: string;
  /** What would close it. */
  readonly toDo: string | undefined;
  readonly evidence: readonly Evidence[];
  /** Titles of the cards that stay undecided. */
  readonly undecided: readonly string[];
}

/** What the place of a record is, where it is one that is seldom thought of. */
const RECORD: ReadonlyMap<string, string> = new Map([
  ['metastatic', 'Record a stage group, an M category, or each metastasis as a problem of its own.'],
  ['primary-site-known', 'Name the place in the problem, or as its body site.'],
  ['disease-worsened', 'Record the disease status, with its date, whichever way it is.'],
  ['progression-on-systemic-therapy', 'Record the therapy and the disease status since, with their dates.'],
  ['progression-on-immunotherapy', 'Record the disease status, with its date, whichever way it is.'],
  ['progression-on-tki', 'Record the disease status, with its date, whichever way it is.'],
  ['brain-mri-since-metastasis', 'Record each metastasis with the day on which it was found.'],
]);

function toDo(id: string | undefined, doubt: Doubt): string {
  const special = id === undefined || doubt !== 'not-recorded' ? undefined : RECORD.get(id);
  return special ?? TO_DO[doubt];
}

const TO_DO: Readonly<Record<Doubt, string>> = {
  'another-active-cancer': 'Link the record to its primary cancer.',
  'only-suspected': 'Confirm or refute the entry: its verification status decides.',
  resolved: 'Say in the record whether it is over or back.',
  'date-not-comparable': 'Give the records their full dates.',
  'of-another-time': 'Record the disease status of that time, with its date.',
  'site-not-comparable': 'Give the records a body site.',
  contradictory: 'Settle which of the records stands.',
  'not-recorded': 'Record it, whichever way it is.',
  'only-planned': 'Record it as ordered, given or taken, if it was.',
  'on-hold': 'Say in the order whether it is resumed or stopped.',
  stale: 'Record a new value, with its date.',
  implausible: 'Check the value and its unit.',
  'not-named': 'Name the drug in the order.',
};

/** What is missing where nothing at all is on file of a part: by this name it is looked for, not by each question. */
const PARTS: ReadonlyMap<ResourceKey, string> = new Map([['observationsDiseaseStatus', 'disease status']]);

interface Unknown {
  readonly id: string;
  readonly label: string;
  readonly fact: Fact;
  /** What it presupposes and of which no record was found, as a noun. */
  readonly without: string | undefined;
  /** Titles of the cards that it keeps undecided. */
  readonly cards: readonly string[];
}

/** Every question of the guideline that what was read leaves open, those that leave most undecided first. */
export function openQuestions(
  pending: Situation['pending'],
  answers: Answers,
  assessments: readonly Assessment[],
): readonly OpenQuestion[] {
  const cards = undecidedBy(assessments);
  const unknown = [...CRITERIA.values()].flatMap(({ id, label, presupposes }): readonly Unknown[] => {
    const fact = answers(id);
    if (fact.state !== 'unknown' || isForWantOfReading(fact)) return [];
    return [{ id, label, fact, without: withoutRecordOf(presupposes, answers), cards: cards.get(id) ?? [] }];
  });
  return [...Map.groupBy(unknown, causeOf).values()]
    .map((alike) => questionOf(alike, pending))
    .toSorted((a, b) => b.undecided.length - a.undecided.length);
}

/** Nothing is recorded in what was read, and not all was read: that is the doing of what was not. */
function isForWantOfReading({ doubt, unread }: Fact): boolean {
  return unread.length > 0 && (doubt === undefined || doubt === 'not-recorded');
}

/** What is asked about cannot have happened without the other: where that is not on record, there is nothing to record. */
function withoutRecordOf(other: string | undefined, answers: Answers): string | undefined {
  return other !== undefined && answers(other).state === 'no' ? CRITERIA.get(other)?.label : undefined;
}

/** Alike are those for which the same thing is missing, or the same records leave the same doubt. */
function causeOf({ id, fact: { doubt, evidence, searched }, without }: Unknown): string {
  const records = evidence.map(({ reference, text }) => reference ?? text);
  // With nothing found and nowhere to look, a question is only like itself.
  const places = records.length + searched.length === 0 ? [id] : searched;
  return JSON.stringify([doubt, without, records, records.length > 0 ? [] : places]);
}

function questionOf(alike: readonly Unknown[], pending: Situation['pending']): OpenQuestion {
  const [first, ...others] = alike.toSorted((a, b) => b.cards.length - a.cards.length);
  const fact = first?.fact;
  const without = first?.without;
  const doubt = fact?.doubt ?? 'not-recorded';
  const searched = fact?.searched ?? [];
  const what = without === undefined ? nameOfPart(fact) : undefined;
  const places = searched.length === 0 || doubt !== 'not-recorded' ? '' : ` in ${partsInWords(searched)}`;
  return {
    what: what ?? first?.label ?? '',
    also: (what === undefined ? others : alike).map(({ label }) => label),
    why:
      without === undefined
        ? `${whyUnknown(fact ?? { unread: [] }, pending)}${places}`
        : `no record of ${without} found, so that there is nothing to record`,
    toDo: without === undefined ? toDo(first?.id, doubt) : undefined,
    evidence: fact?.evidence ?? [],
    undecided: [...new Set(alike.flatMap(({ cards }) => cards))],
  };
}

/** Of what there is nothing at all. */
function nameOfPart(fact: Fact | undefined): string | undefined {
  if (fact === undefined || fact.doubt !== 'not-recorded' || fact.evidence.length > 0) return undefined;
  const [part, ...others] = fact.searched;
  return part === undefined || others.length > 0 ? undefined : PARTS.get(part);
}
