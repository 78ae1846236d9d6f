import type { Card } from '../../../src/ehr-demo/card-text.ts';
import { CHARACTERS } from '../../../src/ehr-demo/ehr/character.ts';
import type { Ehr } from '../../../src/ehr-demo/ehr/ehr.ts';
import type { Exchange } from '../../../src/ehr-demo/ehr/exchange.ts';
import type { Session, ShownCard } from '../../../src/ehr-demo/ehr/session.ts';

/** An EHR that only notes what it is asked to do, and shows the session that a test gives it. */
export interface EhrStandIn extends Ehr {
  /** What was asked, with all but the session's id. */
  readonly asked: unknown[][];
  see(seen: Partial<Session>): void;
}

export const EXCHANGE: Exchange = {
  id: 'exchange-1',
  at: new Date('2026-11-22T10:00:00Z'),
  about: 'patient-view',
  request: {
    method: 'POST',
    url: 'http://127.0.0.1:3000/cds-services/asps-patient-view',
    headers: { authorization: 'Bearer a.b.c', 'content-type': 'application/json' },
    body: '{"hook":"patient-view"}',
  },
  response: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"cards":[]}' },
  milliseconds: 41.6,
  fhirTraffic: [
    { method: 'GET', path: 'Condition?patient=1', status: 200, milliseconds: 3.2, bytes: 1234, token: 'secret-token' },
  ],
};

export function shown(card: Partial<Card>, more: Partial<ShownCard> = {}): ShownCard {
  const whole: Card = { uuid: 'uuid-1', summary: 'A card', indicator: 'info', source: { label: 'A source' }, ...card };
  return { key: 'card-1', hook: 'patient-view', state: 'open', card: whole, ...more };
}

export function ehrStandIn(launchUrl?: string): EhrStandIn {
  let session: Session = {
    id: 'session-1',
    character: CHARACTERS[0],
    patientId: undefined,
    cards: [],
    exchanges: [],
    notice: '',
    signing: 'idle',
  };
  const asked: unknown[][] = [];
  const note =
    (name: string) =>
    async (_id: string, ...rest: readonly unknown[]): Promise<Session> => {
      asked.push([name, ...rest]);
      return session;
    };
  return {
    asked,
    see: (seen) => {
      session = { ...session, ...seen };
    },
    session: () => session,
    become: (_id, character) => {
      asked.push(['become', character]);
      return session;
    },
    enter: (_id, patientId) => {
      asked.push(['enter', patientId]);
      session = { ...session, patientId, cards: [] };
      return session;
    },
    openChart: note('openChart'),
    pickOrder: note('pickOrder'),
    removeDraft: note('removeDraft'),
    sign: note('sign'),
    addProblem: note('addProblem'),
    accept: note('accept'),
    dismiss: note('dismiss'),
    launchLink: async (_id, ...rest) => {
      asked.push(['launchLink', ...rest]);
      return launchUrl;
    },
    reset: note('reset'),
  };
}
