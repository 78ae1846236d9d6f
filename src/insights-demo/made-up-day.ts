import type { FeedbackEntry } from '../cds-hooks/feedback.ts';
import type { ReceivedFeedback } from '../feedback/feedback-store.ts';
import type { Showing, ShownCards } from '../feedback/showing.ts';
import type { Measure, Tally } from '../feedback/tally.ts';
import type { Chance } from './chance.ts';
import type { MadeUpCard } from './made-up-cards.ts';

/** A made-up card as the guideline has it. */
export interface CardInUse extends MadeUpCard {
  readonly version: string;
  readonly hooks: ReadonlySet<string>;
  readonly hasSuggestions: boolean;
}

/** A made-up hospital. */
export interface MadeUpClient {
  readonly name: string;
  /** On a working day. */
  readonly aspsCalls: number;
  readonly otherCalls: number;
}

/** What the store is given of one day. */
export interface MadeUpDay {
  readonly shown: readonly ShownCards[];
  readonly feedback: readonly ReceivedFeedback[];
  readonly tallies: readonly Tally[];
}

export interface DayOptions {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** From 0 to 1, where in the time that is made up. */
  readonly progress: number;
  readonly cards: readonly CardInUse[];
  readonly clients: readonly MadeUpClient[];
  /** The system of the guideline's override reasons. */
  readonly reasonSystem: string;
  readonly chance: Chance;
}

const HOOKS: readonly (readonly [hook: string, weight: number])[] = [
  ['patient-view', 70],
  ['encounter-start', 12],
  ['order-select', 10],
  ['order-sign', 8],
];
const MOST_CARDS = 4;
const WEEKEND = 0.15;
/** Classes of time, as the service counts them, by how many calls they take. */
const QUICK: readonly (readonly [bound: string, weight: number])[] = [
  ['0.005', 60],
  ['0.01', 30],
  ['0.025', 8],
  ['0.05', 2],
];
const WITH_FHIR: readonly (readonly [bound: string, weight: number])[] = [
  ['0.025', 10],
  ['0.05', 25],
  ['0.1', 40],
  ['0.25', 18],
  ['0.5', 5],
  ['1.5', 1],
  ['2.5', 1],
];
const UNREAD: readonly (readonly [key: string, probability: number])[] = [
  ['imagingStudies', 0.12],
  ['medicationAdministrations', 0.05],
  ['diagnosticReports', 0.02],
];

/** One day at all clients: who called, which cards were shown, and what became of them. */
export function madeUpDay(options: DayOptions): MadeUpDay {
  const { day, clients, chance } = options;
  const shown: ShownCards[] = [];
  const feedback: ReceivedFeedback[] = [];
  const tallies = new Map<string, Tally>();
  const weekday = new Date(day).getUTCDay();
  const share = weekday === 0 || weekday === 6 ? WEEKEND : 1;

  const count = (client: string | undefined, service: string, measure: Measure, subject: string, times = 1) => {
    const key = JSON.stringify([client, service, measure, subject]);
    const before = tallies.get(key)?.count ?? 0;
    tallies.set(key, { day, client, service, measure, subject, count: before + times });
  };

  for (const { name, aspsCalls, otherCalls } of clients) {
    for (let left = chance.times(otherCalls * share); left > 0; left -= 1) {
      const hook = chance.pick(HOOKS) ?? 'patient-view';
      const isBad = chance.happens(0.002);
      count(name, `asps-${hook}`, 'call', isBad ? '412' : '200');
      if (!isBad) count(name, `asps-${hook}`, 'answered', 'not-asps');
      count(name, `asps-${hook}`, 'duration', chance.pick(QUICK) ?? '0.005');
    }
    for (let left = chance.times(aspsCalls * share); left > 0; left -= 1) {
      const hook = chance.pick(HOOKS) ?? 'patient-view';
      const service = `asps-${hook}`;
      count(name, service, 'call', '200');
      count(name, service, 'answered', chance.happens(0.1) ? 'suspected' : 'asps');
      count(name, service, 'duration', chance.pick(WITH_FHIR) ?? '0.1');
      count(undefined, '', 'fhir', 'ok', 6);
      if (chance.happens(0.03)) count(undefined, '', 'fhir', 'timeout');
      for (const [key, probability] of UNREAD) if (chance.happens(probability)) count(name, service, 'unread', key);

      const shownAt = new Date(Date.parse(`${day}T07:00:00Z`) + Math.floor(chance.next() * 10 * 3_600_000));
      const { judged, cut, answered } = answer(hook, options);
      for (const { isInShadow, ...card } of judged) {
        count(name, service, isInShadow === true ? 'judged-in-shadow' : 'judged', nameOf(card));
      }
      for (const card of cut) count(name, service, 'cut', nameOf(card));
      if (answered.length === 0) continue;
      shown.push({
        client: name,
        service,
        hookInstance: chance.uuid(),
        shownAt,
        cards: answered.map(({ showing }) => showing),
      });
      const entries = answered.flatMap(({ card, showing }) => responseTo(card, showing, shownAt, options));
      if (entries.length > 0) {
        feedback.push({ client: name, service, receivedAt: new Date(shownAt.getTime() + 120_000), entries });
      }
    }
  }
  return { shown, feedback, tallies: [...tallies.values()] };
}

