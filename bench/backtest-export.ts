import { closeSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Resource } from '../src/ehr-demo/patient-store.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';

/** A synthetic export: so many lines of patients without ASPS, and so many charts of the synthetic patients with it. */
export interface ExportSize {
  readonly lines: number;
  readonly aspsPatients: number;
  readonly seed: number;
  /** One gzip file for each type besides the plain ones. */
  readonly gzip: boolean;
}

/** Lines of a type among a hundred, as in an export of a hospital. */
const SHARES = {
  Observation: 45,
  Condition: 12,
  Encounter: 10,
  MedicationRequest: 10,
  Procedure: 7,
  DiagnosticReport: 6,
  DocumentReference: 5,
  Immunization: 3,
  Patient: 1,
  Medication: 1,
} as const;

type Type = keyof typeof SHARES;

const TYPES = Object.keys(SHARES);
const WITH_ASPS = 'metastatic-untreated';
const FIXTURES = new URL('../fixtures/patients/', import.meta.url);
const BATCH = 2000;

/** Writes the export into a folder, one file a type, the same for the same seed; the bytes and the lines that were written. */
export function writeExport(folder: string, size: ExportSize): { readonly lines: number; readonly bytes: number } {
  mkdirSync(folder, { recursive: true });
  const random = randomNumbers(size.seed);
  const patients = Math.max(1, Math.round((size.lines * SHARES.Patient) / 100));
  const charts = chartsWithAsps(size.aspsPatients);
  let lines = 0;
  let bytes = 0;
  const others = new Set(charts.map(({ resourceType }) => resourceType));
  for (const type of new Set([...TYPES, ...others])) {
    const own = charts.filter(({ resourceType }) => resourceType === type);
    const count = isShared(type) ? Math.round((size.lines * SHARES[type]) / 100) : 0;
    const file = openSync(join(folder, `${type}.ndjson${size.gzip ? '.gz' : ''}`), 'w');
    let batch: string[] = [];
    const flush = () => {
      const content = Buffer.from(batch.join(''));
      const stored = size.gzip ? gzipSync(content, { level: 1 }) : content;
      for (let at = 0; at < stored.length; ) at += writeSync(file, stored, at);
      bytes += stored.length;
      lines += batch.length;
      batch = [];
    };
    // The charts stand somewhere among the others, not at the end of the files.
    const every = Math.max(1, Math.floor(count / (own.length + 1)));
    let next = 0;
    for (let at = 0; at < count; at++) {
      if (isShared(type)) batch.push(`${JSON.stringify(resourceOf(type, at, patients, random))}\n`);
      if (at % every === 0 && next < own.length) batch.push(`${JSON.stringify(own[next++])}\n`);
      if (batch.length >= BATCH) flush();
    }
    for (const resource of own.slice(next)) batch.push(`${JSON.stringify(resource)}\n`);
    flush();
    closeSync(file);
  }
  return { lines, bytes };
}

function isShared(type: string): type is Type {
  return Object.hasOwn(SHARES, type);
}

/** The charts of the synthetic patients, each as many times as it takes, under ids of their own. */
function chartsWithAsps(count: number): readonly Resource[] {
  const names = readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.json') && name !== 'primary-care.json')
    .map((name) => name.replace('.json', ''))
    .toSorted();
  return Array.from({ length: count }, (_, at) => {
    const { resources, patientId } = loadPatient(names[at % names.length] ?? WITH_ASPS);
    const id = `asps-${at}`;
    return resources.map((resource) => renamed(resource, patientId, id) as Resource);
  }).flat();
}

/** Every id and reference of a chart begins with its patient's name. */
function renamed(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string')
    return value.startsWith(from) ? to + value.slice(from.length) : within(value, from, to);
  if (Array.isArray(value)) return value.map((item) => renamed(item, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renamed(member, from, to)]));
}

function within(text: string, from: string, to: string): string {
  return /^[A-Z][A-Za-z]+\//.test(text) ? text.replace(`/${from}`, `/${to}`) : text;
}

