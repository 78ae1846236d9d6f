import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type PatientStore, type Resource, storeOf } from '../src/ehr-demo/patient-store.ts';
import { fhirStub } from './fhir-stub-listener.ts';

// A FHIR server in a process of its own. The charts are read from files, `<name>.json` in the folder given; the latency is in
// milliseconds.
const [folder = '.', latencyMs = '0'] = process.argv.slice(2);
const charts = new Map<string, PatientStore>();

createServer(fhirStub(chartNamed, Number(latencyMs))).listen(Number(process.env['PORT']), '127.0.0.1');

function chartNamed(name: string): PatientStore {
  const known = charts.get(name);
  if (known !== undefined) return known;
  const { patientId, resources } = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as {
    readonly patientId: string;
    readonly resources: readonly Resource[];
  };
  const chart = storeOf(patientId, resources);
  charts.set(name, chart);
  return chart;
}
