import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Character } from './character.ts';
import type { Exchange } from './exchange.ts';
import type { Session } from './session.ts';

/** A session, and what nobody sees of it. */
export interface Workplace {
  readonly session: Session;
  /** By hook, the call whose cards are awaited; cards of any other call come too late. */
  readonly awaited: ReadonlyMap<string, AwaitedCall>;
  /** The orders that wait for a second look, as `Type/id`. */
  readonly held: readonly string[];
}

/** A call that has not been answered yet. */
export interface AwaitedCall {
  /** Unique. */
  readonly turn: symbol;
  /** Has the chart changed since it was sent? */
  readonly isOutdated: boolean;
}

/** The workplaces of the browsers that were here last. */
export interface SessionMemory {
  /** A new one for an id that is not known. */
  open(id: string | undefined): Session;
  get(id: string): Workplace;
  change(id: string, how: (workplace: Workplace) => Workplace): Session;
  /** A change of the session alone. */
  show(id: string, seen: Partial<Session>): Session;
  record(id: string, exchange: Exchange): void;
}

const MOST_SESSIONS = 100;
const MOST_EXCHANGES = 40;
/** Of the exchanges of one session, and of all, in characters: a chart with each call adds up. */
const LONGEST_SESSION = 8_000_000;
const LONGEST_IN_ALL = 100_000_000;

export function createSessionMemory(character: Character): SessionMemory {
  const workplaces = new LRUCache<string, Workplace>({
    max: MOST_SESSIONS,
    maxSize: LONGEST_IN_ALL,
    sizeCalculation: ({ session }) => 1 + session.exchanges.reduce((sum, exchange) => sum + lengthOf(exchange), 0),
  });

  const get = (id: string): Workplace => workplaces.get(id) ?? workplaceOf(id, character);
  const change: SessionMemory['change'] = (id, how) => {
    const changed = how(get(id));
    workplaces.set(id, changed);
    return changed.session;
  };
  const show: SessionMemory['show'] = (id, seen) =>
    change(id, (workplace) => ({ ...workplace, session: { ...workplace.session, ...seen } }));

  return {
    open: (id) => {
      const known = id === undefined ? undefined : workplaces.get(id);
      // An id that somebody else chose would be one that somebody else knows.
      return known?.session ?? change(randomUUID(), (workplace) => workplace);
    },
    get,
    change,
    show,
    record: (id, exchange) => void show(id, { exchanges: latest([exchange, ...get(id).session.exchanges]) }),
  };
}

function workplaceOf(id: string, character: Character): Workplace {
  return {
    session: { id, character, patientId: undefined, cards: [], exchanges: [], notice: '', signing: 'idle' },
    awaited: new Map(),
    held: [],
  };
}

/** As many as are kept; the very latest always. */
function latest(exchanges: readonly Exchange[]): readonly Exchange[] {
  let length = 0;
  return exchanges.slice(0, MOST_EXCHANGES).filter((exchange, at) => {
    length += lengthOf(exchange);
    return at === 0 || length <= LONGEST_SESSION;
  });
}

function lengthOf({ request, response, fhirTraffic }: Exchange): number {
  const answered = 'body' in response ? response.body.length : 0;
  return fhirTraffic.reduce((sum, { path }) => sum + path.length, (request.body?.length ?? 0) + answered);
}
