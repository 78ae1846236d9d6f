import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** What a proxy adds, each of them a sign that the caller is somebody else than the one who is connected. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

/**
 * Does somebody on this very machine ask, by a name that means this machine? Not if a proxy here passes on what others ask, and not
 * under another name, which a page anywhere could have made point here (DNS rebinding).
 */
export function isFromThisMachine({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false;
  return isLoopback(socket.remoteAddress ?? '') && isLoopbackName(headers.host ?? '');
}

function isLoopbackName(host: string): boolean {
  const hostname = URL.parse(`http://${host}`)?.hostname.replaceAll(/[[\]]/g, '') ?? '';
  return hostname === 'localhost' || isLoopback(hostname);
}

function isLoopback(address: string): boolean {
  // `process`: an IPv4 address may come as an IPv6 one.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}
