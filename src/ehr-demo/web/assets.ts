import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Asset {
  readonly type: 'css' | 'js' | 'svg';
  readonly text: string;
}

const own = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** What a page of the demo loads, by name; all of it from here, so that it works without a network. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map<string, Asset>([
  ['demo.css', { type: 'css', text: own('demo.css') }],
  ['icon.svg', { type: 'svg', text: own('icon.svg') }],
  ['demo.js', { type: 'js', text: own('browser/demo.js') }],
  [
    'htmx.js',
    { type: 'js', text: readFileSync(createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js'), 'utf8') },
  ],
]);

/** Another one as soon as any of them is another: what has it in its address never changes. */
export const ASSETS_VERSION: string = createHash('sha256')
  .update(JSON.stringify([...ASSETS]))
  .digest('hex')
  .slice(0, 16);
