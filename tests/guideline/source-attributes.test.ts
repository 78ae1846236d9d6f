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

describe('the criteria that are said to use personal data are those whose answers change with them', () => {
  const person = (...names: readonly string[]) => ({
    extension: names.map((name) => ({
      url: `http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`,
      extension: [{ url: 'text', valueString: 'other' }],
    })),
  });
  const CHANGES: readonly (readonly [PersonalData, readonly Readonly<Record<string, unknown>>[]])[] = [
    [
      'date of birth',
      [{ birthDate: undefined }, { birthDate: '2024-12-24' }, { birthDate: '2013-05-01' }, { birthDate: '2007-01-01' }],
    ],
    ['sex', [{ gender: 'male' }, { gender: 'female' }, { gender: undefined }, person('birthsex')]],
    ['language', [{ communication: [{ language: { text: 'Sorbian' } }] }]],
    ['race', [person('race')]],
    ['ethnicity', [person('ethnicity')]],
    ['gender identity', [person('genderIdentity')]],
  ];
  const patients = [...new Set(loadScenarios().map(({ patient }) => patient))];
  const DRAFTS = [undefined, 'atezolizumab-1200', 'atezolizumab-hyaluronidase-1875', 'pazopanib-800'];

  test.each(CHANGES)('%s', async (data, changes) => {
    const using = new Set<string>();
    for (const patient of patients) {
      const { resources } = loadPatient(patient);
      // Doses depend on age.
      for (const draft of data === 'date of birth' ? DRAFTS : [undefined]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other: there are many
        const before = await answers(patient, draft, resources);
        for (const change of changes) {
          const other = resources.map((one) => (one.resourceType === 'Patient' ? { ...one, ...change } : one));
          // oxlint-disable-next-line no-await-in-loop -- one after the other: there are many
          const after = await answers(patient, draft, other);
          for (const id of CRITERIA.keys()) if (before.get(id) !== after.get(id)) using.add(id);
        }
      }
    }
    expect([...using].toSorted()).toEqual([...(USES_OF_PERSONAL_DATA[data] ?? [])].toSorted());
  });
});

async function answers(
  patient: string,
  draft: string | undefined,
  resources: readonly Resource[],
): Promise<ReadonlyMap<string, string>> {
  const chart = await chartOfResources(patient, resources, draft === undefined ? {} : { draft });
  return new Map(
    [...CRITERIA].map(([id, criterion]) => {
      const { state, value } = criterion.evaluate(chart);
      return [id, `${state} ${value ?? ''}`];
    }),
  );
}