/** A card in the version of the day, and how often it is accepted. */
type CardOfDay = CardInUse & { readonly accepted: number };

function answer(hook: string, { cards, progress, chance }: DayOptions) {
  const judged = cards.filter(({ hooks }) => hooks.has(hook)).map((card) => ofDay(card, progress));
  const applying = judged.filter(({ applies }) => chance.happens(applies));
  const live = applying.filter(({ isInShadow }) => isInShadow !== true);
  const most = hook.startsWith('order') ? live.length : MOST_CARDS;
  const out = [...live.slice(0, most), ...applying.filter(({ isInShadow }) => isInShadow === true)];
  return {
    judged,
    cut: live.slice(most),
    answered: out.map((card) => ({ card, showing: showingOf(card, chance) })),
  };
}

function ofDay({ before, ...card }: CardInUse, progress: number): CardOfDay {
  if (before === undefined || progress >= before.until) return card;
  return { ...card, version: before.version, accepted: before.accepted };
}

function nameOf({ cardId, version }: Pick<CardInUse, 'cardId' | 'version'>): string {
  return `${cardId}@${version}`;
}

function showingOf({ cardId, version, isInShadow, indicator, hasSuggestions }: CardOfDay, chance: Chance): Showing {
  return {
    card: chance.uuid(),
    cardId,
    version,
    state: isInShadow === true ? 'shadow' : 'shown',
    indicator,
    suggestions: hasSuggestions ? [chance.uuid()] : [],
  };
}

/** One entry of feedback, or none: most cards are just passed over. */
function responseTo(
  { answered, accepted, reasons }: CardOfDay,
  { card, state, suggestions }: Showing,
  shownAt: Date,
  { chance, reasonSystem }: DayOptions,
): readonly FeedbackEntry[] {
  if (state === 'shadow' || !chance.happens(answered)) return [];
  // Half within 20 seconds, a few after minutes.
  const seconds = 20 * Math.exp(2 * (chance.next() + chance.next() - 1));
  const base = {
    card,
    outcomeTimestamp: new Date(shownAt.getTime() + Math.round(seconds * 1000)).toISOString(),
    hasComment: false,
    comments: [],
  };
  if (suggestions.length > 0 && chance.happens(accepted)) {
    return [{ ...base, outcome: 'accepted', acceptedSuggestions: suggestions, overrideReasons: [] }];
  }
  const code = chance.pick(reasons) ?? '';
  const overrideReasons = code === '' ? [] : [{ code, system: reasonSystem }];
  return [{ ...base, outcome: 'overridden', acceptedSuggestions: [], overrideReasons }];
}
