import { collection, referenceTo } from '../hook-request.ts';
import type { Resource } from '../patient-store.ts';
import { draftsIn, newDrafts, signedOrder } from './drafts.ts';
import type { Advice } from './hook-call.ts';
import { adviceInWords, counted, sentence } from './notices.ts';
import type { Ehr } from './operations.ts';
import type { Orderable } from './orderables.ts';
import type { Session } from './session.ts';
import { isPressing } from './shown-cards.ts';
import { chartChanged, draftsChanged, type Workstation } from './workstation.ts';

/** From picking an order to its signature. */
export function orderEntry(
  station: Workstation,
  orderables: readonly Orderable[],
): Pick<Ehr, 'pickOrder' | 'removeDraft' | 'sign'> {
  const { memory, options, now } = station;
  const { records } = options;

  /** Makes those of the orders active that still are drafts. Their cards have been heeded or overruled. */
  async function activate(id: string, patientId: string, references: readonly string[], advice: string) {
    // Nothing waits for a second look any more, and what is about to be said of the orders comes too late.
    draftsChanged(memory, id, 'kept');
    const chart = await records.chartOf(patientId);
    const drafts =
      chart === undefined ? [] : draftsIn(chart).filter((draft) => references.includes(referenceTo(draft)));
    const signed = await records.change(
      drafts.map((draft) => ({ kind: 'update', resource: signedOrder(draft, now()) })),
    );
    if (signed.kind === 'refused') {
      return station.tell(id, patientId, `The orders are not signed. ${sentence(signed.because)}`);
    }
    if (memory.get(id).session.patientId === patientId) {
      draftsChanged(memory, id, 'dropped');
      if (drafts.length > 0) chartChanged(memory, id);
    }
    return station.tell(
      id,
      patientId,
      drafts.length === 0
        ? 'The orders are not there any more: nothing is signed.'
        : `Signed: ${counted(drafts.length, 'order')}. ${advice}`,
    );
  }

  function hold(id: string, patientId: string, drafts: readonly Resource[], advice: Advice): Session {
    memory.change(id, (workplace) => ({
      ...workplace,
      held: drafts.map(referenceTo),
      session: { ...workplace.session, signing: 'held' },
    }));
    return station.tell(id, patientId, `Not signed yet: look again. ${inWords(advice)}`);
  }

  async function pick(id: string, patientId: string, orderable: string): Promise<Session> {
    if ((await station.chart(id, patientId)) === undefined) return memory.get(id).session;
    const picked = orderables.find((one) => one.id === orderable);
    if (picked === undefined) return station.tell(id, patientId, 'There is no such order to pick.');

    const created = await records.change(
      newDrafts(picked, patientId, now()).map((resource) => ({ kind: 'create', resource })),
    );
    if (created.kind === 'refused') {
      return station.tell(id, patientId, `Not picked: ${picked.label}. ${sentence(created.because)}`);
    }
    const patient = await records.chartOf(patientId);
    if (patient === undefined || memory.get(id).session.patientId !== patientId) return memory.get(id).session;
    draftsChanged(memory, id, 'dropped');
    const selections = created.resources.map(referenceTo);
    const draft = collection(draftsIn(patient));
    const advice = await station.ask(id, { hook: 'order-select', patient, draft, selections });
    if (advice === undefined) return memory.get(id).session;
    return station.tell(id, patientId, `Picked: ${picked.label}. ${inWords(advice)}`);
  }

  async function remove(id: string, patientId: string, reference: string): Promise<Session> {
    const chart = await station.chart(id, patientId);
    if (chart === undefined) return memory.get(id).session;
    const isUnsigned = draftsIn(chart).some((draft) => referenceTo(draft) === reference);
    if (!isUnsigned) return station.tell(id, patientId, 'There is no such unsigned order.');
    const removed = await records.change([{ kind: 'delete', reference }]);
    if (removed.kind === 'refused') return station.tell(id, patientId, `Not removed. ${sentence(removed.because)}`);
    if (memory.get(id).session.patientId === patientId) draftsChanged(memory, id, 'dropped');
    return station.tell(id, patientId, 'The order is removed.');
  }

  async function sign(id: string, patientId: string, anyway: boolean): Promise<Session> {
    const patient = await station.chart(id, patientId);
    if (patient === undefined) return memory.get(id).session;
    const drafts = draftsIn(patient);
    if (drafts.length === 0) return station.tell(id, patientId, 'There is no order to sign.');

    const { session, held } = memory.get(id);
    // What came onto the list since, nobody has looked at.
    if (anyway && session.signing === 'held') return activate(id, patientId, held, 'The advice was overruled.');

    const advice = await station.ask(id, { hook: 'order-sign', patient, draft: collection(drafts) });
    // Nobody would see what the service says of them: they stay unsigned.
    if (advice === undefined) return memory.get(id).session;
    const cards = advice.kind === 'cards' ? advice.cards : [];
    if (cards.some(isPressing)) return hold(id, patientId, drafts, advice);
    const closed = cards.length > 0 ? ' Closed with the signature.' : '';
    return activate(id, patientId, drafts.map(referenceTo), inWords(advice) + closed);
  }

  return {
    pickOrder: (id, patientId, orderable) =>
      station.once(id, ['pickOrder', patientId, orderable], () => pick(id, patientId, orderable)),
    removeDraft: (id, patientId, reference) =>
      station.once(id, ['removeDraft', patientId, reference], () => remove(id, patientId, reference)),
    sign: (id, patientId, { anyway }) =>
      station.once(id, ['sign', patientId, anyway], () => sign(id, patientId, anyway)),
  };
}

function inWords(advice: Advice): string {
  return adviceInWords(advice, ' about these orders');
}
