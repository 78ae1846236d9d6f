import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readClients } from '../../src/clients.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { folderWith, problemsOf, shipped } from '../guideline/folder.ts';
import { documentAt } from './documents.ts';

const FOLDER = 'overlays/our-hospital/';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asps-docs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The files of the example in the card format: a path as code, and below it the content. */
function example(): ReadonlyMap<string, string> {
  const { text } = documentAt('docs/card-format.md');
  const files = text.matchAll(/^`overlays\/our-hospital\/([^`]+)`\n\n```(?:yaml|json)\n(.*?)^```$/gms);
  return new Map([...files].map(([, path = '', content = '']) => [path, content]));
}

test('the overlay in docs/card-format.md does what is said of it', () => {
  const files = example();
  expect(files.size).toBe(7);
  const { cards, off, settings, overlays } = loadGuideline(shipped, [{ folder: FOLDER, files }]);
  const brain = cards.find(({ file }) => file.id === 'baseline-brain-mri');
  expect(brain?.file).toMatchObject({ indicator: ['warning'], detail: { consider: expect.stringContaining('our') } });
  expect(brain?.suggestions[0]?.order?.file.resource).toMatchObject({ code: { text: 'MRI brain, sarcoma protocol' } });
  expect(cards.filter(({ state }) => state === 'shadow').map(({ file }) => file.id)).toEqual([
    'avoid-cytotoxic-chemotherapy',
  ]);
  expect(off.map(({ file }) => file.id)).toEqual(['record-stage']);
  expect(settings.brainImagingIntervalMonths).toBe(3);
  expect(overlays.map(({ name }) => name)).toEqual(['Our Hospital']);
});

test('the slip that it shows is said in these words', () => {
  const files = new Map(example()).set(
    'settings.yaml',
    (example().get('settings.yaml') ?? '').replace('brainImagingIntervalMonths', 'brainMriIntervalMonths'),
  );
  const [problem = ''] = problemsOf(shipped, [{ folder: FOLDER, files }]);
  expect(documentAt('docs/card-format.md').text).toContain(`The guideline has 1 problem(s):\n- ${problem}\n`);
});

test('the slip in the card of ten minutes is said in these words', () => {
  const { text } = documentAt('docs/card-format.md');
  const [, card = ''] = /^```yaml\n(id: paediatric-sarcoma-centre\n.*?)^```$/ms.exec(text) ?? [];
  const problems = problemsOf(
    folderWith({ 'paediatric-sarcoma-centre.yaml': card.replace('not: adult', 'not: adlut') }),
  );
  expect(problems).toHaveLength(1);
  expect(text).toContain(`The guideline has 1 problem(s):\n- ${problems[0] ?? ''}\n`);
});

test('the clients file in docs/operators.md is one', () => {
  const [, clients = ''] = /^```yaml\n(clients:\n.*?)^```$/ms.exec(documentAt('docs/operators.md').text) ?? [];
  const file = join(folder, 'site', 'clients.yaml');
  mkdirSync(join(dirname(file), 'general-hospital'), { recursive: true });
  writeFileSync(file, clients);
  expect(readClients(file, { services: [] })).toMatchObject({
    clients: [{ name: 'General Hospital' }, { name: 'Another Hospital' }],
  });
});
