import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JSDOM } from 'jsdom';
import { h, render } from 'preact';
import { copyTextOf } from '../../../src/smart-app/note/copy.ts';
import { Note } from '../../../src/smart-app/note/note.tsx';
import { noteOf } from '../../../src/smart-app/note/note-text.ts';
import type { Situation } from '../../../src/smart-app/situation.ts';
import { situationOf } from '../header/situation-of.ts';

describe('The panel with the note', () => {
  const dom = new JSDOM('<!doctype html><main></main>');
  const document = dom.window.document;
  const written: string[] = [];
  const before = { document: globalThis.document, navigator: Object.getOwnPropertyDescriptor(globalThis, 'navigator') };

  beforeEach(() => {
    written.length = 0;
    globalThis.document = document;
    allowCopying();
  });

  afterEach(() => {
    render(null, root());
    globalThis.document = before.document;
    if (before.navigator !== undefined) Object.defineProperty(globalThis, 'navigator', before.navigator);
  });

  afterAll(() => dom.window.close());

  test('shows the note, and copies exactly that', async () => {
    const situation = await situationOf('on-atezolizumab-lung-bone');
    show(situation);
    expect(root().querySelector('pre')?.textContent).toBe(noteOf(situation));
    await press();
    expect(written).toEqual([noteOf(situation)]);
    expect(said()).toBe('Copied.');
  });

  test('selects the note and says which keys copy it where the frame may not', async () => {
    forbidCopying();
    const situation = await situationOf('on-atezolizumab-lung-bone');
    show(situation);
    await press();
    expect(document.getSelection()?.toString()).toBe(noteOf(situation));
    expect(said()).toMatch(/press Ctrl\+C/);
  });

  test('does not call a note copied that has changed since', async () => {
    show(await situationOf('on-atezolizumab-lung-bone', { pending: ['encounters'] }));
    expect(root().textContent).toContain('Still reading: Encounter.');
    expect(root().querySelector('button')?.textContent).toBe('Copy the note as it is so far');
    await press();
    expect(said()).toBe('Copied.');
    show(await situationOf('on-atezolizumab-lung-bone'));
    expect(said()).toBe('');
    expect(root().querySelector('button')?.textContent).toBe('Copy the note');
  });

  test('copies by the old command where the frame has no clipboard', async () => {
    Object.defineProperty(globalThis, 'navigator', { configurable: true, value: {} });
    const commands: string[] = [];
    const copying = Object.assign(document, { execCommand: (command: string) => commands.push(command) > 0 });
    const element = copying.createElement('pre');
    element.textContent = 'text';
    root().append(element);
    expect(await copyTextOf(element)).toBe('copied');
    expect(commands).toEqual(['copy']);
    expect(document.getSelection()?.toString()).toBe('text');
    Reflect.deleteProperty(document, 'execCommand');
    expect(await copyTextOf(element)).toBe('selected');
    element.remove();
  });

  function root(): HTMLElement {
    const element = document.querySelector('main');
    if (element === null) throw new Error('no root');
    return element;
  }

  function show(situation: Situation): void {
    render(h(Note, { situation }), root());
  }

  function said(): string | null | undefined {
    return root().querySelector('[role=status]')?.textContent;
  }

  /** Until Preact has shown what came of it. */
  async function press(): Promise<void> {
    root().querySelector('button')?.click();
    for (let turn = 0; turn < 2000 && said() === ''; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  function allowCopying(): void {
    const clipboard = { writeText: async (text: string) => void written.push(text) };
    Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { clipboard } });
  }

  function forbidCopying(): void {
    const clipboard = { writeText: async () => Promise.reject(new Error('NotAllowedError')) };
    Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { clipboard } });
  }
});
