import { describe, expect, test } from '@jest/globals';
import { asObjects, asText } from '../../src/chart/json.ts';
import { shipped } from '../guideline/folder.ts';
import { fhirErrors } from '../support/fhir-schema.ts';

type Json = Readonly<Record<string, unknown>>;

const CPT = 'http://www.ama-assn.org/go/cpt';
const PROVENANCE = 'http://hl7.org/fhir/StructureDefinition/valueset-concept-comments';

const valueSets = [...shipped]
  .filter(([path]) => path.startsWith('value-sets/'))
  .map(([path, text]) => [path, JSON.parse(text) as Json] as const);

/** Every enumerated concept with the system it is of. */
function conceptsOf(valueSet: Json): readonly { readonly system: unknown; readonly concept: Json }[] {
  return asObjects(valueSet['compose']).flatMap((compose) =>
    asObjects(compose['include']).flatMap((include) =>
      asObjects(include['concept']).map((concept) => ({ system: include['system'], concept })),
    ),
  );
}

/** Every value that is neither an object nor a list. */
function leavesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value];
}

describe.each(valueSets)('%s', (path, valueSet) => {
  const concepts = conceptsOf(valueSet);
  const isCpt = path.startsWith('value-sets/cpt/');

  test('is a valid FHIR R4 ValueSet whose id is the name of the file', () => {
    expect(fhirErrors(valueSet)).toEqual([]);
    expect(valueSet['resourceType']).toBe('ValueSet');
    const name = path.split('/').at(-1)?.replace('.json', '');
    expect(valueSet['id']).toBe(isCpt ? `${name}-cpt` : name);
    expect(valueSet).toMatchObject({ status: expect.any(String), name: expect.any(String), title: expect.any(String) });
  });

  test('says what it is for', () => {
    expect(String(valueSet['description']).length).toBeGreaterThan(10);
  });

  test('includes something, of a named system', () => {
    const includes = asObjects(valueSet['compose']).flatMap((compose) => asObjects(compose['include']));
    expect(includes.length).toBeGreaterThan(0);
    for (const include of includes) {
      expect(include['system']).toMatch(/^(https?:\/\/|urn:oid:)\S+$/);
      expect(asObjects(include['concept']).length + asObjects(include['filter']).length).toBeGreaterThan(0);
    }
  });

  test('enumerates no concept twice', () => {
    const codes = concepts.map(({ system, concept }) => `${String(system)}|${String(concept['code'])}`);
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
  });

  test('holds no null and no blank text', () => {
    expect(
      leavesOf(valueSet).filter((leaf) => leaf === null || (typeof leaf === 'string' && leaf.trim() === '')),
    ).toEqual([]);
  });

  test('has CPT codes without any words of theirs, and says of every other concept where it is from', () => {
    const bare = concepts.filter(({ concept }) => {
      const notes = asObjects(concept['extension']).filter(({ url }) => url === PROVENANCE);
      const provenance = asText(notes[0]?.['valueString']) ?? '';
      return isCpt ? Object.keys(concept).join() !== 'code' : provenance.length < 10;
    });
    expect(bare.map(({ concept }) => concept['code'])).toEqual([]);
    expect(concepts.filter(({ system }) => (system === CPT) !== isCpt)).toEqual([]);
  });
});

test('no CPT display anywhere in the folder', () => {
  for (const [path, text] of shipped) {
    const isOfCpt = path.startsWith('value-sets/cpt/');
    expect({ path, names: isOfCpt ? /"display"/.test(text) : text.includes(CPT) }).toEqual({ path, names: false });
  }
});

test('every folder of CPT says whose the codes are', () => {
  const copyrights = valueSets.filter(([path]) => path.includes('/cpt/')).map(([, valueSet]) => valueSet['copyright']);
  expect(copyrights.length).toBeGreaterThan(0);
  expect(copyrights.filter((copyright) => !/American Medical Association/.test(String(copyright)))).toEqual([]);
});

test('no file of the folder holds a null', () => {
  for (const [path, text] of shipped) {
    expect({ path, hasNull: /(:|\[|,|-)\s*(null|~)\s*(,|\]|\}|$)/m.test(text) }).toEqual({ path, hasNull: false });
  }
});
