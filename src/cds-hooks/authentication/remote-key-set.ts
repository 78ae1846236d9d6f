import { createRemoteJWKSet, customFetch, type FetchImplementation, type JSONWebKeySet } from 'jose';
import { isJsonObject } from '../json.ts';

/** How a client's key server is treated. All times in milliseconds. */
export interface KeyServerLimits {
  /** How long a key set is used: a key that its owner took away is refused after this. Default is 10 minutes. */
  readonly cacheMs?: number;
  /** For so long after it was fetched, an unknown `kid` does not have it fetched again. Default is 30 seconds. */
  readonly cooldownMs?: number;
  /** For so long after it could not be fetched, it is not tried again. Default is 5 seconds. */
  readonly pauseMs?: number;
  /** For the whole exchange, to the end of the body. Default is 3 seconds. */
  readonly timeoutMs?: number;
  /** Of the body, after decompression. Default is 256 KiB. */
  readonly maxBytes?: number;
}

/** The key set could not be had: the server is down, slow or redirects, or what it sent is no key set. */
export class KeySetUnavailable extends Error {
  override readonly name = 'KeySetUnavailable';
}

/**
 * The key set at a URL (CH-161): cached, and fetched again once its time is over or a `kid` is not in it (CH-178), once for
 * all calls that wait for it. However many JWTs name keys that do not exist, the server is asked once in a cooldown.
 *
 * @throws {KeySetUnavailable} when called and there is none
 */
export function createRemoteKeySet(
  url: string,
  {
    cacheMs = 600_000,
    cooldownMs = 30_000,
    pauseMs = 5_000,
    timeoutMs = 3_000,
    maxBytes = 256 * 1024,
  }: KeyServerLimits,
  now: () => Date,
): ReturnType<typeof createRemoteJWKSet> {
  return createRemoteJWKSet(new URL(url), {
    cacheMaxAge: cacheMs,
    cooldownDuration: cooldownMs,
    timeoutDuration: timeoutMs,
    [customFetch]: pausingAfterFailure(fetchKeySet(maxBytes), pauseMs, now),
  });
}

// jose's cooldown begins with a fetch that went well: without this, a server that is down would be asked at every call.
function pausingAfterFailure(fetched: FetchImplementation, pauseMs: number, now: () => Date): FetchImplementation {
  let pausedUntil = Number.NEGATIVE_INFINITY;
  return async (url, options) => {
    if (now().getTime() < pausedUntil) throw new KeySetUnavailable('Not asked again yet');
    try {
      return await fetched(url, options);
    } catch (cause) {
      pausedUntil = now().getTime() + pauseMs;
      throw new KeySetUnavailable('Could not be fetched', { cause });
    }
  };
}

// jose asks for redirects not to be followed, gives a signal that ends the exchange in time, and reads what is answered here.
function fetchKeySet(maxBytes: number): FetchImplementation {
  return async (url, options) => {
    const response = await fetch(url, options);
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new KeySetUnavailable('Not 200');
    }
    const value: unknown = JSON.parse(await readText(response, maxBytes));
    if (!isKeySet(value)) throw new KeySetUnavailable('Not a key set');
    return Response.json(value);
  };
}

// Counted while it comes in: a Content-Length may lie, and a compressed body says nothing of its size.
async function readText({ body }: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new KeySetUnavailable('Too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return isJsonObject(value) && Array.isArray(value['keys']) && value['keys'].every(isJsonObject);
}
