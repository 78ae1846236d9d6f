import { isIP } from 'node:net';

/**
 * Is a request with this `Host` header for us? A foreign page can give its own name the address of this machine, and would then
 * be of one origin with the demo EHR (DNS rebinding); an address is nobody's name, and `localhost` nobody else's.
 */
export function isOwnHost(host: string | undefined, publicUrl: string): boolean {
  const url = host === undefined ? null : URL.parse(`http://${host}`);
  if (url === null) return false;
  const { hostname } = url;
  return (
    hostname === 'localhost' || hostname === new URL(publicUrl).hostname || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
  );
}
