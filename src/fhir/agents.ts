import { lookup as systemLookup } from 'node:dns';
import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isWithinReach } from './addresses.ts';
import type { NetworkReach } from './network-reach.ts';

/** Connections to one server at the same time; Node has no bound, and an EHR has other callers. */
const MAX_SOCKETS = 64;
/** Shorter than the usual servers and balancers keep a connection that they say nothing about. */
const IDLE_MS = 15_000;

/** Where a request goes, as the one who sends it has understood the URL. */
export interface Target {
  readonly protocol: string | null;
  readonly hostname: string | null;
}

/** The connections to FHIR servers. */
export interface Agents {
  /**
   * Makes the connections to `target`. `kept`: they are kept for the next request; `fresh`: each is new and used once.
   *
   * @throws {BlockedAddress} if the host is an address beyond the reach. A name is judged by what it resolves to, by each
   * connection anew, so that the connection fails with this error.
   */
  agentFor(target: Target, reach: NetworkReach, connections: 'kept' | 'fresh'): HttpAgent;
}

/** A connection that was not made, since it would have led to an address that may not be asked. Says nothing of either. */
class BlockedAddress extends Error {
  override readonly name = 'BlockedAddress';
  /** node-fetch hands on the code of an error and not its class. */
  readonly code = 'ERR_BLOCKED_ADDRESS';

  constructor() {
    super('Beyond the reach of the network');
  }
}

/** Has a connection come to nothing for its address? Also of errors that have been wrapped on the way. */
export function isBlocked(error: object): boolean {
  return 'code' in error && error.code === new BlockedAddress().code;
}

/**
 * One pool of connections for each reach: one that was made for a client must not serve another with less of it. A kept
 * connection that nobody uses is closed after `idleMs`.
 */
export function createAgents(lookup: LookupFunction = systemLookup, idleMs: number = IDLE_MS): Agents {
  const agents = new Map<string, HttpAgent>();
  return {
    agentFor({ protocol, hostname }, reach, connections) {
      // Of an address no lookup is made. The host is without the brackets of an IPv6 address here, as the socket gets it.
      if (hostname !== null && isIP(hostname) !== 0 && !isWithinReach(hostname, reach)) throw new BlockedAddress();

      const key = JSON.stringify([protocol, reach, connections]);
      const known = agents.get(key);
      if (known !== undefined) return known;
      const options: AgentOptions = {
        keepAlive: connections === 'kept',
        maxSockets: MAX_SOCKETS,
        timeout: idleMs,
        lookup: guardedLookup(lookup, reach),
      };
      const made = protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
      agents.set(key, made);
      return made;
    },
  };
}

/**
 * Resolves a name for the connection itself, so that nobody can let it mean something else in between (DNS rebinding). One
 * address out of reach, and the name is blocked: whoever mixes them hopes for the second attempt.
 */
export function guardedLookup(lookup: LookupFunction, reach: NetworkReach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : found?.map(({ address }) => address);
      if (error !== null || addresses?.every((address) => isWithinReach(address, reach)))
        callback(error, found, family);
      else callback(new BlockedAddress(), []);
    });
  };
}
