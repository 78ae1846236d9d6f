import type { HookEvent } from '../ehr-demo/hook-request.ts';
import type { Bundle, PatientStore } from '../ehr-demo/patient-store.ts';
import { loadDraft, type Scenario } from '../ehr-demo/scenarios.ts';
import { shiftDates } from '../ehr-demo/shift-dates.ts';
import type { CardMark } from './compare.ts';
import type { LoadedPatient } from './load-patients.ts';
import { newName, relabel } from './relabel.ts';

/** What happens in the EHR, and which cards it should bring. */
export type PlannedCall = {
  readonly event: HookEvent;
  /** The name of the draft orders or appointments, if any. */
  readonly draft: string | undefined;
  /** Undefined: nobody knows; both ways have to bring the same. */
  readonly expected: readonly CardMark[] | undefined;
};

/** On these hooks a call is about orders that have to be sent. */
const ORDER_HOOKS: ReadonlySet<string> = new Set(['order-select', 'order-sign']);
const ANY_ORDER = 'doxorubicin';
/** For a patient without orders: dispatching needs one to be named, and nobody looks it up. */
const ORDER_OF_NOBODY = 'ServiceRequest/demo-order';

/**
 * The calls of a patient's scenario, with the server's ids. Calls of an EHR that leaves prefetch keys out are not among
 * them: they show what happens without data, and here there is data.
 */
export function scenarioCalls(
  { calls }: Pick<Scenario, 'calls'>,
  { name, chart, names }: LoadedPatient,
  days: number,
): readonly PlannedCall[] {
  return calls
    .filter(({ omit }) => omit === undefined)
    .map(({ hook, draft, selections, cards }) => ({
      event: {
        patient: chart,
        hook,
        draft: draft === undefined ? undefined : relabel(draftOf(draft, name, days), names),
        selections: selections?.map((reference) => newName(reference, names)),
      },
      draft,
      expected: Object.entries(cards).map(([id, indicator]) => ({ id, indicator })),
    }));
}

/** One call on each hook for a patient of whom nothing is known beforehand. */
export function callsForAnyone(hooks: readonly string[], chart: PatientStore, days: number): readonly PlannedCall[] {
  return hooks.map((hook) => {
    const draft = ORDER_HOOKS.has(hook) ? ANY_ORDER : undefined;
    return {
      event: {
        patient: chart,
        hook,
        draft: draft === undefined ? undefined : draftOf(draft, chart.patientId, days),
        selections: hook === 'order-dispatch' ? ordersOf(chart) : undefined,
      },
      draft,
      expected: undefined,
    };
  });
}

function ordersOf(chart: PatientStore): readonly string[] {
  const active = chart.byType('ServiceRequest').filter(({ status }) => status === 'active');
  return active.length === 0 ? [ORDER_OF_NOBODY] : active.map(({ id }) => `ServiceRequest/${id}`);
}

function draftOf(draft: string, patientId: string, days: number): Bundle {
  return shiftDates(loadDraft(draft, patientId), days);
}
