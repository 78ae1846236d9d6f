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
  ];
}
