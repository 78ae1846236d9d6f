import { expect, test } from '@jest/globals';
import { readCodedText } from '../../src/chart/coding.ts';
import { classify } from '../../src/chart/condition.ts';
import { sitesOf } from '../../src/chart/metastasis-site.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { coded, coding, ICD, SNOMED, terminology } from './builders.ts';

const sites = (code: JsonObject, bodySite?: JsonObject) =>
  sitesOf(classify(readCodedText(code), terminology), readCodedText(bodySite));

test.each([
  ['C78.00', 'lung'],
  ['C78.01', 'lung'],
  ['C78.1', 'pleura-mediastinum'],
  ['C78.2', 'pleura-mediastinum'],
  ['C79.31', 'cns'],
  ['C79.32', 'cns'],
  ['C79.40', 'cns'],
  ['C79.49', 'cns'],
  ['C79.51', 'bone'],
  ['C79.52', 'bone'],
  ['C78.7', 'liver'],
  ['C77.0', 'lymph-node'],
  ['C79.70', 'other'],
  ['C80.0', 'other'],
])('%s is %s', (code, site) => {
  expect(sites(coded(ICD, code))).toEqual([site]);
});

test.each([
  ['94391008', 'lung'],
  ['94493005', 'pleura-mediastinum'],
  ['94225005', 'cns'],
  ['94222008', 'bone'],
  ['94381002', 'liver'],
  ['94392001', 'lymph-node'],
])('SNOMED %s is %s', (code, site) => {
  expect(sites(coded(SNOMED, code))).toEqual([site]);
});

test.each([
  ['Metastasis to lung', ['lung']],
  ['Pulmonary metastases', ['lung']],
  ['Pleural metastasis', ['pleura-mediastinum']],
  ['Mediastinal mets', ['pleura-mediastinum']],
  ['Brain metastases', ['cns']],
  ['Leptomeningeal metastasis', ['cns']],
  ['Cerebellar metastasis', ['cns']],
  ['CNS mets', ['cns']],
  ['Metastasis to spinal cord', ['cns']],
  ['Metastatic disease to bone', ['bone']],
  ['Osseous metastases', ['bone']],
  ['Metastasis to thoracic spine', ['bone']],
  ['Hepatic metastasis', ['liver']],
  ['Nodal metastases', ['lymph-node']],
  ['Metastasis to lung and brain', ['lung', 'cns']],
  ['Metastatic disease', ['other']],
  ['Adrenal metastasis', ['other']],
])('%s', (text, expected) => {
  expect(sites({ text })).toEqual(expected);
});

test('every code of a Condition adds its site', () => {
  expect(sites({ coding: [coding(ICD, 'C79.31'), coding(ICD, 'C78.02')] })).toEqual(['lung', 'cns']);
});

test('a code wins over the words beside it', () => {
  expect(sites({ ...coded(ICD, 'C78.02'), text: 'Brain metastasis' })).toEqual(['lung']);
});

test('the body site tells where words do not', () => {
  expect(sites({ text: 'Metastasis' }, { text: 'Left lung' })).toEqual(['lung']);
});
