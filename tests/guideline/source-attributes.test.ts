import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { loadPatient, loadScenarios } from '../../src/ehr-demo/scenarios.ts';
import { CRITERIA } from '../../src/guideline/criteria/registry.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { type PersonalData, sourceAttributes, USES_OF_PERSONAL_DATA } from '../../src/guideline/source-attributes.ts';
import { guideline } from '../support/service.ts';
import { changed, folderWith } from './folder.ts';
import { chartOfResources } from './patient-chart.ts';

const NAMES = [
  'Bibliographic citation of the intervention',
  'Developer of the intervention, and who translated it from clinical research or a guideline',
  'Funding source of the technical implementation',
  'Release and revision dates',
  'Use of race',
  'Use of ethnicity',
  'Use of language',
  'Use of sexual orientation',
  'Use of gender identity',
  'Use of sex',
  'Use of date of birth',
  'Use of social determinants of health',
  'Use of health status assessments',
];

/** 45 CFR 170.315(b)(11)(iv)(A) has thirteen. */
describe.each(guideline.cards.map((card) => [card.file.id, card] as const))(
  'the source attributes of %s',
  (_id, card) => {
    const attributes = sourceAttributes(card, guideline);

    test('are all thirteen, in the order of the rule, each with an answer', () => {
      expect(attributes.map(({ name }) => name)).toEqual(NAMES);
      expect(attributes.map(({ number }) => number)).toEqual(NAMES.map((_, at) => at + 1));
      for (const { answer } of attributes) expect(answer).toMatch(/^\S.*\.$/s);
    });

    test('cite every source, and name the version with its date', () => {
      for (const { label } of card.sources) expect(attributes[0]?.answer).toContain(label);
      expect(attributes[3]?.answer).toContain(`${card.file.version} on `);
    });
  },
);

test('a release is named with its date, and its absence too', () => {
  const [card] = guideline.cards;
  const released = loadGuideline(folderWith(changed('guideline.yaml', (file) => (file['releaseDate'] = '2027-02-01'))));
  const [same] = released.cards;
  expect(card && sourceAttributes(card, guideline)[3]?.answer).toContain('Not released for use with patients yet.');
  expect(same && sourceAttributes(same, released)[3]?.answer).toContain('released on 2027-02-01.');
});

test('criteria that are said to use personal data exist', () => {
  const named = Object.values(USES_OF_PERSONAL_DATA).flat();
  expect(named.filter((id) => !CRITERIA.has(id))).toEqual([]);
});

describe('a criterion answers the same when personal data change that it is not said to use', () => {
  const CHANGES: readonly (readonly [PersonalData, Readonly<Record<string, unknown>>])[] = [
    ['date of birth', { birthDate: undefined }],
    ['date of birth', { birthDate: '2024-12-24' }],
    ['date of birth', { birthDate: '2013-05-01' }],
    ['date of birth', { birthDate: '2007-01-01' }],
    ['sex', { gender: 'male' }],
    ['sex', { gender: 'female' }],
    ['sex', { gender: undefined }],
    ['language', { communication: [{ language: { text: 'Sorbian' } }] }],
    [
      'race',
      {
        extension: ['race', 'ethnicity', 'birthsex', 'genderIdentity'].map((name) => ({
          url: `http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`,
          extension: [{ url: 'text', valueString: 'other' }],
        })),
      },
    ],
  ];
  const patients = [...new Set(loadScenarios().map(({ patient }) => patient))];
  const drafts = [undefined, 'atezolizumab-1200', 'atezolizumab-hyaluronidase-1875', 'pazopanib-800'];

  test.each(CHANGES)('%s: %j', async (data, change) => {
    const using = new Set<string>();
    for (const patient of patients) {
      const { resources } = loadPatient(patient);
      for (const draft of drafts) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other: there are many
        const [before, after] = await Promise.all([answers(resources), answers(resources.map(changedPatient))]);
        for (const id of CRITERIA.keys()) if (before.get(id) !== after.get(id)) using.add(id);

        async function answers(list: readonly Resource[]): Promise<ReadonlyMap<string, string>> {
          const chart = await chartOfResources(patient, list, draft === undefined ? {} : { draft });
          return new Map(
            [...CRITERIA].map(([id, criterion]) => {
              const { state, value } = criterion.evaluate(chart);
              return [id, `${state} ${value ?? ''}`];
            }),
          );
        }
      }
    }
    const allowed: readonly string[] = USES_OF_PERSONAL_DATA[data] ?? [];
    expect([...using].filter((id) => !allowed.includes(id))).toEqual([]);

    function changedPatient(resource: Resource): Resource {
      return resource.resourceType === 'Patient' ? ({ ...resource, ...change } as Resource) : resource;
    }
  });
});
