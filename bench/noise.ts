import type { Resource } from '../src/ehr-demo/patient-store.ts';

const SNOMED = 'http://snomed.info/sct';
const LOINC = 'http://loinc.org';
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

type Noise = (id: string, subject: object, date: string) => Resource;

/** What else stands in a long chart and says nothing about a sarcoma: one of each in turn. */
const KINDS: readonly Noise[] = [
  (id, subject, date) => ({
    resourceType: 'Condition',
    id,
    subject,
    clinicalStatus: status('condition-clinical', 'active'),
    verificationStatus: status('condition-ver-status', 'confirmed'),
    category: [status('condition-category', 'problem-list-item')],
    code: concept('Essential hypertension', SNOMED, '59621000', 'http://hl7.org/fhir/sid/icd-10-cm', 'I10'),
    onsetDateTime: date,
    recordedDate: date,
    recorder: { reference: 'Practitioner/family-doctor', display: 'Family Doctor, MD' },
  }),
  (id, subject, date) => ({
    resourceType: 'Observation',
    id,
    subject,
    status: 'final',
    category: [concept('Laboratory', OBSERVATION_CATEGORY, 'laboratory')],
    code: concept('Potassium [Moles/volume] in Serum or Plasma', LOINC, '2823-3'),
    effectiveDateTime: `${date}T07:30:00Z`,
    valueQuantity: { value: 4.1, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    referenceRange: [{ low: { value: 3.5, unit: 'mmol/L' }, high: { value: 5.1, unit: 'mmol/L' } }],
  }),
  (id, subject, date) => ({
    resourceType: 'MedicationRequest',
    id,
    subject,
    status: 'completed',
    intent: 'order',
    medicationCodeableConcept: concept('lisinopril 10 MG Oral Tablet', RXNORM, '314076'),
    authoredOn: date,
    requester: { reference: 'Practitioner/family-doctor', display: 'Family Doctor, MD' },
    dosageInstruction: [
      { text: 'One tablet by mouth daily', timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } } },
    ],
  }),
  (id, subject, date) => ({
    resourceType: 'Procedure',
    id,
    subject,
    status: 'completed',
    code: concept('Electrocardiographic procedure', SNOMED, '29303009'),
    performedDateTime: date,
    performer: [{ actor: { reference: 'Practitioner/family-doctor', display: 'Family Doctor, MD' } }],
  }),
  (id, subject, date) => ({
    resourceType: 'DiagnosticReport',
    id,
    subject,
    status: 'final',
    category: [concept('Laboratory', 'http://terminology.hl7.org/CodeSystem/v2-0074', 'LAB')],
    code: concept('Basic metabolic 2000 panel - Serum or Plasma', LOINC, '51990-0'),
    effectiveDateTime: `${date}T07:30:00Z`,
    issued: `${date}T09:00:00Z`,
    conclusion: 'Within the reference ranges.',
  }),
];

/** Deterministic: the same number always gives the same resource. */
export function noiseResource(patientId: string, index: number): Resource {
  const date = new Date(Date.UTC(2016, 0, 1 + ((index * 17) % 3600))).toISOString().slice(0, 10);
  const kind = KINDS[index % KINDS.length] as Noise;
  return kind(`noise-${index}`, { reference: `Patient/${patientId}` }, date);
}

function status(system: string, code: string): object {
  return { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] };
}

function concept(display: string, ...systemsAndCodes: readonly string[]): object {
  const coding = systemsAndCodes.flatMap((system, position) =>
    position % 2 === 0 ? [{ system, code: systemsAndCodes[position + 1], display }] : [],
  );
  return { coding, text: display };
}
