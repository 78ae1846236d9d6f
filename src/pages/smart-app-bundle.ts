import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { build as Build, BuildFailure } from 'esbuild';

/** A file that the pages of the SMART app load. */
export interface Asset {
  /** Changes with the content. */
  readonly name: string;
  /** Its ending, for the Content-Type. */
  readonly type: string;
  readonly content: Buffer;
}

/** Everything that the pages of the SMART app load. */
export interface SmartAppBundle {
  readonly appScript: Asset;
  readonly appStyle: Asset;
  readonly launchScript: Asset;
  readonly launchStyle: Asset;
  readonly fhirclient: Asset;
}

/** Why there is none: messages about the app's own sources, with file and line. */
export interface BundleFault {
  readonly problems: readonly string[];
}

const SOURCES = fileURLToPath(new URL('../smart-app/', import.meta.url));
const ENTRIES = [
  { in: './main.tsx', out: 'app' },
  { in: './styles/app.css', out: 'app' },
  { in: './launch.ts', out: 'launch' },
  { in: './styles/launch.css', out: 'launch' },
];
/** For browsers of today: without polyfills it is 19 kB. */
const FHIRCLIENT = createRequire(import.meta.url).resolve('fhirclient/build/fhir-client.pure.min.js');
/** Of a SHA-256 in hexadecimal: 48 bits tell the versions of one file apart. */
const HASH_LENGTH = 12;

/** Makes the app out of its sources, in memory. What is wrong with them is said, and never thrown. One at a time: its end ends whatever else esbuild builds. */
export async function bundleSmartApp(folder = SOURCES): Promise<SmartAppBundle | BundleFault> {
  try {
    // Not with the start of the service, which waits for nothing that a first call does not need.
    const { build, stop } = await import('esbuild');
    try {
      return await bundleWith(build, folder);
    } finally {
      // Its process would wait for more to build.
      await stop();
    }
  } catch (error) {
    return { problems: problemsOf(error) };
  }
}

async function bundleWith(build: typeof Build, folder: string): Promise<SmartAppBundle> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ENTRIES,
    outdir: folder,
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    // The same bundle wherever the service is installed, with the project's own settings or without.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    logLevel: 'silent',
  });
  const built = (name: string, type: string) => {
    const path = join(folder, `${name}.${type}`);
    const file = outputFiles.find((output) => output.path === path);
    if (file === undefined) throw new Error(`${name}.${type} was not built`);
    return assetOf(name, type, Buffer.from(file.contents));
  };
  return {
    appScript: built('app', 'js'),
    appStyle: built('app', 'css'),
    launchScript: built('launch', 'js'),
    launchStyle: built('launch', 'css'),
    fhirclient: assetOf('fhir-client', 'js', await readFile(FHIRCLIENT)),
  };
}

function assetOf(name: string, type: string, content: Buffer): Asset {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, HASH_LENGTH);
  return { name: `${name}-${hash}.${type}`, type, content };
}

function problemsOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return ['it could not be built'];
  if (!isBuildFailure(error)) return [error.message];
  return error.errors.map(({ text, location }) =>
    location === null ? text : `${location.file}:${location.line}: ${text}`,
  );
}

/** Of all that can be thrown there, only esbuild's has a list. */
function isBuildFailure(error: Error): error is BuildFailure {
  return 'errors' in error && Array.isArray(error.errors);
}
