import axe, { type AxeResults, type RunOptions } from 'axe-core';
import { JSDOM, VirtualConsole } from 'jsdom';

/** Rules that need what jsdom has not: a layout. The colours have a test of their own. */
const NEEDS_LAYOUT = ['color-contrast', 'target-size'];

const OPTIONS: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: Object.fromEntries(NEEDS_LAYOUT.map((rule) => [rule, { enabled: false }])),
  resultTypes: ['violations'],
};

/** What axe-core finds wrong with a page: each violation with the elements that it is about. */
export async function violationsOf(html: string): Promise<readonly string[]> {
  // A console of its own stays silent: jsdom complains there of what it cannot draw.
  const { window } = new JSDOM(html, { runScripts: 'outside-only', virtualConsole: new VirtualConsole() });
  window.eval(axe.source);
  const run = window.eval('(options) => axe.run(document, JSON.parse(options))') as (
    options: string,
  ) => Promise<AxeResults>;
  const { violations } = await run(JSON.stringify(OPTIONS));
  window.close();
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html: at }) => at).join(' ')}`);
}
