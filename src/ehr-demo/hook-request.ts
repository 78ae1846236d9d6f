import { randomUUID } from 'node:crypto';
import type { Bundle, PatientStore, Resource } from './patient-store.ts';
import { type HookContext, type PrefetchTemplates, resolvePrefetch } from './prefetch.ts';
import { daysBetween, shiftDates } from './shift-dates.ts';

/** The day on which the synthetic patients are told: what is "recent" in them is recent as of this day. */
export const FIXTURE_DATE = '2026-11-22';

/** The id of who is at work, under every type that a user can be named by. */
export const CLINICIAN_ID = 'demo-clinician';

/** A service as discovery describes it; what the demo EHR needs of that. */
export type DiscoveredService = {
  readonly id: string;
  readonly hook: string;
  readonly prefetch?: PrefetchTemplates;
};

/** What happens in the EHR: who is seen, on which hook, with which draft orders or proposed appointments. */
export type HookEvent = {
  readonly patient: PatientStore;
  readonly hook: string;
  /** Order hooks: the orders; appointment-book: the appointments, else one that says nothing but who comes. */
  readonly draft?: Bundle | undefined;
  /** `Type/id` of the orders just picked; an EHR that does not tell sends none. */
  readonly selections?: readonly string[] | undefined;
  /** Prefetch keys the EHR leaves out. */
  readonly omit?: readonly string[] | undefined;
  /** The Conditions just added to the problem list; the one recorded last unless given. */
  readonly problems?: readonly Resource[] | undefined;
  /** Who is at work, as `Type/id`, and on which encounter, if any; found in the chart or made up unless given. */
  readonly work?: { readonly userId: string; readonly encounterId?: string | undefined } | undefined;
  /** Where the EHR's records have their addresses, if it serves them. */
  readonly fhirBaseUrl?: string | undefined;
  /** Today; the dates of the story move with it. The day the stories are told unless given. */
  readonly asOf?: Date | undefined;
};

/** The JSON body of a hook call. */
export type HookRequest = {
  readonly hookInstance: string;
  readonly hook: string;
  readonly context: HookContext;
  readonly prefetch?: Readonly<Record<string, unknown>>;
};

/** The service the EHR calls on a hook; undefined when none is offered. */
export function serviceForHook(services: readonly DiscoveredService[], hook: string): DiscoveredService | undefined {
  return services.find((service) => service.hook === hook);
}

/** The exact body an EHR without a FHIR server to offer sends to this service. */
export function buildHookRequest(event: HookEvent, service: DiscoveredService): HookRequest {
  const { patient, hook, omit = [], asOf = new Date(FIXTURE_DATE) } = event;
  const days = daysBetween(new Date(FIXTURE_DATE), asOf);
  const context = shiftDates(contextOf(event), days);
  const templates = Object.entries(service.prefetch ?? {}).filter(([key]) => !omit.includes(key));
  return {
    hookInstance: randomUUID(),
    hook,
    context,
    ...(service.prefetch !== undefined && {
      prefetch: resolvePrefetch(
        Object.fromEntries(templates),
        context,
        shiftDates(patient.resources, days),
        event.fhirBaseUrl,
      ),
    }),
  };
}

/** The context members that each hook's definition requires, filled from the chart where it holds them. */
function contextOf(event: HookEvent): HookContext {
  const { patient, hook } = event;
  const drafted = event.draft?.entry?.map(({ resource }) => resource);
  const orders = drafted ?? [];
  const seen = seenBy(event);
  switch (hook) {
    case 'order-select':
      return { ...seen, ...(event.selections && { selections: event.selections }), draftOrders: collection(orders) };
    case 'order-sign':
      return { ...seen, draftOrders: collection(orders) };
    case 'order-dispatch':
      return {
        patientId: patient.patientId,
        dispatchedOrders: event.selections ?? activeOrders(patient).map(referenceTo),
        performer: 'Organization/demo-performer',
      };
    case 'problem-list-item-create':
      return { ...seen, conditions: collection(event.problems ?? newestProblem(patient)) };
    case 'appointment-book':
      return { ...seen, appointments: collection(drafted ?? [proposedAppointment(patient.patientId)]) };
    default:
      return seen;
  }
}

function seenBy({ patient, work }: HookEvent): HookContext {
  const { userId, encounterId } = work ?? { userId: userOf(patient), encounterId: encounterOf(patient) };
  return { userId, patientId: patient.patientId, ...(encounterId !== undefined && { encounterId }) };
}

function userOf(patient: PatientStore): string {
  return referenceTo(patient.byType('Practitioner')[0] ?? { resourceType: 'Practitioner', id: CLINICIAN_ID });
}

function encounterOf(patient: PatientStore): string {
  return patient.byType('Encounter').at(-1)?.id ?? 'demo-encounter';
}

function activeOrders(patient: PatientStore): readonly Resource[] {
  return [...patient.byType('ServiceRequest'), ...patient.byType('MedicationRequest')].filter(
    (order) => order['status'] === 'active',
  );
}

/** What was just added to the problem list: the record made last. */
function newestProblem(patient: PatientStore): readonly Resource[] {
  return patient
    .byType('Condition')
    .toSorted((a, b) => recordedOn(a).localeCompare(recordedOn(b)))
    .slice(-1);
}

function recordedOn({ recordedDate, onsetDateTime }: Resource): string {
  return [recordedDate, onsetDateTime].find((date) => typeof date === 'string') ?? '';
}

function proposedAppointment(patientId: string): Resource {
  return {
    resourceType: 'Appointment',
    id: 'demo-appointment',
    status: 'proposed',
    serviceType: [{ text: 'Follow-up visit' }],
    participant: [{ actor: { reference: `Patient/${patientId}` }, status: 'needs-action' }],
  };
}

/** `Type/id` */
export function referenceTo({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}

/** Resources as the context of a hook has them. */
export function collection(resources: readonly Resource[]): Bundle {
  return { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
}
