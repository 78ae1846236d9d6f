import { expect, test } from '@jest/globals';
import { chartQueries } from '../../../src/chart/queries.ts';
import { SERVICE_SCOPES } from '../../../src/ehr-demo/ehr/service-scopes.ts';
import { guideline } from '../../support/service.ts';

test('the service may read all that it asks for, and the drugs that orders refer to, and nothing else', () => {
  const asked = Object.values(chartQueries(guideline.terminology)).map((query) => /^[A-Za-z]+/.exec(query)?.[0] ?? '');
  const types = [...new Set([...asked, 'Medication'])].toSorted();
  expect(SERVICE_SCOPES).toEqual(types.map((type) => `patient/${type}.rs`));
});
