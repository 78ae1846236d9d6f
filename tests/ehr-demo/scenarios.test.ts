import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { draftNames, loadDraft, loadPatient, loadScenarios } from '../../src/ehr-demo/scenarios.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('every problem of the scenarios file is named with its place', () => {
  writeFileSync(
    join(folder, 'scenarios.yaml'),
    '- patient: p1\n  calls:\n    - hook: patient-view\n      cards: { x: urgent }\n',
  );
  expect(() => loadScenarios(folder)).toThrow(
    /scenarios\.yaml is not as expected:[^]*\/0 must have required property 'story'[^]*\/0\/calls\/0\/cards\/x must be equal/,
  );
});

test.each([
  ['a missing file', undefined, /p1\.json cannot be read: Error: ENOENT/],
  ['a file that is no JSON', '{', /p1\.json cannot be read: SyntaxError: Expected property name/],
  [
    'a resource without id',
    '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}}]}',
    /property 'id'/,
  ],
])('%s is named with the reason', (_claim, content, message) => {
  mkdirSync(join(folder, 'patients'));
  if (content !== undefined) writeFileSync(join(folder, 'patients/p1.json'), content);
  expect(() => loadPatient('p1', folder)).toThrow(message);
});

test('a draft is written for the patient it is ordered for', () => {
  for (const name of draftNames()) {
    const text = JSON.stringify(loadDraft(name, 'anna'));
    expect(text).toContain('"reference":"Patient/anna"');
    expect(text).not.toContain('{patientId}');
  }
});

test('every patient of the real scenarios has a chart that holds them', () => {
  for (const { patient } of loadScenarios()) {
    expect(loadPatient(patient).byReference(`Patient/${patient}`)).toBeDefined();
  }
});
