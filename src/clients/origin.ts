const ORIGIN = /^https?:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3})$/;

/**
 * What keeps a text from being one origin in a Content-Security-Policy; undefined: nothing. It has to stand there as it is:
 * a host may hold `;` and `*` for the URL parser, where a policy would take the one for its next directive and the other for everybody.
 */
export function originFault(text: string, isProduction: boolean): string | undefined {
  if (!isPolicyOrigin(text))
    return 'must be an origin as browsers write it, like https://login.example.org: no path, wildcard, user, default port or upper case';
  const { protocol, hostname } = new URL(text);
  if (protocol === 'https:') return undefined;
  if (isProduction) return 'must be https in production';
  return LOOPBACK.test(hostname) ? undefined : 'must be https, unless it is this very machine';
}

/** Can it be named in a Content-Security-Policy, and mean itself alone? */
export function isPolicyOrigin(text: string): boolean {
  return ORIGIN.test(text) && URL.parse(text)?.origin === text;
}
