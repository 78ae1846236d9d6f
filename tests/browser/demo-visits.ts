import { afterAll, afterEach, beforeAll, beforeEach, expect, jest } from '@jest/globals';
import { describeInBrowser, type Visit, type VisitOptions, visit } from '../support/browser.ts';
import { type DemoProcess, startDemo } from '../support/demo-process.ts';

/** Nothing is timed by it: a whole journey may take its time on a machine that is busy with other things. */
const PATIENCE_MS = 120_000;

/** What tests of the demo EHR have at hand. */
export interface DemoVisits {
  /** The running service with the EHR, everything in it as it was at the start. */
  readonly demo: () => DemoProcess;
  /** Opens a window of its own, as another person at another desk. */
  readonly open: (options?: VisitOptions) => Promise<Visit>;
}

/**
 * Tests of the demo EHR in a browser. After each of them nothing may have gone wrong in any window: no error in a page, nothing
 * that the security policy had to forbid, no request to any place but the service itself. Nor may the service have logged an error.
 */
export function describeDemo(name: string, tests: (visits: DemoVisits) => void): void {
  jest.setTimeout(PATIENCE_MS);
  describeInBrowser(name, (browser) => {
    let running: DemoProcess | undefined;
    const visits: Visit[] = [];
    const demo = (): DemoProcess => {
      if (running === undefined) throw new Error('The demo EHR is there once the tests run');
      return running;
    };

    beforeAll(async () => {
      running = await startDemo();
    });
    afterAll(() => running?.stop());
    beforeEach(() => demo().reset());
    afterEach(async () => {
      const complaints = visits.flatMap((opened) => opened.takeComplaints());
      await Promise.all(visits.splice(0).map((opened) => opened.close()));
      expect([...complaints, ...demo().takeErrors()]).toEqual([]);
    });

    tests({
      demo,
      open: async (options) => {
        const opened = await visit(browser(), demo().url, options);
        visits.push(opened);
        return opened;
      },
    });
  });
}
