import * as fc from 'fast-check';
import { createLineCutter, eachLine, type LineSink } from '../../src/backtest/line-cutter.ts';

/** Ids that hold each other, as ids of patients do. */
const IDS = ['1', '12', 'a-1', 'a-1.b', 'Patient', 'x_y'] as const;

const CODES = [
  { system: 'http://snomed.info/sct', code: '404056007' },
  { system: 'urn:oid:2.16.840.1.113883.6.43.1', code: '9581/3' },
  { system: 'http://snomed.info/sct', code: '38341003' },
  { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'C49.9', display: 'Sarcoma, alveolar soft-part' },
  { system: 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl', code: ' C3750 ' },
] as const;
const WORDS = [
  'Hypertension',
  'ASPS',
  'r/o asps',
  'ALVEOLAR\tSOFT part sarcoma',
  'no alveolar soft part sarcoma',
  'gasps',
  'Größe',
];

const text = fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 12, unit: 'grapheme' }));
const patientId = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...IDS) }, fc.constantFrom('other', 'ä b', '"q"'));
const reference = fc.tuple(patientId, fc.nat(7)).map(([id, form]) => {
  const forms = [
    `Patient/${id}`,
    `Patient/${id}`,
    `Patient/${id}/_history/2`,
    `https://fhir.example.org/r4/Patient/${id}`,
    `urn:uuid:${id}`,
    ` Patient/${id}\u00a0`,
    `Encounter/${id}`,
    `#${id}`,
  ];
  return { reference: forms[form] ?? '' };
});
const concept = fc.record(
  { coding: fc.array(fc.constantFrom(...CODES), { maxLength: 2 }), text },
  { requiredKeys: [] },
);
const histology = concept.map((valueCodeableConcept) => [
  { url: 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior', valueCodeableConcept },
]);
const period = fc.constantFrom({ start: '2024-02-29T23:30:00-05:00' }, { start: '2024' }, { end: '2024-01-01' }, {});

/** Resources that look like what is looked for, and like what only seems to be. */
export const exportedResource: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.record(
  {
    resourceType: fc.constantFrom(
      'Condition',
      'Condition',
      'Patient',
      'Encounter',
      'Medication',
      'Observation',
      'Basic',
    ),
    id: patientId,
    contained: fc.constant([{ resourceType: 'Patient', id: '1' }]),
    code: concept,
    extension: histology,
    subject: reference,
    patient: reference,
    verificationStatus: fc.constantFrom({ coding: [{ code: 'refuted' }] }, { coding: [{ code: 'confirmed' }] }),
    status: fc.constantFrom('finished', 'cancelled', 'in-progress'),
    participant: fc.array(fc.record({ actor: reference, period }), { maxLength: 2 }),
    period,
    ingredient: fc.constant([{ itemReference: { reference: 'Medication/1' } }]),
    note: fc.array(fc.record({ text }), { maxLength: 2 }),
  },
  { requiredKeys: ['resourceType'] },
);

/** How a serialiser may write the same: other orders, spaces, escapes. */
const spelling = fc.record({
  order: fc.constantFrom('as it is', 'by name', 'backwards'),
  spaces: fc.boolean(),
  slashes: fc.boolean(),
  /** Every how many ASCII letters one is escaped; 0: none. */
  letters: fc.constantFrom(0, 0, 0, 3, 7),
  beyondAscii: fc.boolean(),
});

/** A line with a resource, spelled in one of many ways. */
export const exportedLine: fc.Arbitrary<string> = fc.tuple(exportedResource, spelling).map(([resource, how]) => {
  const entries = Object.entries(resource);
  if (how.order === 'by name') entries.sort(([a], [b]) => (a < b ? -1 : 1));
  if (how.order === 'backwards') entries.reverse();
  let json = JSON.stringify(Object.fromEntries(entries), undefined, how.spaces ? ' ' : undefined).replaceAll('\n', ' ');
  if (how.slashes) json = json.replaceAll('/', '\\/');
  if (how.beyondAscii) json = json.replaceAll(/[^\x20-\x7e]/g, escaped);
  let letters = 0;
  return how.letters === 0
    ? json
    : json.replaceAll(/\\u[0-9a-f]{4}|\\.|[a-zA-Z]/g, (unit) =>
        unit.startsWith('\\') || ++letters % how.letters > 0 ? unit : escaped(unit),
      );
});

/** No line of an export, or hardly one. */
export const strangeLine: fc.Arbitrary<string> = fc.constantFrom(
  '',
  ' ',
  '{}',
  '[]',
  'null',
  '{"resourceType":"Condition","code":{"text":"ASPS"',
  '{"resourceType":"Condition","code":{"text":"ASPS"}',
  '{"resourceType":1}',
  '{"resourceType":"observation"}',
  '{"resourceType":"Condition","code":{"text":"ASPS"},"subject":{"reference":"Patient/1"}}}',
  '"resourceType":"Patient"',
  '}',
);

/** Each UTF-16 code unit as JSON escapes it. */
function escaped(characters: string): string {
  return Array.from(
    { length: characters.length },
    (_, at) => `\\u${characters.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}

/** Gives a text to a sink as a file would. */
export function feed(sink: LineSink, content: string, chunkBytes = 1 << 16): void {
  const bytes = Buffer.from(content);
  const cutter = createLineCutter(sink);
  for (let at = 0; at < bytes.length; at += chunkBytes) cutter.push(bytes.subarray(at, at + chunkBytes));
  cutter.end();
}

/** A sink that keeps the lines, as they were before they were bytes. */
export function keepingLines(): LineSink & { readonly kept: string[] } {
  const kept: string[] = [];
  return {
    kept,
    lines: (some) => eachLine(some, (line) => kept.push(Buffer.from(line, 'latin1').toString('utf8'))),
    tooLong: () => kept.push('too long'),
  };
}
