import type { Resource } from '../patient-store.ts';
import type { ListedProblem } from './orderables.ts';

/** What is added to the problem list, of today and certain. */
export function newProblem({ code }: ListedProblem, patientId: string, today: Date): Omit<Resource, 'id'> {
  return {
    resourceType: 'Condition',
    clinicalStatus: coded('condition-clinical', 'active'),
    verificationStatus: coded('condition-ver-status', 'confirmed'),
    category: [coded('condition-category', 'problem-list-item')],
    code,
    subject: { reference: `Patient/${patientId}` },
    recordedDate: today.toISOString().slice(0, 10),
  };
}

function coded(system: string, code: string) {
  return { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] };
}
