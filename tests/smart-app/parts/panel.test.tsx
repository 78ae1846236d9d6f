import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JSDOM } from 'jsdom';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { type Fetched, Lazy } from '../../../src/smart-app/parts/lazy.tsx';
import { Panel } from '../../../src/smart-app/parts/panel.tsx';

let root: Element;

beforeEach(() => {
  const { window } = new JSDOM('<!doctype html><main></main>');
  Object.assign(globalThis, { document: window.document, window });
  const [main] = window.document.getElementsByTagName('main');
  if (main === undefined) throw new Error('no main');
  root = main;
});
afterEach(() => {
  render(null, root);
  for (const name of ['document', 'window']) Reflect.deleteProperty(globalThis, name);
});

function Fragile({ isSound }: { readonly isSound: boolean }) {
  if (!isSound) throw new Error('a patient’s own words');
  return <p>whole</p>;
}

function Screen({ isSound }: { readonly isSound: boolean }) {
  return (
    <>
      <Panel id="one" title="Timeline">
        <Fragile isSound={isSound} />
      </Panel>
      <Panel id="two" title="Pathway">
        <p>step 1</p>
      </Panel>
    </>
  );
}

/** All that was waiting for a promise has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function show(isSound: boolean) {
  await act(() => render(<Screen isSound={isSound} />, root));
}

describe('a panel that cannot be made', () => {
  test('says so under its own title, and the others stand', async () => {
    await show(false);
    const [one, two] = root.querySelectorAll('section');
    expect(one?.querySelector('h2')?.textContent).toBe('Timeline');
    expect(one?.querySelector('[role=alert]')?.textContent).toMatch(/^“Timeline” could not be made of this chart/);
    expect(two?.textContent).toContain('step 1');
  });

  test('shows nothing of what went wrong', async () => {
    await show(false);
    expect(root.textContent).not.toContain('a patient’s own words');
  });

  test('is tried again with what comes next', async () => {
    await show(false);
    await show(true);
    expect(root.textContent).toContain('whole');
    expect(root.querySelector('[role=alert]')).toBeNull();
    await show(false);
    expect(root.querySelector('[role=alert]')).not.toBeNull();
  });
});

describe('what has to be fetched', () => {
  async function fetched(answers: readonly Fetched<string>[]) {
    const left = [...answers];
    const load = () => Promise.resolve(left.shift() ?? { failed: true as const });
    await act(() =>
      render(
        <Lazy name="The evidence" id="evidence" title="Evidence" load={load}>
          {(content) => <p>{content}</p>}
        </Lazy>,
        root,
      ),
    );
  }

  test('is shown once it is there', async () => {
    await fetched([{ content: 'figures' }]);
    expect(root.textContent).toBe('figures');
  });

  test('says in its own panel that it cannot be had, and is had when it is asked for again', async () => {
    await fetched([{ failed: true }, { content: 'figures' }]);
    expect(root.querySelector('#evidence-title')?.textContent).toBe('Evidence');
    expect(root.querySelector('[role=alert]')?.textContent).toMatch(/^The evidence could not be fetched/);
    await act(() => root.querySelector('button')?.click());
    await act(settled);
    expect(root.textContent).toBe('figures');
  });
});
