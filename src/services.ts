import type { ClientFeature } from './cds-hooks/profile.ts';
import type { ServiceDefinition } from './cds-hooks/types.ts';
import { DRAFT_MEDICATIONS } from './chart/queries.ts';

type Prefetch = Readonly<Record<string, string>>;

/** What of the services a client is offered. */
export interface CdsServicesOptions {
  /** `lean`: the patient and the conditions alone, which settle nearly every call. Default is `full`. */
  readonly prefetch?: 'full' | 'lean';
  /** What the client is documented to know (CH-114). */
  readonly supports?: ReadonlySet<ClientFeature>;
  /** Ids of the services it may call. Default is all. */
  readonly services?: readonly string[] | undefined;
}

// The specification's own example (3.0 ballot, "Simpler FHIRPath support for Querystring Syntax"; CH-47, CH-57, CH-58).
const DRAFT_MEDICATIONS_QUERY =
  'Medication?_id={{context.draftOrders.entry.resource.ofType(MedicationRequest).medication.resolve().id}}';

const LEAN_KEYS: ReadonlySet<string> = new Set(['patient', 'conditions']);
const HOOKS_WITH_DRAFTS: ReadonlySet<string> = new Set(['order-select', 'order-sign']);

// A request does not say which version of FHIR it is of (CH-36): whoever connects a client is told here.
const USAGE =
  'FHIR R4. Needs the patient and the conditions, by prefetch or from the FHIR server; whatever else is missing is named on the card and never taken as absent. A patient without ASPS is decided from the conditions alone.';

/**
 * One id a hook: one id on two hooks is legal, and the public Sandbox then loses one (M-07). The versions of the hooks are
 * those in the metadata of their pages in HL7's hook library (CH-12); where a page's change log is ahead of its metadata,
 * the metadata count.
 */
const SERVICES: readonly Omit<ServiceDefinition, 'usageRequirements' | 'prefetch'>[] = [
  {
    id: 'asps-patient-view',
    hook: 'patient-view',
    hookVersion: '1.0',
    title: 'ASPS guideline: opening a chart',
    description:
      'For patients with alveolar soft part sarcoma: gaps in diagnosis and staging, and treatment options that the chart supports. Nothing for anyone else.',
  },
  {
    id: 'asps-order-select',
    hook: 'order-select',
    hookVersion: '1.0',
    title: 'ASPS guideline: picking an order',
    description:
      'For patients with alveolar soft part sarcoma: says when a picked order contradicts the guideline, such as doxorubicin as first treatment.',
  },
  {
    id: 'asps-order-sign',
    hook: 'order-sign',
    hookVersion: '1.0',
    title: 'ASPS guideline: signing orders',
    description:
      'For patients with alveolar soft part sarcoma: says when an order about to be signed contradicts the guideline, and when staging forgets the brain.',
  },
  {
    id: 'asps-encounter-start',
    hook: 'encounter-start',
    hookVersion: '1.0',
    title: 'ASPS guideline: an encounter begins',
    description:
      'For patients with alveolar soft part sarcoma: gaps in staging, and treatment options that the chart supports, at admission or check-in. Nothing for anyone else.',
  },
  {
    id: 'asps-encounter-discharge',
    hook: 'encounter-discharge',
    hookVersion: '1.0',
    title: 'ASPS guideline: an encounter ends',
    description:
      'For patients with alveolar soft part sarcoma: supportive care that the guideline advises and of which the chart has no record, before they leave.',
  },
  {
    id: 'asps-appointment-book',
    hook: 'appointment-book',
    hookVersion: '1.0',
    title: 'ASPS guideline: booking visits',
    description:
      'For patients with alveolar soft part sarcoma: follow-up that is due while visits are being booked. A scan that is being booked counts as ordered.',
  },
  {
    id: 'asps-problem-list-item-create',
    hook: 'problem-list-item-create',
    hookVersion: '0.1.0',
    title: 'ASPS guideline: a new problem',
    description:
      'When alveolar soft part sarcoma is on the problem list, or has just been added: confirming the diagnosis, staging and referral. The new problems count as part of the chart.',
  },
  {
    id: 'asps-order-dispatch',
    hook: 'order-dispatch',
    hookVersion: '1.1',
    title: 'ASPS guideline: dispatching orders',
    description:
      'For patients with alveolar soft part sarcoma: asks for a sarcoma centre when an order is sent out and none is on record. Who performs the order is not looked at.',
  },
];

/** The services that a client is offered, each with the queries of the chart as prefetch templates. */
export function cdsServices(queries: Prefetch, options: CdsServicesOptions = {}): readonly ServiceDefinition[] {
  const { services } = options;
  return SERVICES.filter(({ id }) => services?.includes(id) ?? true).map((service) => ({
    ...service,
    usageRequirements: USAGE,
    prefetch: prefetchOf(service.hook, queries, options),
  }));
}

function prefetchOf(hook: string, queries: Prefetch, { prefetch = 'full', supports }: CdsServicesOptions): Prefetch {
  if (prefetch === 'lean') return Object.fromEntries(Object.entries(queries).filter(([key]) => LEAN_KEYS.has(key)));
  // CH-48: before 3.0 such a token is invalid, and clients drop or mis-send the key.
  if (supports?.has('prefetch-fhirpath') !== true || !HOOKS_WITH_DRAFTS.has(hook)) return queries;
  return { ...queries, [DRAFT_MEDICATIONS]: DRAFT_MEDICATIONS_QUERY };
}
