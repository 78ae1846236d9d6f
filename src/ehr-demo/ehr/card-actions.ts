import type { Card, Suggestion } from '../card-text.ts';
import { type CardOutcome, sendFeedback } from './feedback.ts';
import { launchUrl } from './launch-url.ts';
import { sentence } from './notices.ts';
import type { Dismissal, Ehr } from './operations.ts';
import type { Session, ShownCard } from './session.ts';
import { plannedChanges } from './suggested-changes.ts';
import { workOn } from './work.ts';
import { draftsChanged, type Workstation } from './workstation.ts';

const GONE = 'That card is not on the screen any more.';
const OUTDATED = 'This card is from before the chart changed. Ask again.';

/** What a clinician can do with a card. */
export function cardActions(station: Workstation): Pick<Ehr, 'accept' | 'dismiss' | 'launchLink'> {
  const { memory, options, calls, now } = station;

  function find(id: string, key: string): ShownCard | undefined {
    return memory.get(id).session.cards.find((card) => card.key === key);
  }

  async function report(id: string, session: Session, shown: ShownCard, became: CardOutcome): Promise<string> {
    return sendFeedback(calls, session.character, shown, became, now(), (exchange) => memory.record(id, exchange));
  }

  async function carryOut(id: string, patientId: string, shown: ShownCard, taken: readonly Suggestion[]) {
    const { session } = memory.get(id);
    const chart = await options.records.chartOf(patientId);
    if (chart === undefined) return memory.show(id, { notice: 'There is no such patient.' });
    const planned = plannedChanges(taken, chart);
    if ('problem' in planned) return station.tell(id, patientId, `Nothing was done. ${planned.problem}.`);
    const done = await options.records.change(planned.changes);
    if (done.kind === 'refused') {
      return station.tell(id, patientId, `Nothing was done. ${sentence(done.because)}`);
    }
    if (find(id, shown.key) !== undefined) {
      if (planned.changes.length > 0) draftsChanged(memory, id, 'kept');
      memory.show(id, {
        cards: memory
          .get(id)
          .session.cards.map((card) => (card.key === shown.key ? { ...card, state: 'accepted' } : card)),
      });
    }
    const uuids = taken.flatMap(({ uuid }) => uuid ?? []);
    const feedback = await report(id, session, shown, { outcome: 'accepted', suggestions: uuids });
    return station.tell(id, patientId, `Accepted: ${taken.map(({ label }) => label).join('; ')}. ${feedback}`.trim());
  }

  async function accept(id: string, cardKey: string, suggestions: readonly number[]): Promise<Session> {
    const { patientId } = memory.get(id).session;
    const shown = find(id, cardKey);
    if (shown === undefined || patientId === undefined) return memory.show(id, { notice: GONE });
    if (shown.state === 'accepted') return memory.show(id, { notice: 'That card was accepted before.' });
    if (shown.state === 'outdated') return memory.show(id, { notice: OUTDATED });
    const taken = takenFrom(shown.card, suggestions);
    if (typeof taken === 'string') return memory.show(id, { notice: taken });
    return carryOut(id, patientId, shown, taken);
  }

  async function dismiss(id: string, cardKey: string, why: Dismissal): Promise<Session> {
    const { session } = memory.get(id);
    const { patientId } = session;
    const shown = find(id, cardKey);
    if (shown === undefined || patientId === undefined) return memory.show(id, { notice: GONE });
    const reason = reasonFrom(shown.card, why);
    if (typeof reason === 'string') return memory.show(id, { notice: reason });

    memory.show(id, { cards: session.cards.filter(({ key }) => key !== cardKey), notice: 'Dismissed.' });
    // It was accepted, and stays so.
    if (shown.state === 'accepted') return memory.show(id, { notice: 'The card is closed.' });
    const comment = why.comment?.trim() ?? '';
    const feedback = await report(id, session, shown, { outcome: 'overridden', reason, comment });
    return station.tell(id, patientId, `Dismissed. ${feedback}`.trim());
  }

  return {
    // Whatever is done with a card, one thing at a time.
    accept: (id, cardKey, suggestions) => station.once(id, ['card', cardKey], () => accept(id, cardKey, suggestions)),
    dismiss: (id, cardKey, why) => station.once(id, ['card', cardKey], () => dismiss(id, cardKey, why)),

    async launchLink(id, cardKey, link) {
      const { patientId } = memory.get(id).session;
      const target = find(id, cardKey)?.card.links?.[link];
      if (patientId === undefined || target?.type !== 'smart') return undefined;
      const chart = await options.records.chartOf(patientId);
      if (chart === undefined) return undefined;
      const { userId: user, encounterId: encounter } = workOn(chart, { userType: 'Practitioner' });
      const launch = options.launch({ patient: patientId, encounter, user, appContext: target.appContext });
      return launchUrl(target.url, options.fhirBaseUrl, launch);
    },
  };
}

/** The suggestions at these places; or why they cannot be taken. */
function takenFrom(card: Card, places: readonly number[]): readonly Suggestion[] | string {
  const taken = [...new Set(places)].map((place) => card.suggestions?.[place]);
  const known = taken.filter((suggestion) => suggestion !== undefined);
  if (known.length === 0 || known.length < taken.length) return 'There is no such suggestion: nothing was done.';
  return known.length > 1 && card.selectionBehavior !== 'any'
    ? 'Of this card one suggestion can be accepted: nothing was done.'
    : known;
}

function reasonFrom({ overrideReasons = [] }: Card, { reason = '' }: Dismissal) {
  if (reason === '') return undefined;
  const byPlace = /^\d{1,3}$/.test(reason) ? overrideReasons[Number(reason)] : undefined;
  return (
    overrideReasons.find(({ code }) => code === reason) ??
    byPlace ??
    'That is none of the reasons of this card: it stays.'
  );
}
