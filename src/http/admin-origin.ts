import type { IncomingHttpHeaders } from 'node:http';

/**
 * May this request sign in or out? Not if a browser says that a page of another origin sends it, be it another port of the same
 * machine (CSRF). What is no browser says nothing of it, and has no session to lose.
 */
export function isFromOwnPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  // `none`: the person, who typed or reloaded.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  return origin === undefined || URL.parse(origin)?.host === host;
}
