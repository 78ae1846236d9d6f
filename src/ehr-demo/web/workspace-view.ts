import { draftsIn } from '../ehr/drafts.ts';
import type { Session } from '../ehr/session.ts';
import type { PatientStore, Resource } from '../patient-store.ts';
import { type CallLine, callLine } from './call-view.ts';
import { type CardGroup, cardGroups } from './card-groups.ts';
import { type ChartSection, chartSections } from './chart-view.ts';
import { type DraftView, draftView } from './order-view.ts';
import { type PatientView, patientView } from './patient-view.ts';

/** What stands on a chart page, and changes with every action. */
export interface WorkspaceView {
  readonly patient: PatientView;
  /** For the status line. */
  readonly status: string;
  readonly groups: readonly CardGroup[];
  readonly noCards: string;
  readonly drafts: readonly DraftView[];
  readonly isHeld: boolean;
  readonly sections: readonly ChartSection[];
  /** The latest. */
  readonly calls: readonly CallLine[];
  readonly olderCalls: readonly CallLine[];
  /** The vendors differ in how much room a card gets, and in what is ticked beforehand. */
  readonly character: { readonly id: string; readonly name: string };
  readonly ticksRecommended: boolean;
}

export interface WorkspaceState {
  readonly session: Session;
  readonly chart: PatientStore;
  readonly patient: Resource;
  readonly today: Date;
  /** Has the EHR yet to ask what there is to say on opening the chart? */
  readonly isAsking: boolean;
  /** What the page itself has to say of the last action; else what the EHR says. */
  readonly notice?: string | undefined;
}

/** About as many as a few minutes with one chart bring. */
const CALLS_SHOWN = 8;
/** Why there are none is for the EHR to say: the service may have had nothing to say, or nobody may have been asked. */
const NO_CARDS = 'No cards: see the line above.';
const ELSEWHERE = 'This browser has another chart open by now. Load the page again to ask about this one.';
const NO_ANSWER = 'No answer yet.';
const ASKING = 'Asking the decision support service…';

export function workspaceView({ session, chart, patient, today, isAsking, notice }: WorkspaceState): WorkspaceView {
  const { character } = session;
  // Another window of the same browser may have opened another chart: its cards are not of this one.
  const isOpen = session.patientId === chart.patientId;
  const shown = isOpen ? session.cards : [];
  const said = notice ?? session.notice;
  return {
    patient: patientView(patient, today),
    status: isAsking ? ASKING : said || NO_ANSWER,
    groups: cardGroups(shown, character),
    noCards: isAsking ? ASKING : isOpen ? NO_CARDS : ELSEWHERE,
    drafts: draftsIn(chart).map((draft) => draftView(draft, chart)),
    isHeld: isOpen && session.signing === 'held',
    sections: chartSections(chart),
    calls: session.exchanges.slice(0, CALLS_SHOWN).map(callLine),
    olderCalls: session.exchanges.slice(CALLS_SHOWN).map(callLine),
    character: { id: character.id, name: character.name },
    ticksRecommended: character.profile === 'epic',
  };
}
