import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { buildChart, diagnoseFrom } from '../../src/chart/chart.ts';
import { asObjects, asText } from '../../src/chart/json.ts';
import { chartQueries } from '../../src/chart/queries.ts';
import { type JsonObject, RESOURCE_KEYS } from '../../src/chart/reading.ts';
import { REQUIRED_VALUE_SETS } from '../../src/chart/terminology.ts';
import { resolvePrefetch } from '../../src/ehr-demo/prefetch.ts';
import { loadPatient } from '../../src/ehr-demo/scenarios.ts';
import { openChartSource } from '../../src/fhir/chart-source.ts';
import { browserContent } from '../../src/guideline/browser-content.ts';
import { compileGuideline } from '../../src/guideline/compile.ts';
import type { Guideline } from '../../src/guideline/guideline.ts';
import { recommend } from '../../src/guideline/recommend.ts';
import { guideline, TODAY } from '../support/service.ts';

const PATIENTS = readdirSync('fixtures/patients').flatMap((name) =>
  name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [],
);
const queries = chartQueries(guideline.terminology);

const sent = browserContent(guideline.content);
/** What a browser makes of it, which gets it as JSON. */
const inBrowser: Guideline = compileGuideline(JSON.parse(JSON.stringify(sent)));

/** Every card that this guideline has for the patient, order hooks apart. */
async function cardsFor(by: Guideline, patientId: string) {
  const prefetch = resolvePrefetch(queries, { patientId }, loadPatient(patientId).resources);
  const readings = await openChartSource({ patientId, prefetch }, { queries }).read(RESOURCE_KEYS);
  const chart = buildChart(patientId, diagnoseFrom(readings, by.terminology), readings, {}, by, TODAY);
  return recommend(by, chart, { hook: 'patient-view', today: '2026-11-22', maxCards: 0 });
}

function codingsIn(valueSet: JsonObject) {
  const compose = asObjects(valueSet['compose']);
  return compose
    .flatMap(({ include, exclude }) => [...asObjects(include), ...asObjects(exclude)])
    .flatMap(({ system, concept }) =>
      asObjects(concept).map(({ code }) => ({ system: asText(system) ?? '', code: asText(code) ?? '' })),
    );
}

describe('what a browser gets of the guideline', () => {
  test.each(PATIENTS)('has the same cards, word for word, for %s', async (patient) => {
    expect(await cardsFor(inBrowser, patient)).toEqual(await cardsFor(guideline, patient));
  });

  test('gives some of them cards at all', async () => {
    expect((await cardsFor(inBrowser, 'metastatic-untreated')).shown.length).toBeGreaterThan(4);
  });

  test('finds every code in the same value sets, and codes of patterns and of none', () => {
    const codings = [
      ...guideline.valueSets.flatMap(codingsIn),
      { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'C78.01' },
      { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'C49.9' },
      { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'Z99' },
    ];
    expect(codings.length).toBeGreaterThan(1000);
    for (const coding of codings) {
      const concept = { codings: [coding], texts: [] };
      expect(inBrowser.terminology.valueSetsOf(concept)).toEqual(guideline.terminology.valueSetsOf(concept));
      expect(inBrowser.terminology.drugsIn(concept)).toEqual(guideline.terminology.drugsIn(concept));
    }
  });

  test('asks a FHIR server for the same codes', () => {
    for (const id of REQUIRED_VALUE_SETS)
      expect(inBrowser.terminology.tokens(id)).toEqual(guideline.terminology.tokens(id));
  });

  test('is the content with nothing but its value sets changed, and those to a quarter', () => {
    const { valueSets, texts, ...rest } = sent;
    expect(Object.keys(texts).length).toBeGreaterThan(50);
    const { valueSets: whole, ...others } = guideline.content;
    expect(rest).toEqual(others);
    expect(valueSets.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    expect(JSON.stringify(valueSets).length).toBeLessThan(JSON.stringify(whole).length / 4);
  });
});

describe('a value set', () => {
  const slimmed = (valueSet: JsonObject) =>
    browserContent({ ...guideline.content, valueSets: [valueSet] }).valueSets[0];

  test('keeps what a code is looked up by, what is excluded too', () => {
    const filter = [{ property: 'code', op: 'regex', value: 'C7[789].*' }];
    const whole = {
      resourceType: 'ValueSet',
      id: 'a',
      title: 'A',
      compose: {
        include: [
          { system: 's', version: '1', concept: [{ code: '1', display: 'One', extension: [] }] },
          { system: 't', filter },
        ],
        exclude: [{ system: 's', concept: [{ code: '2', display: 'Two' }] }],
      },
    };
    expect(slimmed(whole)).toEqual({
      resourceType: 'ValueSet',
      id: 'a',
      compose: {
        include: [
          { system: 's', concept: [{ code: '1' }] },
          { system: 't', filter },
        ],
        exclude: [{ system: 's', concept: [{ code: '2' }] }],
      },
    });
  });

  test('gets no parts that it does not have', () => {
    expect(slimmed({ resourceType: 'ValueSet', id: 'a' })).toEqual({ resourceType: 'ValueSet', id: 'a' });
    expect(slimmed({ id: 'a', compose: {} })).toEqual({ id: 'a', compose: {} });
  });
});
