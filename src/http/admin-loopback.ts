import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** What proxies add, each of them a sign that the caller is somebody else than the one who is connected. */
const FORWARDED = /^(?:forwarded|via|cdn-loop|x-forwarded.*|x-original-.*|x-real-ip|(?:.+-)?(?:client|connecting)-ip)$/;
/** A host and a port; URL would read more into others, such as `evil.example@localhost`. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Does somebody on this very machine ask, by a name that means this machine? Not if a proxy here says that it passes on what others
 * ask – one that does not say so is not told apart –, and not under another name, which a page anywhere could have made point here
 * (DNS rebinding).
 */
export function isFromThisMachine({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  if (Object.keys(headers).some((name) => FORWARDED.test(name))) return false;
  return isLoopback(socket.remoteAddress ?? '') && isLoopbackName(headers.host ?? '');
}

function isLoopbackName(host: string): boolean {
  if (!HOST.test(host)) return false;
  const hostname = URL.parse(`http://${host}`)?.hostname.replaceAll(/[[\]]/g, '') ?? '';
  return hostname === 'localhost' || isLoopback(hostname);
}

function isLoopback(address: string): boolean {
  // `process`: an IPv4 address may come as an IPv6 one.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}
