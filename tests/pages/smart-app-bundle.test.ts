import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundleSmartApp, type SmartAppBundle } from '../../src/pages/smart-app-bundle.ts';

/** What the app may weigh on its way to a browser, with fhirclient and its styles. */
const MOST_KB = 150;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asps-bundle-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A small app in a folder of its own, with these files over it. */
function sources(name: string, files: Readonly<Record<string, string>> = {}): string {
  const place = join(folder, name, '/');
  mkdirSync(join(place, 'styles'), { recursive: true });
  const small = {
    'main.tsx': "import { greeting } from './greeting.ts';\ndocument.title = greeting;\n",
    'greeting.ts': "export const greeting: string = 'Good morning';\n",
    'launch.ts': 'location.reload();\n',
    'styles/app.css': '@import "./base.css";\nmain { margin: 0; }\n',
    'styles/launch.css': '@import "./base.css";\n',
    'styles/base.css': 'body { color: #123456; }\n',
  };
  for (const [path, text] of Object.entries({ ...small, ...files })) writeFileSync(join(place, path), text);
  return place;
}

async function built(place?: string): Promise<SmartAppBundle> {
  const bundle = await bundleSmartApp(place);
  if ('problems' in bundle) throw new Error(bundle.problems.join('\n'));
  return bundle;
}

describe('the sources of the app', () => {
  test('become scripts and styles for browsers, each in one file, with what they import', async () => {
    const bundle = await built(sources('whole'));
    const text = (role: keyof SmartAppBundle) => bundle[role].content.toString();
    expect(text('appScript')).toContain('Good morning');
    expect(text('appScript')).not.toMatch(/import|: string/);
    expect(text('launchScript')).toContain('location.reload()');
    expect(text('appStyle')).toBe('body{color:#123456}main{margin:0}\n');
    expect(text('launchStyle')).toBe('body{color:#123456}\n');
    expect(text('fhirclient')).toContain('oauth2');
  });

  test('are named by what is in them: what changes has another name, and nothing else', async () => {
    const before = await built(sources('before'));
    const same = await built(sources('same'));
    const after = await built(sources('after', { 'greeting.ts': "export const greeting = 'Good evening';\n" }));
    const names = (bundle: SmartAppBundle) => Object.values(bundle).map(({ name }: { name: string }) => name);
    for (const name of names(before)) expect(name).toMatch(/^[a-z-]+-[0-9a-f]{12}\.(?:js|css)$/);
    expect(names(same)).toEqual(names(before));
    expect(after.appScript.name).not.toBe(before.appScript.name);
    expect(names(after).slice(1)).toEqual(names(before).slice(1));
  });

  test.each([
    ['cannot be read', { 'main.tsx': 'const = 1;\n' }, /^main\.tsx:1: Expected/],
    ['import what is not there', { 'main.tsx': "import './nothing.ts';\n" }, /^main\.tsx:1: Could not resolve/],
    ['import what no browser has', { 'launch.ts': "\nimport 'node:fs';\n" }, /^launch\.ts:2: Could not resolve/],
  ] as const)('are refused with file and line if they %s', async (name, files, problem) => {
    const bundle = await bundleSmartApp(sources(name.replaceAll(' ', '-'), files));
    expect(bundle).toEqual({ problems: [expect.stringMatching(problem)] });
  });

  test('that are missing are said to be', async () => {
    const place = sources('missing');
    rmSync(join(place, 'main.tsx'));
    expect(await bundleSmartApp(place)).toEqual({ problems: [expect.stringContaining('main.tsx')] });
  });

  test('need no settings of the folders around them', async () => {
    const place = sources('settings');
    const plain = await built(place);
    writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "jsx": "preserve", "target": "es5" } }');
    cpSync(join(folder, 'tsconfig.json'), join(place, 'tsconfig.json'));
    expect(await built(place)).toEqual(plain);
  });
});

test('the app that comes with the service is built, and is small enough for a ward’s line', async () => {
  const bundle = await built();
  const { appScript, appStyle, fhirclient } = bundle;
  const kilobytes = [appScript, appStyle, fhirclient].reduce((sum, { content }) => sum + gzipSync(content).length, 0);
  expect(kilobytes / 1000).toBeLessThan(MOST_KB);
  // No copy of what the service alone runs on.
  expect(appScript.content.toString()).not.toMatch(/node:|ajv/);
});
