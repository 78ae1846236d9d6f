import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { render } from 'preact-render-to-string';
import { escapeMarkdown } from '../../../src/guideline/escape.ts';
import { Markdown, OutsideLink } from '../../../src/smart-app/recommendations/markdown-view.tsx';

test('paragraphs, lists, strong, emphasis and links are shown as what they are', () => {
  const text = 'Consider **an MRI**, *soon*.\n\n- one\n- [two](https://example.org/a)';
  expect(render(<Markdown text={text} />)).toBe(
    '<p>Consider <strong>an MRI</strong>, <em>soon</em>.</p>' +
      '<ul><li>one</li><li><a href="https://example.org/a" target="_blank" rel="noreferrer">two</a></li></ul>',
  );
});

test.each(['javascript:alert(1)', 'data:text/html,x', '//attacker.example', 'ftp://attacker.example', 'Http:x'])(
  '%s is no link',
  (url) => {
    expect(render(<OutsideLink url={url}>read</OutsideLink>)).toBe('read');
  },
);

test('escaped chart text comes out as text alone, and adds no element', () => {
  const { document } = new JSDOM('<main></main>').window;
  const main = document.querySelector('main');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('<img src=x onerror=alert(1)>', '[a](http://b)', '**c**'),
      ),
      (text) => {
        main?.replaceChildren();
        main?.insertAdjacentHTML('beforeend', render(<Markdown text={`Before ${escapeMarkdown(text)} after`} />));
        const names = [...(main?.querySelectorAll('*') ?? [])].map(({ localName }) => localName);
        expect(names).toEqual(['p']);
      },
    ),
  );
});
