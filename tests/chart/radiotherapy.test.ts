import { expect, test } from '@jest/globals';
import { readRadiotherapy } from '../../src/chart/radiotherapy.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { asps, chartOf, coded, condition, named, SNOMED, terminology } from './builders.ts';

const BREAST = condition('Breast cancer', { id: 'breast', onsetDateTime: '2026-01-01' });

function radiotherapyOf(procedure: JsonObject, conditions: readonly JsonObject[] = [asps()]) {
  const { services, diagnosis, spread } = chartOf({ procedures: [procedure], conditions });
  return readRadiotherapy(services, diagnosis, spread, terminology);
}
const procedure = (code: JsonObject | string, more: JsonObject = {}) =>
  named('Procedure', code, { status: 'completed', performedDateTime: '2026-09-01', ...more });

test.each([
  ['of the primary', 'External beam radiotherapy of left thigh'],
  ['of a metastasis', 'Stereotactic radiosurgery of brain metastasis'],
  ['of bone', 'SBRT of rib metastasis'],
  ['by code', coded(SNOMED, '108290001')],
])('is radiotherapy: %s', (_claim, code) => {
  expect(radiotherapyOf(procedure(code))).toMatchObject([{ whose: 'asps' }]);
});

test.each([
  ['of the breast', 'Radiotherapy of breast'],
  ['of blood', 'Irradiation of red cells'],
  ['only advised', 'Radiotherapy recommended'],
  ['a referral', 'Referral to radiation therapy'],
  ['what follows it', 'Follow-up after radiotherapy'],
  ['something else', 'Wide excision of sarcoma'],
])('is none: %s', (_claim, code) => {
  expect(radiotherapyOf(procedure(code))).toEqual([]);
});

test('with another active cancer it is open whose it is, unless its reason says', () => {
  const unsaid = procedure('Stereotactic radiosurgery of brain');
  expect(radiotherapyOf(unsaid, [asps(), BREAST])).toMatchObject([{ whose: 'open' }]);
  const linked = procedure('Stereotactic radiosurgery of brain', {
    reasonReference: [{ reference: 'Condition/asps' }],
  });
  expect(radiotherapyOf(linked, [asps(), BREAST])).toMatchObject([{ whose: 'asps' }]);
  const other = procedure('Stereotactic radiosurgery of brain', {
    reasonReference: [{ reference: 'Condition/breast' }],
  });
  expect(radiotherapyOf(other, [asps(), BREAST])).toEqual([]);
});
