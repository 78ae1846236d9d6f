import { expect, test } from '@jest/globals';
import { isOwnHost } from '../../src/ehr-demo/own-host.ts';

const HERE = 'http://127.0.0.1:3000';

test.each(['127.0.0.1:3000', 'localhost:3000', 'LOCALHOST', '127.0.0.2', '[::1]:3000', '10.0.0.5:80'])(
  '%s is us',
  (host) => {
    expect(isOwnHost(host, HERE)).toBe(true);
  },
);

test.each([
  undefined,
  '',
  ' ',
  'evil.example:3000',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example@127.0.0.1@evil.example',
  'a b',
  '[::1',
])('%j is somebody else, whatever address it leads to', (host) => {
  expect(isOwnHost(host, HERE)).toBe(false);
});

test('the public name is ours', () => {
  expect(isOwnHost('cds.ward.example:8443', 'https://cds.ward.example')).toBe(true);
  expect(isOwnHost('ward.example', 'https://cds.ward.example')).toBe(false);
});
