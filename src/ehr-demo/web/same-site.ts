import type { IncomingHttpHeaders } from 'node:http';

/**
 * May this request change something? Not if a browser says that another site's page sends it: another port of the same machine is
 * the same site to a cookie, and another origin all the same. What is no browser says nothing of it and may.
 */
export function isFromHere(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  // `none`: the person, who typed or reloaded.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
