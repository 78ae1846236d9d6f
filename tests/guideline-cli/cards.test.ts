import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { runCards } from '../../src/guideline-cli/run-cards.ts';
import { CARDS_FOLDER } from '../../src/guideline-folder.ts';
import { guideline } from '../support/service.ts';

const CARDS = fileURLToPath(new URL('../../src/guideline-cli/cards.ts', import.meta.url));

// One test starts a second Node, which a busy machine may keep waiting.
jest.setTimeout(30_000);

let broken = '';

beforeAll(() => {
  broken = mkdtempSync(join(tmpdir(), 'cards-'));
  cpSync(CARDS_FOLDER, broken, { recursive: true });
  writeFileSync(join(broken, 'record-stage.yaml'), 'id: record-stage\nwhen: adlut\n');
});
afterAll(() => rmSync(broken, { recursive: true }));

function cards(...args: readonly string[]) {
  return runCards(args, { width: 120, style: (_name, said) => said });
}

describe('npm run cards', () => {
  test('prints and exits as it answers', async () => {
    const child = spawn(process.execPath, [CARDS, 'chekc'], { env: { ...process.env, NO_COLOR: '1' } });
    const [stdout, stderr, exitCode] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => {
        child.on('close', resolve);
      }),
    ]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(/^Unknown command: chekc\n\nUsage: npm run cards/);
  });

  test('check is content with the guideline as it ships', async () => {
    const { stdout, stderr, exitCode } = await cards('check');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatch(/^0 error\(s\), \d+ warning\(s\)$/m);
  });

  test('check names what is wrong with a broken folder, and fails', async () => {
    const { stdout, exitCode } = await cards('check', '--cards', broken);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^error {4}.*record-stage\.yaml.*title/m);
    expect(stdout).toMatch(/^[1-9]\d* error\(s\)/m);
  });

  test('list has a line for every card, and says what the short names mean', async () => {
    const { stdout, exitCode } = await cards('list');
    expect(exitCode).toBe(0);
    for (const { file } of guideline.cards) {
      const line = stdout.split('\n').find((one) => one.startsWith(`${file.id} `)) ?? '';
      for (const cell of [file.title, file.version, String(file.priority), file.evidenceLevel, file.reviewed]) {
        expect(line).toContain(cell);
      }
    }
    expect(stdout).toContain('PV patient-view');
  });

  test.each([[['list']], [['explain', 'metastatic-untreated', 'patient-view']]])(
    '%j fails on a broken folder with what is wrong',
    async (args) => {
      const { stderr, exitCode } = await cards(...args, '--cards', broken);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('record-stage.yaml');
    },
  );

  test('explain tells each card of a patient on a hook', async () => {
    const { stdout, exitCode } = await cards('explain', 'metastatic-untreated', 'order-sign', 'doxorubicin');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^metastatic-untreated, order-sign, doxorubicin$/m);
    expect(stdout).toMatch(/^avoid-anthracycline-first-line {2}shown \(warning\)$/m);
    expect(stdout).toMatch(/^ {2}\+ yes +anthracycline-order +MedicationRequest\/\S+ /m);
  });

  test('explain says why a patient without ASPS gets nothing', async () => {
    const { stdout, exitCode } = await cards('explain', 'primary-care', 'patient-view');
    expect({ stdout, exitCode }).toEqual({
      stdout: 'primary-care, patient-view\nNo ASPS on file: no card on any hook (rule 2).\n',
      exitCode: 0,
    });
  });

  test('help is printed when it is asked for', async () => {
    const { stdout, exitCode } = await cards('--help');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Usage: npm run cards/);
  });

  test.each([
    [['explain', 'metastatic-untraeted', 'patient-view'], 'Did you mean metastatic-untreated?'],
    [['explain', 'metastatic-untreated', 'patient-veiw'], 'Did you mean patient-view?'],
    [['explain', 'metastatic-untreated', 'order-sign'], 'order-sign needs draft orders'],
    [['explain', 'metastatic-untreated', 'order-sign', 'doxorubicine'], 'Did you mean doxorubicin?'],
    [['explain', 'metastatic-untreated', 'patient-view', 'doxorubicin'], 'Drafts go with order-select'],
    [['check', '--cards', '/nowhere'], 'There is no folder /nowhere'],
  ])('%j is not understood', async (args, message) => {
    const { stdout, stderr, exitCode } = await cards(...args);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain(message);
  });
});
