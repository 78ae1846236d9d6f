import { isIP } from 'node:net';
import { isWithinReach, privateNetworkFault } from '../fhir/addresses.ts';
import { isAllowedFhirServer } from '../fhir/allow-list.ts';
import type { NetworkReach } from '../fhir/network-reach.ts';
import { isPlainHttpUrl, isUnderBase, serverKey, urlUnderBase } from '../fhir/server-base.ts';
import type { Problem } from './problem.ts';
import { isNew } from './uniqueness.ts';

/** A client as far as something of it may be asked. */
export interface RegisteredServers {
  readonly fhirServers: readonly string[];
  readonly prefetch: 'full' | 'lean';
  /** Networks (CIDR) of private addresses that they may have in production. */
  readonly privateAddresses: readonly string[];
}

/** To which addresses the client's servers may lead: in production to public ones, and to the private ones it names. */
export function reachOf(privateAddresses: readonly string[], isProduction: boolean): NetworkReach {
  return isProduction ? { kind: 'public', besides: privateAddresses } : { kind: 'any' };
}

/** FHIR servers that could not be asked, or not without being overheard (CH-31, CH-87, CH-152). */
export function serverProblems(
  { fhirServers, prefetch, privateAddresses }: RegisteredServers,
  isProduction: boolean,
  problem: Problem,
): readonly string[] {
  const servers = new Set<string>();
  const lean =
    prefetch === 'lean' && fhirServers.length === 0
      ? [problem(['prefetch'], 'lean needs fhirServers: the rest is read from there')]
      : [];
  const networks = privateAddresses.flatMap((network, index) => {
    const fault = privateNetworkFault(network);
    return fault === undefined ? [] : [problem(['privateAddresses', index], fault)];
  });
  // What lies in a network that is none cannot be said: first things first.
  const reach = reachOf(privateAddresses, isProduction && networks.length === 0);
  return [
    ...lean,
    ...networks,
    ...fhirServers.flatMap((url, index) => {
      const fault = baseUrlFault(url, isProduction) ?? addressFault(url, reach);
      if (fault !== undefined) return [problem(['fhirServers', index], fault)];
      return isNew(servers, serverKey(url) ?? url) ? [] : [problem(['fhirServers', index], 'is there twice')];
    }),
  ];
}

function baseUrlFault(url: string, isProduction: boolean): string | undefined {
  if (!isPlainHttpUrl(url)) return 'must be a FHIR base URL: http or https, and no query';
  const { protocol, pathname } = new URL(url);
  if (isProduction && protocol !== 'https:') return 'must be https in production';
  // Dots that lead up, and what has to be encoded: the operator reads another address than the one that is asked.
  if (pathname !== writtenPath(url)) return `must be written as it is asked: its path is ${pathname}`;
  return canBeAsked(url) ? undefined : 'could not be asked: no address lies below it';
}

/** Of a host that is an address, or this very machine. What another name leads to is seen when it is asked. */
function addressFault(url: string, reach: NetworkReach): string | undefined {
  if (reach.kind === 'any') return undefined;
  const { hostname } = new URL(url);
  const address = hostname.replace(/^\[|\]$/g, '');
  if (/(?:^|\.)localhost\.?$/.test(hostname)) return 'is this very machine: not in production';
  if (isIP(address) === 0 || isWithinReach(address, reach)) return undefined;
  return 'is no public address: not in production, unless it is in privateAddresses';
}

/** By the very functions that decide it when a call comes. */
function canBeAsked(url: string): boolean {
  return (
    isAllowedFhirServer(url, { mode: 'listed', servers: [url] }) &&
    isUnderBase(url, url) &&
    urlUnderBase('Patient/1', url) !== undefined
  );
}

function writtenPath(url: string): string {
  const path = url.indexOf('/', url.indexOf('//') + 2);
  return path === -1 ? '/' : url.slice(path);
}
