const NAME = 'demo-session';

/** The id of the session that a browser names; undefined: it names none. */
export function sessionIdIn(cookies: string | undefined): string | undefined {
  return cookies
    ?.split(';')
    .map((cookie) => cookie.trim())
    .find((cookie) => cookie.startsWith(`${NAME}=`))
    ?.slice(NAME.length + 1);
}

/** For the demo's pages alone, kept from scripts and from forms of other sites; a link from one leads to the same session. */
export function sessionCookie(id: string, path: string, isSecure: boolean): string {
  return `${NAME}=${id}; Path=${path}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
}
