import type { PatientStore } from '../patient-store.ts';
import { CHARACTERS } from './character.ts';
import { createDiscovery } from './discovery.ts';
import { type Advice, type ChartEvent, fireHook, type HookCallOptions } from './hook-call.ts';
import type { EhrOptions } from './operations.ts';
import { serviceSender } from './service-exchange.ts';
import type { Session } from './session.ts';
import { type AwaitedCall, createSessionMemory, type SessionMemory } from './session-memory.ts';
import { isAboutOrders, isSuperseded, outdated, withCards, withOutdatedCards } from './shown-cards.ts';

/** What the operations of an EHR have in common. */
export interface Workstation {
  readonly options: EhrOptions;
  readonly calls: HookCallOptions;
  readonly memory: SessionMemory;
  readonly now: () => Date;
  /** Opens the chart if another is open; undefined: there is no such patient, and the notice says so. */
  chart(id: string, patientId: string): Promise<PatientStore | undefined>;
  /** Fires the hook; undefined: the answer came too late, and what it was about has changed or is not on screen any more. */
  ask(id: string, event: ChartEvent): Promise<Advice | undefined>;
  /** Acts, unless the same is being done in this session already: a second click does nothing, and sees how things stand. */
  once(id: string, what: readonly unknown[], act: () => Promise<Session>): Promise<Session>;
  /** A sentence for the status line, unless another chart was opened meanwhile. */
  tell(id: string, patientId: string, notice: string): Session;
}

const PATIENCE_MS = 10_000;

export function createWorkstation(options: EhrOptions): Workstation {
  const { publicUrl, records, signer, now = () => new Date(), patienceMs = PATIENCE_MS } = options;
  const memory = createSessionMemory(CHARACTERS[0]);
  const send = serviceSender(patienceMs, now);
  const underWay = new Set<string>();
  const calls = { ...options, send, discover: createDiscovery(publicUrl, signer, send) };

  return {
    options,
    calls,
    memory,
    now,
    async chart(id, patientId) {
      const chart = await records.chartOf(patientId);
      if (chart === undefined) memory.show(id, { notice: 'There is no such patient.' });
      else if (memory.get(id).session.patientId !== patientId) startAnew(memory, id, { patientId, notice: '' });
      return chart;
    },
    async ask(id, event) {
      const { hook, patient } = event;
      const { session } = memory.get(id);
      if (session.patientId !== patient.patientId) return undefined;
      const turn = Symbol(hook);
      memory.change(id, (workplace) => ({
        ...workplace,
        awaited: awaiting(workplace.awaited, hook, { turn, isOutdated: false }),
      }));
      const advice = await fireHook(calls, session.character, event, (exchange) => memory.record(id, exchange));
      const awaited = memory.get(id).awaited.get(hook);
      if (awaited?.turn !== turn) return undefined;
      const cards = advice.kind === 'cards' ? advice.cards : [];
      const placed = awaited.isOutdated ? withOutdatedCards : withCards;
      memory.show(id, { cards: placed(memory.get(id).session.cards, hook, cards) });
      return awaited.isOutdated ? undefined : advice;
    },
    async once(id, what, act) {
      const key = JSON.stringify([id, ...what]);
      if (underWay.has(key)) return memory.get(id).session;
      underWay.add(key);
      try {
        return await act();
      } finally {
        underWay.delete(key);
      }
    },
    tell(id, patientId, notice) {
      const { session } = memory.get(id);
      return session.patientId === patientId ? memory.show(id, { notice }) : session;
    },
  };
}

/** Of hooks that take each other's place on the screen, the call that was made last is awaited alone. */
function awaiting(
  awaited: ReadonlyMap<string, AwaitedCall>,
  hook: string,
  call: AwaitedCall,
): ReadonlyMap<string, AwaitedCall> {
  return new Map([...[...awaited].filter(([other]) => !isSuperseded(other, hook)), [hook, call]]);
}

/** Another chart or another EHR, without cards; what is still awaited comes too late. */
export function startAnew(memory: SessionMemory, id: string, seen: Partial<Session>): Session {
  return memory.change(id, ({ session }) => ({
    session: { ...session, cards: [], signing: 'idle', ...seen },
    awaited: new Map(),
    held: [],
  }));
}

/** The unsigned orders are others now: what was said of them, or is about to be said, is out of date. */
export function draftsChanged(memory: SessionMemory, id: string, cards: 'dropped' | 'kept'): Session {
  return memory.change(id, ({ session, awaited }) => ({
    session: {
      ...session,
      signing: 'idle',
      cards: cards === 'kept' ? session.cards : session.cards.filter(({ hook }) => !isAboutOrders(hook)),
    },
    awaited: new Map([...awaited].filter(([hook]) => !isAboutOrders(hook))),
    held: [],
  }));
}

/** The chart is another one now: what was said of it, or is about to be said, is shown as what it is, from before. */
export function chartChanged(memory: SessionMemory, id: string): Session {
  return memory.change(id, (workplace) => ({
    ...workplace,
    session: { ...workplace.session, cards: outdated(workplace.session.cards) },
    awaited: new Map(
      [...workplace.awaited].map(([hook, { turn }]) => [hook, { turn, isOutdated: !isAboutOrders(hook) }]),
    ),
  }));
}
