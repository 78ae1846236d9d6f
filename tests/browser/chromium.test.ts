import { expect, test } from '@jest/globals';
import { findChromium } from '../support/browser.ts';

test('the browser that CHROMIUM_PATH names is taken, and no other in its place', () => {
  const everything = () => true;
  expect(findChromium({ CHROMIUM_PATH: '/opt/chrome' }, 'linux', everything)).toBe('/opt/chrome');
  const allButThat = (path: string) => path !== '/opt/chrome';
  expect(findChromium({ CHROMIUM_PATH: '/opt/chrome' }, 'linux', allButThat)).toBeUndefined();
});

test.each([
  ['linux', '/usr/bin/chromium-browser'],
  ['darwin', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  ['win32', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
] as const)('on %s the one that is there is found', (platform, path) => {
  expect(findChromium({}, platform, (asked) => asked === path)).toBe(path);
  expect(findChromium({ CHROMIUM_PATH: '' }, platform, (asked) => asked === path)).toBe(path);
});

test('none where there is none, or the platform is unknown', () => {
  expect(findChromium({}, 'linux', () => false)).toBeUndefined();
  expect(findChromium({}, 'aix', () => true)).toBeUndefined();
});
