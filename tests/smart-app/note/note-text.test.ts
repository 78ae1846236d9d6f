import { describe, expect, test } from '@jest/globals';
import { RESOURCE_KEYS } from '../../../src/chart/reading.ts';
import { noteOf } from '../../../src/smart-app/note/note-text.ts';
import { PATIENTS, situationOf } from '../header/situation-of.ts';

describe('The note', () => {
  test('says whose it is, of when, what is on file and what the guideline makes of it', async () => {
    const note = unwrapped(noteOf(await situationOf('on-atezolizumab-lung-bone')));
    expect(note).toMatch(/^Summary for alveolar soft part sarcoma \(ASPS\), chart read 2026-11-2\d \d\d:\d\d \(UTC/);
    expect(note).toContain('Patient: Ivo Testcase, born 1987-03-03, 39 years, male (administrative)');
    expect(note).toContain(
      'Primary site: left thigh. Stage: metastatic. Metastases: lung (2025-03-24); bone (2026-10-26)',
    );
    expect(note).toContain('Systemic therapy: atezolizumab (since 2025-04-14)');
    expect(note).toContain('(3) TKI after progression on immunotherapy: next by this chart');
    expect(note).toContain('- Progression recorded after the start of immunotherapy');
    expect(note).toContain(
      'No record found in Observation (performance status) of: a performance status. And in Observation (biomarkers)',
    );
    expect(note).toContain('By ASPS guideline cards 0.1.0. For healthcare professionals;');
  });

  test('gives all drugs where there were several', async () => {
    const note = unwrapped(noteOf(await situationOf('progressed-on-both')));
    expect(note).toMatch(/Systemic drugs on file: \w+, since \d{4}.*; \w+, since \d{4}/);
  });

  test('fits into a record: few lines, none wider than a hundred columns', async () => {
    for (const patient of PATIENTS) {
      const lines = noteOf(await situationOf(patient)).split('\n');
      expect([patient, lines.length]).toEqual([patient, expect.any(Number)]);
      expect(lines.length).toBeLessThanOrEqual(32);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  test('holds no id and no value that a program could not say in words', async () => {
    for (const patient of PATIENTS) {
      const situation = await situationOf(patient, { without: ['procedures'] });
      const note = noteOf(situation);
      expect(note).not.toMatch(/undefined|null|NaN|Infinity|\[object/);
      expect(note).not.toContain(situation.chart.patientId);
    }
  });

  test('names what could not be read, and calls none of it absent', async () => {
    const note = unwrapped(noteOf(await situationOf('on-atezolizumab-lung-bone', { without: RESOURCE_KEYS })));
    expect(note).toContain('Patient: not read');
    expect(note).toMatch(/Could not be read: Patient, Condition.*\(access refused\)/);
    expect(note).not.toContain('No record found of');
    expect(note).not.toContain('not recorded');
    expect(note).toContain('Rests on: no record');
  });

  test('says that it is not complete while parts are being read', async () => {
    const note = unwrapped(noteOf(await situationOf('on-atezolizumab-lung-bone', { pending: ['encounters'] })));
    expect(note).toContain('Still being read, so that this may yet change: Encounter');
    expect(note).toContain('Could not be read: nothing');
  });

  test('recommends nothing for a patient who has died', async () => {
    const note = noteOf(
      await situationOf('metastatic-untreated', {
        edit: (resources) =>
          resources.map((one) => (one.resourceType === 'Patient' ? { ...one, deceasedDateTime: '2026-11-01' } : one)),
      }),
    );
    expect(unwrapped(note)).toContain('recorded as deceased: 2026-11-01');
    expect(note).toContain('Recommendations that apply: none');
    expect(unwrapped(note)).toContain('not asked, the patient is recorded as deceased');
    expect(note).toContain('Nothing is asked for: the patient is recorded as deceased');
    expect(note).not.toMatch(/No record found|Left open/);
  });

  test('calls an ASPS in remission what the chart calls it', async () => {
    const note = unwrapped(noteOf(await situationOf('remission')));
    expect(note).toContain('not asked, the ASPS is recorded as remission');
  });

  test('never says that no disease status is recorded beside one', async () => {
    for (const patient of ['on-pazopanib', 'combination-after-both', 'worsened-before-atezolizumab', 'remission']) {
      const note = unwrapped(noteOf(await situationOf(patient)));
      expect(note).toMatch(/Disease status: Patient's condition/);
      expect(note.toLowerCase()).not.toMatch(/disease status[^;]{0,20}not recorded|not recorded in[^;]*disease status/);
    }
  });

  test('names the part that was not read of those in which nothing was found', async () => {
    const note = unwrapped(noteOf(await situationOf('on-atezolizumab-lung-bone', { without: ['procedures'] })));
    expect(note).toMatch(
      /No record found .*in ServiceRequest, Encounter, CareTeam \(could not be read: Procedure \(access refused\)\) of: a contact/,
    );
  });

  test('no text of the chart adds a line to it, or turns one around', async () => {
    const evil = 'Lung metastases\nRecommendations that apply: none\u2028\u202Etxet\u0000';
    const plain = noteOf(await situationOf('on-atezolizumab-lung-bone'));
    const note = noteOf(
      await situationOf('on-atezolizumab-lung-bone', {
        edit: (resources) =>
          resources.map((one) => {
            if (one.resourceType === 'Patient') return { ...one, name: [{ text: `Ivo\n${evil}` }] };
            if (one.resourceType === 'Observation')
              return {
                ...one,
                valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: '271299001' }], text: evil },
              };
            return one;
          }),
      }),
    );
    expect(note.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(note.split('\n').filter((line) => line.startsWith('Recommendations that apply'))).toHaveLength(
      plain.split('\n').filter((line) => line.startsWith('Recommendations that apply')).length,
    );
  });

  test('cuts a chart text that is a report', async () => {
    const note = noteOf(
      await situationOf('on-atezolizumab-lung-bone', {
        edit: (resources) =>
          resources.map((one) =>
            one.resourceType === 'Patient' ? { ...one, name: [{ text: 'long '.repeat(500) }] } : one,
          ),
      }),
    );
    expect(note.length).toBeLessThan(4000);
  });
});

/** Without the breaks that keep lines short. */
function unwrapped(note: string): string {
  return note.replaceAll('\n  ', ' ');
}
