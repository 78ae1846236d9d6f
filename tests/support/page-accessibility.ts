import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const OPTIONS: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};

/** What axe-core finds wrong with a page as it is laid out and coloured now: each violation with the elements that it is about. */
export async function violationsIn(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, so that the page's security policy stays as strict as it is.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(OPTIONS)})`);
  return violations.map(
    ({ id, impact, help, nodes }) =>
      `${id} (${impact ?? 'no impact'}): ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`,
  );
}

/** By how many CSS pixels the page is wider than the window. */
export async function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Where the keyboard is. */
export interface Focus {
  /** As a screen reader says it, such as `button "Sign"`; empty when the focus is lost to the page itself. */
  readonly name: string;
  /** Can it be seen: outlined, on the screen, and not behind something else? */
  readonly visible: boolean;
}

const FOCUS = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body || at === document.documentElement) return { lost: true, visible: false };
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(at);
  const outlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 && outlineColor !== 'rgba(0, 0, 0, 0)';
  const { left, right, top, bottom } = at.getBoundingClientRect();
  const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
  const there = document.elementFromPoint(x, y);
  return { lost: false, visible: outlined && there !== null && (at.contains(there) || there.contains(at)) };
})()`;

/** A page may move the focus a moment after it has changed. */
export async function settledFocusOf(page: Page): Promise<Focus> {
  await page
    .locator(':focus')
    .waitFor({ state: 'attached' })
    .catch(() => undefined);
  return focusOf(page);
}

export async function focusOf(page: Page): Promise<Focus> {
  const { lost, visible } = await page.evaluate<{ lost: boolean; visible: boolean }>(FOCUS);
  if (lost) return { name: '', visible };
  const [name = ''] = (await page.locator(':focus').ariaSnapshot()).split('\n');
  // In quotes if there is a colon in it: it is a line of YAML.
  return {
    name: name
      .replace(/^- /, '')
      .replace(/:$/, '')
      .replace(/^'(.*)'$/, '$1'),
    visible,
  };
}
