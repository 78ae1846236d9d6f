import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { JSDOM } from 'jsdom';
import { ASSETS_VERSION } from '../../../src/ehr-demo/web/assets.ts';
import { chartWith, SILENT, sessionWith } from './page-states.ts';
import { type ServedPages, servePages } from './served-pages.ts';

/** Breaks out of text, of attributes with either quote, of comments and of templates. */
const HOSTILE =
  '</title></script></pre>"\'--><img src=x onerror=alert(1)><script>alert(1)</script>{{ 7 | times: 6 }}{% raw %}';

/** What of a DOM is looked at here. */
interface Page {
  querySelectorAll(selector: string): Iterable<{
    readonly src: string;
    readonly textContent: string;
    readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  }>;
  readonly body: { readonly textContent: string };
}

let pages: ServedPages;

beforeAll(async () => {
  pages = await servePages(chartWith(HOSTILE));
});
afterAll(() => pages.close());

describe.each(['/patients/ada?answered', '/calls/exchange-0', '/'])('hostile texts in every field of %s', (path) => {
  test.each([
    ['with feedback', {}],
    ['without', { character: SILENT }],
  ])('stay texts in an EHR %s', async (_what, more) => {
    pages.ehr.see({ ...sessionWith(HOSTILE), ...more });
    const { status, text } = await pages.get(path);
    expect(status).toBe(200);
    const { document } = new JSDOM(text).window as { document: Page };
    expect([...document.querySelectorAll('img, iframe, object, style')]).toEqual([]);
    expect([...document.querySelectorAll('script')].map(({ src, textContent }) => [src, textContent])).toEqual([
      [`/demo/assets/${ASSETS_VERSION}/htmx.js`, ''],
      [`/demo/assets/${ASSETS_VERSION}/demo.js`, ''],
    ]);
    const attributes = [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes]);
    expect(attributes.filter(({ name }) => /^(?:on|style)/.test(name))).toEqual([]);
    const addresses = attributes.filter(({ name }) => ['href', 'src', 'action', 'hx-post', 'hx-get'].includes(name));
    for (const { value } of addresses) expect(value).toMatch(/^(?:\/demo|https?:\/\/|#)/);
    // The texts are there all the same, as they are.
    expect(document.body.textContent).toContain(path === '/' ? HOSTILE.slice(0, 40) : HOSTILE);
  });
});
