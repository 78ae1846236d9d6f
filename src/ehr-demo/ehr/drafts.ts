import { FIXTURE_DATE } from '../hook-request.ts';
import type { PatientStore, Resource } from '../patient-store.ts';
import { loadDraft } from '../scenarios.ts';
import { daysBetween, shiftDates } from '../shift-dates.ts';
import type { Orderable } from './orderables.ts';

/** The orders of FHIR R4 that order-select and order-sign may hold (CDS Hooks, hook library, `draftOrders`). */
const ORDER_TYPES: ReadonlySet<string> = new Set([
  'CommunicationRequest',
  'DeviceRequest',
  'MedicationRequest',
  'NutritionOrder',
  'ServiceRequest',
  'VisionPrescription',
]);

/** Those whose date of signature is `authoredOn` in FHIR R4. */
const WITH_AUTHORED_ON: ReadonlySet<string> = new Set([
  'CommunicationRequest',
  'DeviceRequest',
  'MedicationRequest',
  'ServiceRequest',
]);

/** Unsigned orders on file. */
export function draftsIn(chart: PatientStore): readonly Resource[] {
  return chart.resources.filter(({ resourceType, status }) => ORDER_TYPES.has(resourceType) && status === 'draft');
}

/** What is ordered, written for this patient today; the store will name it. */
export function newDrafts({ draft }: Orderable, patientId: string, today: Date): readonly Omit<Resource, 'id'>[] {
  const days = daysBetween(new Date(FIXTURE_DATE), today);
  return (loadDraft(draft, patientId).entry ?? []).map(({ resource }) => {
    const { id: _ofTheFixture, ...order } = shiftDates(resource, days);
    return order;
  });
}

/** The order as signed today: active, and dated, which a suggested order is not. */
export function signedOrder(draft: Resource, today: Date): Resource {
  const authoredOn = draft['authoredOn'] ?? today.toISOString().slice(0, 10);
  return { ...draft, status: 'active', ...(WITH_AUTHORED_ON.has(draft.resourceType) && { authoredOn }) };
}
