import type { SmartAppBundle } from '../../src/pages/smart-app-bundle.ts';

/** An app of a few bytes, in place of the one that takes a moment to build. */
export const FAKE_BUNDLE: SmartAppBundle = {
  // Long enough to be worth compressing.
  appScript: { name: 'app-111.js', type: 'js', content: Buffer.from('// app\n'.repeat(500)) },
  appStyle: { name: 'app-222.css', type: 'css', content: Buffer.from('/* app */') },
  launchScript: { name: 'launch-333.js', type: 'js', content: Buffer.from('// launch') },
  launchStyle: { name: 'launch-444.css', type: 'css', content: Buffer.from('/* launch */') },
  fhirclient: { name: 'fhir-client-555.js', type: 'js', content: Buffer.from('// fhirclient') },
};