const PROBLEMS = [
  ['38341003', 'Hypertensive disorder, systemic arterial (disorder)', 'I10', 'Essential (primary) hypertension'],
  ['44054006', 'Diabetes mellitus type 2 (disorder)', 'E11.9', 'Type 2 diabetes mellitus without complications'],
  ['195967001', 'Asthma (disorder)', 'J45.909', 'Unspecified asthma, uncomplicated'],
  ['254837009', 'Malignant neoplasm of breast (disorder)', 'C50.919', 'Malignant neoplasm of breast'],
  ['424132000', 'Non-small cell carcinoma of lung, TNM stage 1 (disorder)', 'C34.90', 'Malignant neoplasm of lung'],
] as const;
const TESTS = [
  ['2160-0', 'Creatinine [Mass/volume] in Serum or Plasma', 'mg/dL'],
  ['718-7', 'Hemoglobin [Mass/volume] in Blood', 'g/dL'],
  ['29463-7', 'Body weight', 'kg'],
  ['8480-6', 'Systolic blood pressure', 'mm[Hg]'],
] as const;
const NOTE =
  'Seen in clinic today for routine follow-up. No new complaints since the last visit. Medication list reviewed and reconciled with the patient. ';

function resourceOf(type: Type, at: number, patients: number, random: () => number): object {
  const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)] as Item;
  const id = `${type.toLowerCase()}-${at}`;
  const subject = { reference: `Patient/patient-${Math.floor(random() * patients)}`, type: 'Patient' };
  const encounter = { reference: `Encounter/encounter-${Math.floor(random() * patients * SHARES.Encounter)}` };
  const day = `20${10 + Math.floor(random() * 16)}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`;
  const instant = `${day}T0${Math.floor(random() * 10)}:15:00Z`;
  const meta = {
    versionId: '1',
    lastUpdated: instant,
    source: 'urn:oid:2.16.840.1.113883.3.1',
    profile: [`http://hl7.org/fhir/us/core/StructureDefinition/us-core-${type.toLowerCase()}`],
  };
  const text = { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${NOTE.repeat(2)}</p></div>` };
  const head = { resourceType: type, id, meta, text };
  const requester = { reference: `Practitioner/practitioner-${at % 500}`, display: 'Dr. Test Testcase' };
  switch (type) {
    case 'Patient':
      return {
        ...head,
        id: `patient-${at}`,
        identifier: [{ system: 'https://ehr.example.org/test-record-number', value: `TEST-${at}` }],
        name: [{ use: 'official', family: 'Testcase', given: ['Terry'] }],
        gender: pick(['female', 'male']),
        birthDate: day,
        address: [{ line: ['1 Example Street'], city: 'Exampleton', postalCode: '00000' }],
      };
    case 'Condition': {
      const [snomed, name, icd, title] = pick(PROBLEMS);
      return {
        ...head,
        clinicalStatus: coded('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
        verificationStatus: coded('http://terminology.hl7.org/CodeSystem/condition-ver-status', 'confirmed'),
        category: [coded('http://terminology.hl7.org/CodeSystem/condition-category', 'problem-list-item')],
        code: {
          coding: [
            { system: 'http://snomed.info/sct', code: snomed, display: name },
            { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: icd, display: title },
          ],
          text: title,
        },
        subject,
        encounter,
        onsetDateTime: day,
        recordedDate: day,
        recorder: requester,
      };
    }
    case 'Encounter':
      return {
        ...head,
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
        type: [coded('http://snomed.info/sct', '185349003')],
        subject,
        participant: [{ individual: requester, period: { start: instant, end: instant } }],
        period: { start: instant, end: instant },
        serviceProvider: { reference: 'Organization/organization-1', display: 'General Hospital' },
      };
    case 'Medication':
      return { ...head, id: `medication-${at}`, code: { text: 'Lisinopril 10 MG Oral Tablet' } };
    case 'DocumentReference':
      return { ...head, status: 'current', subject, date: instant, description: NOTE.repeat(4), content: [] };
    default: {
      const [loinc, name, unit] = pick(TESTS);
      return {
        ...head,
        status: type === 'Observation' || type === 'DiagnosticReport' ? 'final' : 'completed',
        intent: 'order',
        category: [coded('http://terminology.hl7.org/CodeSystem/observation-category', 'laboratory')],
        code: { coding: [{ system: 'http://loinc.org', code: loinc, display: name }], text: name },
        subject,
        encounter,
        effectiveDateTime: instant,
        issued: instant,
        performer: [requester],
        valueQuantity: {
          value: Math.round(random() * 1000) / 10,
          unit,
          system: 'http://unitsofmeasure.org',
          code: unit,
        },
        ...(type === 'MedicationRequest'
          ? { medicationReference: { reference: `Medication/medication-${Math.floor(random() * patients)}` } }
          : {}),
      };
    }
  }
}

function coded(system: string, code: string): object {
  return { coding: [{ system, code }] };
}

/** Mulberry32: the same numbers for the same seed, from 0 up to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
