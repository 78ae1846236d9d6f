import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A file that the pages of the SMART app load. */
export interface Asset {
  /** Its ending, for the Content-Type. */
  readonly type: string;
  readonly content: string;
}

const FOLDER = fileURLToPath(new URL('../smart-app/', import.meta.url));
/** For browsers of today: without polyfills it is 19 kB. */
const FHIRCLIENT = createRequire(import.meta.url).resolve('fhirclient/build/fhir-client.pure.min.js');

/** By name. Read once, at start: what is not here is not served. */
export const SMART_APP_ASSETS: ReadonlyMap<string, Asset> = new Map([
  ...readdirSync(FOLDER).map((name): readonly [string, Asset] => [
    name,
    { type: name.slice(name.lastIndexOf('.') + 1), content: readFileSync(FOLDER + name, 'utf8') },
  ]),
  ['fhir-client.js', { type: 'js', content: readFileSync(FHIRCLIENT, 'utf8') }],
]);
