import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { focusOf, settledFocusOf } from '../support/page-accessibility.ts';
import { cardsShown, draftsShown, MONA, section, told } from './chart-page.ts';
import { describeDemo } from './demo-visits.ts';

/** More stops than any page has. */
const MOST_STOPS = 200;

/** Presses Tab until the focus is there. It can be seen at each stop on the way. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const stops: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one key after the other, as a person presses them
    await page.keyboard.press('Tab');
    // oxlint-disable-next-line no-await-in-loop -- as above
    const focus = await focusOf(page);
    stops.push(focus.name);
    // Behind the last stop comes the browser itself, and then the first.
    if (focus.name !== '' && !focus.visible) throw new Error(`the focus on ${focus.name} cannot be seen`);
    if (name.test(focus.name)) return;
  }
  throw new Error(`${name} was not reached: ${stops.join(', ')}`);
}

describeDemo('with the keyboard alone', ({ open }) => {
  test('a chart is opened, a suggestion accepted, an order picked, held and signed, and the focus is always there to be seen', async () => {
    const { page } = await open();
    await page.goto('/demo');
    await tabTo(page, /^link "Testcase, Mona"/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: MONA.name }).waitFor();
    await told(page, /\d cards?:/);

    await tabTo(page, /^button "Accept: Order MRI brain/);
    await page.keyboard.press('Space');
    await told(page, /^Accepted: Order MRI brain/);
    // The button is gone: the reader stands at what became of it.
    expect(await settledFocusOf(page)).toEqual({
      name: expect.stringMatching(/^heading "No brain MRI found/),
      visible: true,
    });

    await tabTo(page, /^combobox "New order"/);
    await page.keyboard.type('Doxo');
    await tabTo(page, /^button "Add order"/);
    await page.keyboard.press('Enter');
    await told(page, /^Picked: Doxorubicin/);
    expect(await settledFocusOf(page)).toEqual({ name: 'button "Add order"', visible: true });
    expect((await cardsShown(page))[0]).toMatch(/^WARNING ASPS responds little to doxorubicin/);

    await tabTo(page, /^button "Sign 2 orders"/);
    await page.keyboard.press('Enter');
    await told(page, /^Not signed yet/);
    expect(await settledFocusOf(page)).toEqual({ name: 'button "Check again and sign"', visible: true });
    await tabTo(page, /^button "Sign anyway"/);
    await page.keyboard.press('Space');
    await told(page, /^Signed: 2 orders/);
    expect(await settledFocusOf(page)).toEqual({ name: expect.stringMatching(/^status/), visible: true });
    expect(await draftsShown(page)).toEqual([]);
  });

  test('a card is dismissed with a reason, a draft removed, a call opened', async () => {
    const { page } = await open();
    await page.goto(`/demo/patients/${MONA.id}`);
    await told(page, /\d cards?:/);
    const [, next = ''] = await cardsShown(page);

    await tabTo(page, /Dismiss…/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^combobox "Reason"/);
    await page.keyboard.press('ArrowDown');
    await tabTo(page, /^textbox "Comment"/);
    await page.keyboard.type('done elsewhere');
    await tabTo(page, /^button "Dismiss card"/);
    await page.keyboard.press('Enter');
    await told(page, /^Dismissed/);
    // On to the next card.
    const focus = await settledFocusOf(page);
    expect([focus.visible, focus.name]).toEqual([true, `heading "${next.replace(/^\w+ /, '')}" [level=3]`]);

    await tabTo(page, /^combobox "New order"/);
    await page.keyboard.type('CT');
    await page.keyboard.press('Enter');
    await tabTo(page, /^button "Add order"/);
    await page.keyboard.press('Enter');
    await told(page, /^Picked: CT/);
    await tabTo(page, /^button "Remove /);
    await page.keyboard.press('Enter');
    await told(page, /^The order is removed/);
    expect((await settledFocusOf(page)).name).toMatch(/^heading "To be signed"/);

    await tabTo(page, /feedback/);
    await page.keyboard.press('Enter');
    const call = section(page, 'Calls, for the integrator').getByRole('region', { name: 'Request body' });
    await call.waitFor();
    expect(await call.innerText()).toContain('"outcome": "overridden"');
    await tabTo(page, /^region "Request body"/);
  });
});
