// Scheme, authority and path. `@` in the authority would be user information.
const PLAIN_HTTP_URL = /^https?:\/\/[^\s/?#@\\]+(?:\/[^\s?#\\]*)?$/i;

/**
 * Is it an absolute http or https URL, without user information, query and fragment, and written as one? Stricter than the
 * WHATWG parser, which repairs backslashes, tabs and missing slashes: what needs repair was not meant as a base URL (CH-87).
 */
export function isPlainHttpUrl(text: string): boolean {
  return PLAIN_HTTP_URL.test(text) && URL.canParse(text);
}

/**
 * The absolute URL of `reference`, read relative to the FHIR base URL as FHIR does: `Patient/1` under `https://h/r4` is
 * `https://h/r4/Patient/1`. `undefined` if it is no URL or does not lie under the base.
 */
export function urlUnderBase(reference: string, base: string): string | undefined {
  const url = reference === '' ? null : URL.parse(reference, withSlash(base));
  if (url === null) return undefined;
  url.hash = '';
  // Tomcat and others answer 400 to a bare `|`, which the URL parser leaves alone.
  url.search = url.search.replaceAll('|', '%7C');
  return isUnderBase(url.href, base) ? url.href : undefined;
}

/**
 * Does `url` lie at or under the FHIR base URL: same scheme, host and port, and its path below the base's (CH-87)?
 * HAPI's next links are the base itself with a query, so that the base counts.
 */
export function isUnderBase(url: string, base: string): boolean {
  const target = URL.parse(url);
  const root = URL.parse(withSlash(base));
  if (target === null || root === null) return false;
  if (target.origin !== root.origin || target.username !== '' || target.password !== '') return false;
  // An encoded slash or backslash is opaque to us and a path separator to some servers: `/r4/..%2fadmin`.
  if (/%2f|%5c/i.test(target.pathname)) return false;
  return `${target.pathname}/` === root.pathname || target.pathname.startsWith(root.pathname);
}

/** A FHIR base URL in the one form in which two of them are compared; undefined if it is none. */
export function serverKey(url: string): string | undefined {
  const href = URL.parse(url)?.href;
  if (href === undefined) return undefined;
  // No pattern: the text is a caller's, and a run of slashes would take its time.
  let end = href.length;
  while (href[end - 1] === '/') end -= 1;
  return href.slice(0, end);
}

function withSlash(base: string): string {
  return base.endsWith('/') ? base : `${base}/`;
}
