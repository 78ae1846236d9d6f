import { call, type Reply } from '../support/http.ts';

/** What became of a request in the end. */
export interface Outcome {
  readonly reply: Reply;
  /** Why it was sent again, once for each time: the status, or `no answer`. */
  readonly again: readonly string[];
}

const MOST_TRIES = 120;
const PAUSE_MS = 250;
const TIMEOUT_MS = 10_000;

/**
 * As clients of a hospital do: sent again, after a pause and with a JWT of its own, while the answer is that nobody could take
 * it (502, 503) or there is none; no more once the signal is given.
 */
export async function postUntilTaken(
  url: string,
  body: unknown,
  headers: () => Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Outcome> {
  const again: string[] = [];
  const text = JSON.stringify(body);
  while (again.length < MOST_TRIES && !signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    const reply = await once(url, text, headers()).catch(() => undefined);
    if (reply !== undefined && reply.status !== 502 && reply.status !== 503) return { reply, again };
    again.push(reply === undefined ? 'no answer' : String(reply.status));
    // oxlint-disable-next-line no-await-in-loop -- waits between
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`not taken after ${again.length} tries: ${again.join()}`);
}

function once(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Reply> {
  return call(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}
