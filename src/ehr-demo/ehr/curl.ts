import type { Exchange } from './exchange.ts';

export interface CurlOptions {
  /**
   * With the `Authorization` header as it was sent. Its JWT lives for five minutes and is good for one call, so that the same
   * command is refused as a replay; without the header a service in open mode answers.
   */
  readonly authorization: boolean;
}

/** Linux takes no argument of 128 KiB or more; quoting adds some, in UTF-8 bytes. */
const LONGEST_ARGUMENT = 100_000;

/** A command for a POSIX shell that sends the request of an exchange again: the headers that the EHR set, and the body byte by byte. */
export function curlOf({ request }: Exchange, { authorization }: CurlOptions): string {
  const { method, url, headers, body } = request;
  const sent = Object.entries(headers).filter(([name]) => authorization || name.toLowerCase() !== 'authorization');
  const isLong = body !== undefined && Buffer.byteLength(quoted(body)) > LONGEST_ARGUMENT;
  const command = [
    // curl would expand brackets and braces.
    `curl ${/[[\]{}]/.test(url) ? '--globoff ' : ''}--request ${method} ${quoted(url)}`,
    ...sent.map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [isLong ? '--data-binary @-' : `--data-raw ${quoted(body)}`]),
  ].join(' \\\n  ');
  // Built into the shell, which therefore has no limit for it; a here-document would add a line break.
  return isLong ? `printf '%s' ${quoted(body)} |\n  ${command}` : command;
}

/** Within single quotes a shell reads everything as it is, except a single quote. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
