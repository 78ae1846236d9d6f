import type { ServiceDefinition } from './cds-hooks/types.ts';

const USAGE =
  'FHIR R4. Needs the patient and the conditions, by prefetch or from the FHIR server; whatever else is missing is named on the card and never taken as absent. A patient without ASPS is decided from the conditions alone.';

/** The services on offer, one id a hook: one id on two hooks is legal, and the public Sandbox then loses one (M-07). */
export function cdsServices(prefetch: Readonly<Record<string, string>>): readonly ServiceDefinition[] {
  return [
    {
      id: 'asps-patient-view',
      hook: 'patient-view',
      title: 'ASPS guideline: opening a chart',
      description:
        'For patients with alveolar soft part sarcoma: gaps in diagnosis and staging, and treatment options that the chart supports. Nothing for anyone else.',
      usageRequirements: USAGE,
      prefetch,
    },
    {
      id: 'asps-order-select',
      hook: 'order-select',
      title: 'ASPS guideline: picking an order',
      description:
        'For patients with alveolar soft part sarcoma: says when a picked order contradicts the guideline, such as doxorubicin as first treatment.',
      usageRequirements: USAGE,
      prefetch,
    },
    {
      id: 'asps-order-sign',
      hook: 'order-sign',
      title: 'ASPS guideline: signing orders',
      description:
        'For patients with alveolar soft part sarcoma: says when an order about to be signed contradicts the guideline, and when staging forgets the brain.',
      usageRequirements: USAGE,
      prefetch,
    },
    {
      id: 'asps-encounter-start',
      hook: 'encounter-start',
      title: 'ASPS guideline: an encounter begins',
      description:
        'For patients with alveolar soft part sarcoma: gaps in staging, and treatment options that the chart supports, at admission or check-in. Nothing for anyone else.',
      usageRequirements: USAGE,
      prefetch,
    },
    {
      id: 'asps-encounter-discharge',
      hook: 'encounter-discharge',
      title: 'ASPS guideline: an encounter ends',
      description:
        'For patients with alveolar soft part sarcoma: supportive care that the guideline advises and of which the chart has no record, before they leave.',
      usageRequirements: USAGE,
      prefetch,
    },
    {
      id: 'asps-appointment-book',
      hook: 'appointment-book',
      title: 'ASPS guideline: booking visits',
      description:
        'For patients with alveolar soft part sarcoma: follow-up that is due while visits are being booked. A scan that is being booked counts as ordered.',
      usageRequirements: USAGE,
      prefetch,
    },
    {
      id: 'asps-problem-list-item-create',
      hook: 'problem-list-item-create',
      title: 'ASPS guideline: a new problem',
      description:
        'When alveolar soft part sarcoma is on the problem list, or has just been added: confirming the diagnosis, staging and referral. The new problems count as part of the chart.',
      usageRequirements: USAGE,
      prefetch,
    },
    {
      id: 'asps-order-dispatch',
      hook: 'order-dispatch',
      title: 'ASPS guideline: dispatching orders',
      description:
        'For patients with alveolar soft part sarcoma: asks for a sarcoma centre when an order is sent out and none is on record. Who performs the order is not looked at.',
      usageRequirements: USAGE,
      prefetch,
    },
  ];
}
