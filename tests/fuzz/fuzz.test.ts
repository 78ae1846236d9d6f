import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// On a machine that does much else.
const ENOUGH_MS = 180_000;
const PATIENCE_SECONDS = '60';

jest.setTimeout(ENOUGH_MS);

type Report = {
  readonly sent: number;
  readonly kinds: readonly { readonly kind: string; readonly statuses: Readonly<Record<string, number>> }[];
  readonly findings: readonly object[];
  readonly violations: readonly object[];
};

/** The fuzzer as a process of its own: what it sends is more than the closed network of the tests can read. */
async function fuzz(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['fuzz/fuzz.ts', ...args], { cwd: ROOT }, (_error, out, err) => {
      resolve({ code: child.exitCode, out, err });
    });
  });
}

test('a short run breaks no rule of the real service, and changes nothing in it (CH-188 to CH-190, CH-192)', async () => {
  const args = ['--requests', '1500', '--seed', '20261122', '--minutes', '1', '--patience', PATIENCE_SECONDS, '--json'];
  const { code, out, err } = await fuzz(...args);
  expect([err, code === 2]).toEqual(['', false]);
  const { sent, kinds, findings, violations } = JSON.parse(out) as Report;
  expect([findings, violations]).toEqual([[], []]);
  expect(code).toBe(0);
  // It got past the door, and not only there.
  expect(sent).toBeGreaterThan(100);
  expect(kinds).toHaveLength(7);
  expect(kinds.find(({ kind }) => kind === 'structure')?.statuses).toMatchObject({
    200: expect.any(Number),
    400: expect.any(Number),
  });
});

test('a service that does not start is no clean run', async () => {
  expect(await fuzz('--service', 'fuzz/no-such-service.ts')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('did not start'),
  });
});
