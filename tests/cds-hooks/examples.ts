import type { ServiceDefinition } from '../../src/cds-hooks/types.ts';

/** A service for each hook. */
export const services = {
  'patient-view': service('patient-view'),
  'order-select': service('order-select'),
  'order-sign': service('order-sign'),
  'encounter-start': service('encounter-start'),
  'encounter-discharge': service('encounter-discharge'),
  'appointment-book': service('appointment-book'),
  'problem-list-item-create': service('problem-list-item-create'),
  'order-dispatch': service('order-dispatch'),
} as const;

function service(hook: ServiceDefinition['hook']): ServiceDefinition {
  return {
    id: `example-${hook}`,
    hook,
    hookVersion: '1.0',
    title: 'Example',
    description: 'An example.',
    prefetch: { patient: 'Patient/{{context.patientId}}' },
  };
}

/** A valid call with everything in it that the hook allows. */
export function fullRequest(hook: ServiceDefinition['hook']): Record<string, unknown> {
  const context = { userId: 'Practitioner/1', patientId: 'pat-1', encounterId: 'enc-1' };
  const bundleOf = (resourceType: string) => ({
    resourceType: 'Bundle',
    entry: [{ resource: { resourceType, id: 'a' } }],
  });
  const draftOrders = bundleOf('ServiceRequest');
  const contexts = {
    'patient-view': context,
    'order-select': { ...context, selections: ['ServiceRequest/a'], draftOrders },
    'order-sign': { ...context, draftOrders },
    'encounter-start': context,
    'encounter-discharge': context,
    'appointment-book': { ...context, appointments: bundleOf('Appointment') },
    'problem-list-item-create': { ...context, conditions: bundleOf('Condition') },
    'order-dispatch': { patientId: 'pat-1', dispatchedOrders: ['ServiceRequest/a'], performer: 'Organization/1' },
  };
  return {
    hook,
    hookInstance: '3F2504E0-4f89-41d3-9a0c-0305e82c3301',
    fhirServer: 'https://fhir.example.org/r4',
    fhirAuthorization: {
      access_token: 'opaque',
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'patient/*.read',
      subject: 'client',
      patient: 'pat-1',
    },
    context: contexts[hook],
    prefetch: { patient: { resourceType: 'Patient', id: 'pat-1' } },
  };
}

/** A copy of `value` with the member at `path` replaced, or taken out when `given` is undefined. */
export function withMember(value: Record<string, unknown>, path: string, given: unknown): Record<string, unknown> {
  const copy = structuredClone(value);
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at: Record<string, unknown> = copy;
  for (const name of names) at = at[name] as Record<string, unknown>;
  if (given === undefined) delete at[last];
  else at[last] = given;
  return copy;
}
