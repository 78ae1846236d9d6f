import { describe, expect, test } from '@jest/globals';
import { isWithinReach } from '../../src/fhir/addresses.ts';

const open = { kind: 'public', besides: [] } as const;

const NOT_PUBLIC: readonly (readonly [what: string, ...addresses: readonly string[]])[] = [
  ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  ['private', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ['unique local', 'fc00::1', 'fd00:ec2::254'],
  ['of a carrier', '100.64.0.1', '100.127.255.255', '100.100.100.200'],
  ['link-local', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  ['site-local', 'fec0::1'],
  ['multicast', '224.0.0.1', '239.255.255.255', 'ff02::1'],
  ['of the host of a machine', '168.63.129.16', '::ffff:168.63.129.16'],
  ['broadcast and reserved', '255.255.255.255', '240.0.0.1', '192.0.0.1', '192.0.0.192'],
  ['for benchmarks', '198.18.0.1', '198.19.255.255', '2001:2::1'],
  ['for documents', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  ['mapped IPv4', '::ffff:10.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0a00:0001'],
  ['compatible IPv4', '::127.0.0.1', '::7f00:1', '::a00:1'],
  ['translated IPv4', '64:ff9b::a00:1', '64:ff9b::10.0.0.1', '64:ff9b:1::a00:1', '::ffff:0:10.0.0.1'],
  ['6to4', '2002:a00:1::', '2002:7f00:1::1'],
  ['Teredo', '2001::1', '2001:0:a00:1::'],
  ['given out to nobody', '100::1', '4000::1', '5f00::1', 'f000::1', '::ffff:a00:1:0'],
];

describe('the public reach ends before an address that is', () => {
  test.each(NOT_PUBLIC.flatMap(([what, ...addresses]) => addresses.map((address) => [what, address] as const)))(
    '%s: %s',
    (_what, address) => {
      expect(isWithinReach(address, open)).toBe(false);
    },
  );
});

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.1',
  '172.32.0.1',
  '168.63.129.15',
  '168.63.129.17',
  '2606:4700:4700::1111',
  '2a00:1450::1',
])('a public address is within it: %s', (address) => {
  expect(isWithinReach(address, open)).toBe(true);
});

test.each(['', 'localhost', 'fhir.example.org', '127.1', '0x7f000001', '010.0.0.1', '8.8.8', '[2606:4700::1111]'])(
  'what is no address is not: %j',
  (text) => {
    expect(isWithinReach(text, open)).toBe(false);
  },
);

describe('a private network that the operator has vouched for', () => {
  const reach = { kind: 'public', besides: ['10.20.0.0/16', 'fd00:1::/32', '100.64.7.0/24'] } as const;

  test.each(['10.20.0.1', '10.20.255.255', 'fd00:1::1', '100.64.7.1', '8.8.8.8', '2606:4700::1'])(
    'is within reach: %s',
    (address) => {
      expect(isWithinReach(address, reach)).toBe(true);
    },
  );

  test.each([
    '10.21.0.1',
    '10.19.255.255',
    'fd00:2::1',
    '100.64.8.1',
    '192.168.0.1',
    '::ffff:10.20.0.1',
    '64:ff9b::10.20.0.1',
  ])('opens no other: %s', (address) => {
    expect(isWithinReach(address, reach)).toBe(false);
  });

  test.each([
    '127.0.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    '224.0.0.1',
    '::ffff:127.0.0.1',
  ])('never opens this machine, its host or this link, whatever is written: %s', (address) => {
    expect(isWithinReach(address, { kind: 'public', besides: ['0.0.0.0/0', '::/0'] })).toBe(false);
  });
});

test('outside production every address is within reach', () => {
  expect(isWithinReach('127.0.0.1', { kind: 'any' })).toBe(true);
});
