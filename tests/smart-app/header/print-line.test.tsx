import { expect, test } from '@jest/globals';
import { render } from 'preact-render-to-string';
import { PrintLine } from '../../../src/smart-app/header/print-line.tsx';
import { situationOf } from './situation-of.ts';

const line = async (patient: string, options = {}) =>
  render(<PrintLine situation={await situationOf(patient, options)} />).replaceAll(/<[^>]*>/g, '');

test('the line on every printed page says whose chart it is, and when it was read', async () => {
  expect(await line('metastatic-untreated')).toMatch(
    /^Mona Testcase, born \d{4}-\d\d-\d\d – chart read \d{4}-\d\d-\d\d \d\d:\d\d \(UTC.*\) – ASPS guideline app$/,
  );
});

test('it names nobody whose record was not read', async () => {
  expect(await line('metastatic-untreated', { without: ['patient'] })).toMatch(/^Name and birth date not read – chart/);
});

test('it does not make up what is not recorded', async () => {
  const edit = (resources: readonly { resourceType: string }[]) =>
    resources.map((one) => (one.resourceType === 'Patient' ? { ...one, name: [], birthDate: undefined } : one));
  expect(await line('metastatic-untreated', { edit })).toMatch(/^Name not recorded, birth date not recorded – chart/);
});
