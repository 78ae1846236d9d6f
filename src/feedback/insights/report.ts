import { compareText } from './compare-text.ts';
import type { InsightsFigures, ShowingFigures, TallyFigures } from './figures.ts';
import { healthOf } from './health.ts';
import type {
  CardInsight,
  GroupInsight,
  InsightsQuery,
  InsightsReport,
  ReasonInsight,
  ShadowInsight,
} from './insights.ts';
import { outcomesOf, proportion, sum } from './outcomes.ts';
import { trendsOf } from './trends.ts';
import { byVersion, nameOf, type Version, versionOf } from './versions.ts';

/** What the guideline's owners call things. */
export interface InsightsWords {
  /** Undefined of a card that is no more. */
  readonly titleOf: (cardId: string) => string | undefined;
  /** Undefined of a code that is not the guideline's. */
  readonly displayOf: (system: string | undefined, code: string) => string | undefined;
  /** The guideline's own reason that this card sends to some clients by this code of HL7's; undefined of all others (CH-105). */
  readonly ownReasonOf: (cardId: string, system: string | undefined, code: string) => OwnReason | undefined;
}

export interface OwnReason {
  readonly system: string;
  readonly code: string;
}

/** A version is flagged only if its showings with a suggestion were answered so often. */
const ENOUGH_ANSWERS = 20;

/** What figures say, ordered for reading. Pure. */
export function reportOf(
  query: InsightsQuery,
  figures: InsightsFigures,
  words: InsightsWords,
  readAt: Date,
): InsightsReport {
  const isChosen = ({ client, service }: ShowingFigures | TallyFigures) =>
    (query.client === undefined || client === query.client) &&
    (query.service === undefined || service === query.service);
  const showings = figures.showings.filter(isChosen);
  // What is counted by neither client nor service is the same whichever is looked at.
  const tallies = figures.tallies.filter((tally) => tally.measure === 'fhir' || isChosen(tally));
  const title = (cardId: string) => words.titleOf(cardId) ?? cardId;
  const shown = showings.filter(({ state }) => state === 'shown');
  const cards = cardsOf(shown, tallies, figures, title);
  return {
    query,
    readAt: readAt.toISOString(),
    recordBegins: figures.recordBegins,
    cards,
    trends: trendsOf(query, figures, { shown, cards }),
    reasons: reasonsOf(figures, shown, (cardId) => cards.findIndex((card) => card.cardId === cardId), words),
    byService: groupsOf(shown, ({ service }) => service),
    byClient: groupsOf(shown, ({ client }) => client),
    shadow: shadowOf(
      showings.filter(({ state }) => state === 'shadow'),
      tallies,
      title,
    ),
    health: healthOf(tallies),
    ofUnknownCards: figures.ofUnknownCards,
    comments: figures.comments,
    choices: {
      clients: choices([query.client, ...[...figures.showings, ...figures.tallies].map(({ client }) => client)]),
      services: choices([query.service, ...[...figures.showings, ...figures.tallies].map(({ service }) => service)]),
    },
  };
}

/** Every version that was judged, shown or left out. */
function cardsOf(
  shown: readonly ShowingFigures[],
  tallies: readonly TallyFigures[],
  { responseTimes, firstDays }: InsightsFigures,
  title: (cardId: string) => string,
): readonly CardInsight[] {
  const judged = countsOf(tallies, 'judged');
  const cut = countsOf(tallies, 'cut');
  const showings = byVersion(shown);
  const seconds = byVersion(responseTimes);
  const versions = new Map<string, Version>([...judged, ...cut].map(([name, { version }]) => [name, version]));
  for (const { cardId, version } of shown) versions.set(nameOf({ cardId, version }), { cardId, version });
  return [...versions]
    .map(([name, version]) => {
      const outcomes = outcomesOf(showings.get(name) ?? []);
      const { shown: offered, overridden } = outcomes.withSuggestion;
      const low = overridden.interval?.[0];
      return {
        ...version,
        ...outcomes,
        title: title(version.cardId),
        judged: judged.get(name)?.count ?? 0,
        cut: cut.get(name)?.count ?? 0,
        burden: low === undefined ? undefined : offered * low,
        isFlagged: overridden.of >= ENOUGH_ANSWERS && low !== undefined && low > 0.5,
        followedBy: nextAfter(version, firstDays),
        medianSecondsToOutcome: median((seconds.get(name) ?? []).map((time) => time.seconds)),
      };
    })
    .toSorted(
      (a, b) =>
        (b.burden ?? -1) - (a.burden ?? -1) ||
        b.shown - a.shown ||
        b.judged - a.judged ||
        compareText(nameOf(a), nameOf(b)),
    );
}

