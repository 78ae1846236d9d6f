import type { PatientStore } from '../patient-store.ts';
import { CHARACTERS } from './character.ts';
import { createDiscovery } from './discovery.ts';
import { type Advice, type ChartEvent, fireHook, type HookCallOptions } from './hook-call.ts';
import type { EhrOptions } from './operations.ts';
import { serviceSender } from './service-exchange.ts';
import type { Session } from './session.ts';
import { createSessionMemory, type SessionMemory } from './session-memory.ts';
import { ORDER_HOOKS, supersededBy, withCards, withoutCards } from './shown-cards.ts';

/** What the operations of an EHR have in common. */
export interface Workstation {
  readonly options: EhrOptions;
  readonly calls: HookCallOptions;
  readonly memory: SessionMemory;
  readonly now: () => Date;
  /** Opens the chart if another is open; undefined: there is no such patient, and the notice says so. */
  chart(id: string, patientId: string): Promise<PatientStore | undefined>;
  /** Fires the hook; undefined: the answer came too late, and what it was about is not on screen any more. */
  ask(id: string, event: ChartEvent): Promise<Advice | undefined>;
  /** A sentence for the status line, unless another chart was opened meanwhile. */
  tell(id: string, patientId: string, notice: string): Session;
}

const PATIENCE_MS = 10_000;

export function createWorkstation(options: EhrOptions): Workstation {
  const { publicUrl, records, signer, now = () => new Date(), patienceMs = PATIENCE_MS } = options;
  const memory = createSessionMemory(CHARACTERS[0]);
  const send = serviceSender(patienceMs, now);
  const calls = { ...options, send, discover: createDiscovery(publicUrl, signer, send) };

  return {
    options,
    calls,
    memory,
    now,
    async chart(id, patientId) {
      const chart = await records.chartOf(patientId);
      if (chart === undefined) memory.show(id, { notice: 'There is no such patient.' });
      else if (memory.get(id).session.patientId !== patientId) enterChart(memory, id, patientId);
      return chart;
    },
    async ask(id, event) {
      const { hook, patient } = event;
      const { session } = memory.get(id);
      if (session.patientId !== patient.patientId) return undefined;
      const turn = Symbol(hook);
      memory.change(id, (workplace) => ({ ...workplace, awaited: awaiting(workplace.awaited, hook, turn) }));
      const advice = await fireHook(calls, session.character, event, (exchange) => memory.record(id, exchange));
      if (memory.get(id).awaited.get(hook) !== turn) return undefined;
      const cards = advice.kind === 'cards' ? advice.cards : [];
      memory.show(id, { cards: withCards(memory.get(id).session.cards, hook, cards) });
      return advice;
    },
    tell(id, patientId, notice) {
      const { session } = memory.get(id);
      return session.patientId === patientId ? memory.show(id, { notice }) : session;
    },
  };
}

/** Of hooks that take each other's place on the screen, the call that was made last is awaited alone. */
function awaiting(awaited: ReadonlyMap<string, symbol>, hook: string, turn: symbol): ReadonlyMap<string, symbol> {
  const superseded = supersededBy(hook);
  return new Map([...[...awaited].filter(([other]) => !superseded.includes(other)), [hook, turn]]);
}

/** A chart without cards; what is still awaited for another comes too late. */
export function enterChart(memory: SessionMemory, id: string, patientId: string): Session {
  return memory.change(id, ({ session }) => ({
    session: { ...session, patientId, cards: [], notice: '', signing: 'idle' },
    awaited: new Map(),
    held: [],
    busy: new Set(),
  }));
}

/** The unsigned orders are others now: what was said of them, or is about to be said, is out of date. */
export function draftsChanged(memory: SessionMemory, id: string, cards: 'dropped' | 'kept'): Session {
  return memory.change(id, ({ session, awaited, busy }) => ({
    session: {
      ...session,
      signing: 'idle',
      cards: cards === 'kept' ? session.cards : withoutCards(session.cards, ORDER_HOOKS),
    },
    awaited: new Map([...awaited].filter(([hook]) => !ORDER_HOOKS.includes(hook))),
    held: [],
    busy,
  }));
}
