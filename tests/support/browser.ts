import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where a Chromium stands when it was installed by a package manager or by its own installer. */
const PLACES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/** The browser of `CHROMIUM_PATH`, or else the first one of the usual places; undefined: there is none. */
export function findChromium(
  { CHROMIUM_PATH: chosen }: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  isThere: (path: string) => boolean = existsSync,
): string | undefined {
  // Who has chosen one gets this one: another in its place would hide that it is not there.
  if (chosen !== undefined && chosen !== '') return isThere(chosen) ? chosen : undefined;
  return PLACES[platform]?.find(isThere);
}

const NONE = 'no Chromium was found; CHROMIUM_PATH can name one';

/**
 * `describe` for tests that need a browser, which is started once for them. On a machine without one they are skipped, and the
 * reason is printed. With `CI` set they fail instead: there a test that does not run must not look like one that passes.
 */
export function describeInBrowser(name: string, tests: (browser: () => Browser) => void): void {
  const executablePath = findChromium();
  if (executablePath === undefined && (process.env['CI'] ?? '') === '') {
    process.stderr.write(`skipped: ${name}: ${NONE}\n`);
    // oxlint-disable-next-line jest/valid-title, jest/no-disabled-tests -- the title is the caller's, the reason stands above
    describe.skip(name, () => {
      tests(unstarted);
    });
    return;
  }

  // oxlint-disable-next-line jest/valid-title -- the title is the caller's
  describe(name, () => {
    let started: Browser | undefined;
    beforeAll(async () => {
      if (executablePath === undefined) throw new Error(NONE);
      started = await chromium.launch({ executablePath });
    });
    afterAll(() => started?.close());
    tests(() => started ?? unstarted());
  });
}

function unstarted(): never {
  throw new Error('The browser is there once the tests run');
}

/** No page waits for longer. Nothing is timed by it. */
const PATIENCE_MS = 20_000;

/** A browser window of one person, with cookies of its own. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in any page of it since it was last asked: errors, what the security policy forbade, requests to other places. */
  readonly takeComplaints: () => readonly string[];
  readonly close: () => Promise<void>;
}

export interface VisitOptions extends BrowserContextOptions {
  /** Other origins that may be asked. */
  readonly others?: readonly string[];
}

/** Opens a window on the pages of one origin. Nothing else is reachable from it, as on a machine without a network. */
export async function visit(browser: Browser, origin: string, visitOptions: VisitOptions = {}): Promise<Visit> {
  const { others = [], ...options } = visitOptions;
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options, baseURL: origin });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  await context.route(
    ({ origin: asked }) => asked !== origin && !others.includes(asked),
    (route) => {
      complaints.push(`asked for ${route.request().url()}`);
      return route.abort();
    },
  );
  // Violations of the Content Security Policy come as errors on the console too.
  context.on('console', (message) => {
    const { url } = message.location();
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()} (${url})`);
  });
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
  context.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return {
    page: await context.newPage(),
    context,
    takeComplaints: () => complaints.splice(0),
    close: () => context.close(),
  };
}
