import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { JSDOM } from 'jsdom';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { OpenRecordContext } from '../../../src/smart-app/parts/records.tsx';
import { Timeline } from '../../../src/smart-app/timeline/timeline.tsx';
import { situationOf } from '../header/situation-of.ts';

const window = windowOf('<!doctype html><main></main>');
const { document } = window;
const BROWSER = ['document', 'Element', 'HTMLElement'] as const;
let opened: string[] = [];

beforeEach(async () => {
  for (const name of BROWSER) Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
  const situation = await situationOf('progressed-on-both');
  await act(() =>
    render(
      <OpenRecordContext.Provider value={(reference) => opened.push(reference)}>
        <Timeline situation={situation} />
      </OpenRecordContext.Provider>,
      one('main'),
    ),
  );
});

afterEach(async () => {
  await act(() => render(null, one('main')));
  for (const name of BROWSER) Reflect.deleteProperty(globalThis, name);
  opened = [];
});

afterAll(() => window.close());

function windowOf(html: string) {
  const { defaultView } = new JSDOM(html).window.document;
  if (defaultView === null) throw new Error('a document without a window');
  return defaultView;
}

function one(selector: string): Element {
  const found = document.querySelector(selector);
  if (found === null) throw new Error(`nothing fits ${selector}`);
  return found;
}

const status = () => one('[role=status]').textContent;
const press = (key: string, more = {}) =>
  act(() => void one('.timeline-figure').dispatchEvent(new window.KeyboardEvent('keydown', { key, ...more })));
const click = (name: string) =>
  act(() => {
    const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name);
    button?.click();
  });
const mouse = (type: string, clientX: number, buttons: number) =>
  act(() => void one('.timeline-figure').dispatchEvent(new window.MouseEvent(type, { clientX, buttons, button: 0 })));

const ALL = 'Showing 2023-01 to 2027-01';

test('keys zoom and pan while the picture has the focus, and Home shows all of it', async () => {
  expect(status()).toBe(ALL);
  await press('+');
  expect(status()).toBe('Showing 2024-01 to 2026-01');
  await press('ArrowRight');
  expect(status()).toBe('Showing 2024-07 to 2026-07');
  await press('ArrowLeft');
  await press('-');
  expect(status()).toBe(ALL);
  await press('+');
  await press('Home');
  expect(status()).toBe(ALL);
});

test('a key with a modifier is the browser’s', async () => {
  await press('+', { ctrlKey: true });
  expect(status()).toBe(ALL);
});

test('buttons do the same, and those that could do nothing are off', async () => {
  await click('Earlier');
  expect(status()).toBe(ALL);
  await click('Zoom in');
  await click('Zoom in');
  await click('Earlier');
  expect(status()).toBe('Showing 2024-04 to 2025-04');
  await click('Later');
  await click('Zoom out');
  expect(status()).toBe('Showing 2024-01 to 2026-01');
  await click('All');
  expect(status()).toBe(ALL);
});

test('dragging to the right shows earlier days, and its click opens nothing', async () => {
  await press('+');
  await mouse('pointerdown', 600, 1);
  await mouse('pointermove', 700, 1);
  expect(status()).not.toBe('Showing 2024-01 to 2026-01');
  expect(status()).toMatch(/^Showing 2023-/);
  await act(() => void one('.timeline-figure .timeline-event').dispatchEvent(new window.MouseEvent('click')));
  expect(opened).toEqual([]);
});

test('the wheel zooms with the control key alone', async () => {
  const wheel = (ctrlKey: boolean) =>
    act(() => void one('.timeline-figure').dispatchEvent(new window.WheelEvent('wheel', { deltaY: -240, ctrlKey })));
  await wheel(false);
  expect(status()).toBe(ALL);
  await wheel(true);
  expect(status()).not.toBe(ALL);
});

test('a click on an event opens its newest record', async () => {
  await mouse('pointerdown', 600, 1);
  const marks = document.querySelectorAll('.timeline-figure .timeline-event');
  await act(() => void marks[0]?.dispatchEvent(new window.MouseEvent('click')));
  expect(opened).toEqual(['Condition/progressed-on-both-asps']);
});

test('the table takes the place of the picture, and its rows open their records', async () => {
  await click('Table');
  expect(document.querySelector('.timeline-figure')).toBeNull();
  expect(one('table').closest('.timeline-print')).toBeNull();
  await act(() => void one('table button').dispatchEvent(new window.MouseEvent('click', { bubbles: true })));
  expect(opened).toEqual(['Condition/progressed-on-both-asps']);
});
