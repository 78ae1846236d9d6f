import { expect, test } from '@jest/globals';
import { cardSettings, serviceVersion } from '../src/card-settings.ts';
import { loadGuidelines } from '../src/guidelines.ts';

const OVERLAY = 'fixtures/overlays/general-hospital';

test('whatever decides which cards are shown makes another digest, and nothing else does', () => {
  const guidelines = loadGuidelines({});
  const [plain, again] = [cardSettings(guidelines, 4), cardSettings(loadGuidelines({}), 4)];
  expect(again).toBe(plain);
  const site = loadGuidelines({ overlayDir: OVERLAY });
  const ofClient = { ...guidelines, ofClients: [{ client: 'General Hospital', guideline: site.standard }] };
  const others = [cardSettings(guidelines, 5), cardSettings(site, 4), cardSettings(ofClient, 4)];
  expect(new Set([plain, ...others]).size).toBe(4);
});

test('the version is that of the package', () => {
  expect(serviceVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});
