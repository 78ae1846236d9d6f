import type { Resource } from '../patient-store.ts';
import { carryOut, referenceTo } from './changes.ts';
import { draftOrders, draftsIn, newDrafts, signedOrder } from './drafts.ts';
import type { Advice } from './hook-call.ts';
import { adviceInWords, counted, sentence } from './notices.ts';
import type { Ehr } from './operations.ts';
import type { Orderable } from './orderables.ts';
import type { Session } from './session.ts';
import type { Workplace } from './session-memory.ts';
import { isPressing } from './shown-cards.ts';
import { draftsChanged, type Workstation } from './workstation.ts';

/** From picking an order to its signature. */
export function orderEntry(
  station: Workstation,
  orderables: readonly Orderable[],
): Pick<Ehr, 'pickOrder' | 'removeDraft' | 'sign'> {
  const { memory, options, now } = station;
  const { records } = options;

  /** Makes those of the orders active that still are drafts. Their cards have been heeded or overruled. */
  async function activate(id: string, patientId: string, references: readonly string[], advice: string) {
    const chart = await records.chartOf(patientId);
    const drafts =
      chart === undefined ? [] : draftsIn(chart).filter((draft) => references.includes(referenceTo(draft)));
    if (drafts.length === 0)
      return station.tell(id, patientId, 'The orders are not there any more: nothing is signed.');
    const outcome = await carryOut(
      records,
      drafts.map((before) => ({ kind: 'update', resource: signedOrder(before, now()), before })),
    );
    const done =
      outcome.kind === 'done'
        ? `Signed: ${counted(drafts.length, 'order')}.`
        : `The orders are not signed. ${sentence(outcome.because)}`;
    return station.tell(id, patientId, `${done} ${advice}`);
  }

  function hold(id: string, patientId: string, drafts: readonly Resource[], advice: Advice): Session {
    memory.change(id, (workplace) => ({
      ...workplace,
      held: drafts.map(referenceTo),
      session: { ...workplace.session, signing: 'held' },
    }));
    return station.tell(id, patientId, `Not signed yet: look again. ${adviceInWords(advice)}`);
  }

  return {
    async pickOrder(id, patientId, orderable) {
      const chart = await station.chart(id, patientId);
      if (chart === undefined) return memory.get(id).session;
      const picked = orderables.find((one) => one.id === orderable);
      if (picked === undefined) return station.tell(id, patientId, 'There is no such order to pick.');

      const outcome = await carryOut(
        records,
        newDrafts(picked, patientId, now()).map((resource) => ({ kind: 'create', resource })),
      );
      if (outcome.kind !== 'done') {
        return station.tell(id, patientId, `Not picked: ${picked.label}. ${sentence(outcome.because)}`);
      }
      const patient = await records.chartOf(patientId);
      if (patient === undefined || memory.get(id).session.patientId !== patientId) return memory.get(id).session;
      draftsChanged(memory, id, 'dropped');
      const selections = outcome.resources.map(referenceTo);
      const draft = draftOrders(draftsIn(patient));
      const advice = await station.ask(id, { hook: 'order-select', patient, draft, selections });
      if (advice === undefined) return memory.get(id).session;
      return station.tell(id, patientId, `Picked: ${picked.label}. ${adviceInWords(advice)}`);
    },

    async removeDraft(id, patientId, reference) {
      const chart = await station.chart(id, patientId);
      if (chart === undefined) return memory.get(id).session;
      const before = draftsIn(chart).find((draft) => referenceTo(draft) === reference);
      if (before === undefined) return station.tell(id, patientId, 'There is no such unsigned order.');
      const outcome = await carryOut(records, [{ kind: 'delete', before }]);
      if (outcome.kind !== 'done') return station.tell(id, patientId, `Not removed. ${sentence(outcome.because)}`);
      if (memory.get(id).session.patientId === patientId) draftsChanged(memory, id, 'dropped');
      return station.tell(id, patientId, 'The order is removed.');
    },

    async sign(id, patientId, { anyway }) {
      const patient = await station.chart(id, patientId);
      if (patient === undefined) return memory.get(id).session;
      const drafts = draftsIn(patient);
      if (drafts.length === 0) return station.tell(id, patientId, 'There is no order to sign.');

      const { session, held } = memory.get(id);
      if (anyway && session.signing === 'held') {
        // What came onto the list since, nobody has looked at.
        draftsChanged(memory, id, 'dropped');
        return activate(id, patientId, held, 'The advice was overruled.');
      }

      const advice = await station.ask(id, { hook: 'order-sign', patient, draft: draftOrders(drafts) });
      // Nobody would see what the service says of them: they stay unsigned.
      if (advice === undefined) return memory.get(id).session;
      if (advice.kind === 'cards' && advice.cards.some(isPressing)) return hold(id, patientId, drafts, advice);
      memory.change(id, released);
      const without = advice.kind === 'cards' ? '' : 'Without advice: ';
      return activate(id, patientId, drafts.map(referenceTo), `${without}${adviceInWords(advice)}`);
    },
  };
}

/** Nothing waits for a second look any more. */
function released(workplace: Workplace): Workplace {
  return { ...workplace, held: [], session: { ...workplace.session, signing: 'idle' } };
}
