import { expect, test } from '@jest/globals';
import { loadOrderables, loadProblems } from '../../../src/ehr-demo/ehr/orderables.ts';
import { loadPatient, loadScenarios } from '../../../src/ehr-demo/scenarios.ts';
import { patientLists } from '../../../src/ehr-demo/web/patient-list-view.ts';
import { memoryRecords } from '../ehr/memory-records.ts';

const scenarios = loadScenarios();
const today = new Date('2026-11-22');

test('every synthetic patient is listed once, and those to start with come first with something to try', async () => {
  const records = memoryRecords(scenarios.flatMap(({ patient }) => loadPatient(patient).byType('Patient')));
  const { startHere, others } = await patientLists(scenarios, records, today);
  expect(startHere.map(({ id }) => id)).toEqual([
    'metastatic-untreated',
    'brain-mri-ordered',
    'localised-resected',
    'leiomyosarcoma-on-doxorubicin',
  ]);
  const listed = [...startHere, ...others].map(({ id }) => id);
  expect(listed.toSorted()).toEqual(scenarios.map(({ patient }) => patient).toSorted());
  for (const { hint } of startHere) expect(hint).not.toBe('');
});

test('what is to be tried can be chosen under that name', async () => {
  const records = memoryRecords(scenarios.flatMap(({ patient }) => loadPatient(patient).byType('Patient')));
  const { startHere } = await patientLists(scenarios, records, today);
  const quoted = startHere.flatMap(({ hint }) => [...hint.matchAll(/“([^”]+)”/g)].map(([, name = '']) => name));
  const labels = [...loadOrderables(), ...loadProblems()].map(({ label }) => label);
  expect(quoted.length).toBeGreaterThan(0);
  for (const name of quoted) expect(labels).toContain(name);
});

test('a patient who is not on file is not listed', async () => {
  const lists = await patientLists([{ patient: 'gone', story: 'Gone.' }], memoryRecords([]), today);
  expect(lists).toEqual({ startHere: [], others: [] });
});