function nextAfter({ cardId, version }: Version, firstDays: InsightsFigures['firstDays']): CardInsight['followedBy'] {
  const ofCard = firstDays.filter((first) => first.cardId === cardId);
  const began = ofCard.find((first) => first.version === version)?.day;
  const [next] = ofCard
    .filter(({ day }) => began !== undefined && day > began)
    .toSorted((a, b) => compareText(a.day, b.day) || compareText(a.version, b.version));
  return next && { version: next.version, day: next.day };
}

function shadowOf(
  inShadow: readonly ShowingFigures[],
  tallies: readonly TallyFigures[],
  title: (cardId: string) => string,
): readonly ShadowInsight[] {
  const judged = countsOf(tallies, 'judged-in-shadow');
  const showings = byVersion(inShadow);
  const versions = new Map<string, Version>([...judged].map(([name, { version }]) => [name, version]));
  for (const { cardId, version } of inShadow) versions.set(nameOf({ cardId, version }), { cardId, version });
  return [...versions]
    .map(([name, version]) => {
      const count = sum((showings.get(name) ?? []).map((figures) => figures.showings));
      // Tallies of the last seconds are lost with a process that is killed, and showings are not.
      const of = Math.max(judged.get(name)?.count ?? 0, count);
      return { ...version, title: title(version.cardId), judged: of, wouldHaveBeenShown: proportion(count, of) };
    })
    .toSorted(
      (a, b) =>
        b.wouldHaveBeenShown.count - a.wouldHaveBeenShown.count ||
        b.judged - a.judged ||
        compareText(nameOf(a), nameOf(b)),
    );
}

/** Cards in the order that they have elsewhere, and each card's reasons the most frequent first. */
function reasonsOf(
  { reasons }: InsightsFigures,
  shown: readonly ShowingFigures[],
  placeOf: (cardId: string) => number,
  { displayOf, ownReasonOf }: InsightsWords,
): readonly ReasonInsight[] {
  const byCard = Map.groupBy(shown, ({ cardId }) => cardId);
  const folded = reasons.map((reason) => ({ ...reason, ...ownReasonOf(reason.cardId, reason.system, reason.code) }));
  const byReason = Map.groupBy(folded, ({ cardId, system, code }) => JSON.stringify([cardId, system, code]));
  return [...byReason.values()]
    .flatMap((same) => same.slice(0, 1).map((reason) => ({ reason, count: sum(same.map(({ showings }) => showings)) })))
    .map(({ reason: { cardId, system, code }, count }) => {
      const overridden = sum((byCard.get(cardId) ?? []).map((figures) => figures.overridden));
      // No client is offered both codes of a reason, but one may send both.
      return {
        cardId,
        system,
        code,
        display: displayOf(system, code),
        given: proportion(Math.min(count, overridden), overridden),
      };
    })
    .toSorted(
      (a, b) =>
        placeOf(a.cardId) - placeOf(b.cardId) ||
        b.given.count - a.given.count ||
        compareText(a.code, b.code) ||
        compareText(a.system ?? '', b.system ?? ''),
    );
}

function groupsOf(
  shown: readonly ShowingFigures[],
  nameOfGroup: (figures: ShowingFigures) => string | undefined,
): readonly GroupInsight[] {
  return [...Map.groupBy(shown, nameOfGroup)]
    .map(([name, counts]) => ({ name, ...outcomesOf(counts) }))
    .toSorted((a, b) => b.shown - a.shown || compareText(a.name ?? '', b.name ?? ''));
}

/** How often each version was counted. */
function countsOf(tallies: readonly TallyFigures[], measure: string) {
  const counted = tallies.filter((tally) => tally.measure === measure);
  const bySubject = Map.groupBy(counted, ({ subject }) => subject);
  return new Map(
    [...bySubject].map(([subject, same]) => [
      subject,
      { version: versionOf({ subject }), count: sum(same.map(({ count }) => count)) },
    ]),
  );
}

function median(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function choices(names: readonly (string | undefined)[]): readonly string[] {
  const named = names.filter((name) => name !== undefined).filter((name) => name !== '');
  return [...new Set(named)].toSorted(compareText);
}
