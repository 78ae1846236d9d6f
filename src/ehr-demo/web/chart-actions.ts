import type { Ehr } from '../ehr/ehr.ts';
import type { ChartAction, Complaint } from './chart-pages.ts';
import type { Visit } from './visit.ts';

const GONE: Complaint = { status: 404, notice: 'That card is no longer on the screen.' };
const NOTHING_CHOSEN: Complaint = { status: 400, notice: 'Choose something first.' };

/** What each form of a chart page does, by the end of its address. */
export function chartActions(ehr: Ehr): Readonly<Record<string, ChartAction>> {
  return {
    'patient-view': async ({ session }, patientId) => {
      await ehr.openChart(session.id, patientId);
      return undefined;
    },
    orders: withChoice('order', (id, patientId, order) => ehr.pickOrder(id, patientId, order)),
    'orders/remove': withChoice('draft', (id, patientId, draft) => ehr.removeDraft(id, patientId, draft)),
    'orders/sign': async (visit, patientId) => {
      await ehr.sign(visit.session.id, patientId, { anyway: visit.field('anyway') === 'yes' });
      return undefined;
    },
    problems: withChoice('problem', (id, patientId, problem) => ehr.addProblem(id, patientId, problem)),
    'cards/:card/accept': withCard(async (visit, card) => {
      const suggestions = visit.fields('suggestion').filter((index) => /^\d{1,4}$/.test(index));
      if (suggestions.length === 0) return NOTHING_CHOSEN;
      await ehr.accept(visit.session.id, card, suggestions.map(Number));
      return undefined;
    }),
    'cards/:card/dismiss': withCard(async (visit, card) => {
      const [reason, comment] = [visit.field('reason')?.trim(), visit.field('comment')?.trim()];
      await ehr.dismiss(visit.session.id, card, { ...(reason && { reason }), ...(comment && { comment }) });
      return undefined;
    }),
  };
}

/** A card that another window or an earlier click has taken away is not an error of the EHR's. */
export function hasCard({ session }: Visit, patientId: string, key: string): boolean {
  return session.patientId === patientId && session.cards.some((card) => card.key === key);
}

function withChoice(
  name: string,
  act: (sessionId: string, patientId: string, choice: string) => Promise<unknown>,
): ChartAction {
  return async (visit, patientId) => {
    const choice = visit.field(name);
    if (choice === undefined || choice === '') return NOTHING_CHOSEN;
    await act(visit.session.id, patientId, choice);
    return undefined;
  };
}

function withCard(act: (visit: Visit, card: string) => Promise<Complaint | undefined>): ChartAction {
  return async (visit, patientId) => {
    const card = visit.param('card');
    return hasCard(visit, patientId, card) ? act(visit, card) : GONE;
  };
}
