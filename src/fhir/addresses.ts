import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { NetworkReach } from './network-reach.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What addresses within a hospital are taken from: RFC 1918, RFC 6598 and RFC 4193. */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];
/** All of IPv6 that is given out (RFC 4291, 2.4). ipaddr.js calls the rest unicast, and `::127.0.0.1` is in it. */
const GLOBAL_IPV6 = '2000::/3';

/**
 * Leads a machine of Azure to the host that it runs on, which hands out settings and certificates by plain HTTP to whoever asks
 * from there. The address lies in a public range.
 */
const AZURE_HOST = '168.63.129.16';

/** May a connection lead to this address? False for what is no address. */
export function isWithinReach(address: string, reach: NetworkReach): boolean {
  if (reach.kind === 'any') return true;
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  // Loopback and link-local are private to nobody: they stay shut whatever the operator has vouched for.
  return isPublic(parsed) || (isAmong(parsed, PRIVATE_NETWORKS) && isAmong(parsed, reach.besides));
}

/** Why addresses in this network (CIDR) cannot be vouched for; undefined if they can. */
export function privateNetworkFault(network: string): string | undefined {
  const [first = '', bits = '', ...rest] = network.split('/');
  if (isIP(first) === 0 || !/^\d{1,3}$/.test(bits) || rest.length > 0 || !ipaddr.isValidCIDR(network))
    return 'must be a network such as 10.20.0.0/16';
  const [address, length] = ipaddr.parseCIDR(network);
  const isInside = PRIVATE_NETWORKS.some((each) => isIn(address, each) && length >= ipaddr.parseCIDR(each)[1]);
  return isInside ? undefined : `must lie in ${PRIVATE_NETWORKS.join(', ')}`;
}

// Mapped, translated and tunnelled IPv4 (::ffff:0:0/96, 64:ff9b::/96, 2002::/16 …) has ranges of its own, none of them unicast.
function isPublic(address: Address): boolean {
  if (address.toString() === AZURE_HOST) return false;
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || isIn(address, GLOBAL_IPV6));
}

function isAmong(address: Address, networks: readonly string[]): boolean {
  return networks.some((network) => isIn(address, network));
}

/** ipaddr.js throws when the two are of different kinds. */
function isIn(address: Address, network: string): boolean {
  const [first, length] = ipaddr.parseCIDR(network);
  return address.kind() === first.kind() && address.match(first, length);
}
