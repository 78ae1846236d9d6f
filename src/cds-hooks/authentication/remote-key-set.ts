import {
  type CryptoKey,
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JSONWebKeySet,
} from 'jose';
import { isJsonObject } from '../json.ts';

/** How a client's key server is treated. All times in milliseconds. */
export interface KeyServerLimits {
  /** How long a key set is used: a key that its owner took away is refused after this. Default is 10 minutes. */
  readonly cacheMs?: number;
  /** For so long after it was fetched, an unknown `kid` does not have it fetched again. Default is 5 seconds. */
  readonly cooldownMs?: number;
  /** For so long after it was fetched for a `kid` in vain, that one does not have it fetched again. Default is 30 seconds. */
  readonly unknownKidMs?: number;
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
 * all calls that wait for it. However many JWTs name keys that do not exist, the server is asked once in a cooldown; that is
 * short, since whoever knows an issuer can have it begin, and a client that rotates its keys has to wait for its end.
 *
 * @throws {KeySetUnavailable} when called and there is none
 */
export function createRemoteKeySet(
  url: string,
  {
    cacheMs = 600_000,
    cooldownMs = 5_000,
    unknownKidMs = 30_000,
    pauseMs = 5_000,
    timeoutMs = 3_000,
    maxBytes = 256 * 1024,
  }: KeyServerLimits,
  now: () => Date,
): (header: { readonly alg: string; readonly kid: string }) => Promise<CryptoKey> {
  const unknown = unknownKeys(unknownKidMs, now);
  let waiting = 0;
  const fetchKeys = pausingAfterFailure(fetchKeySet(maxBytes), pauseMs, now);
  let fetched = 0;
  const keySet = createRemoteJWKSet(new URL(url), {
    cacheMaxAge: cacheMs,
    cooldownDuration: cooldownMs,
    timeoutDuration: timeoutMs,
    [customFetch]: async (...request) => {
      const response = await fetchKeys(...request);
      fetched += 1;
      unknown.clear(); // what is not in the former set may be in this one
      return response;
    },
  });

  return async (header) => {
    if (unknown.has(header)) throw new errors.JWKSNoMatchingKey();
    if (waiting >= MAX_WAITING) throw new KeySetUnavailable('Too many wait for it');
    const before = fetched;
    waiting += 1;
    try {
      return await keySet(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey && fetched > before) unknown.add(header);
      throw error;
    } finally {
      waiting -= 1;
    }
  };
}

/** JWTs that may wait for one key server: it can be slow, anybody can name its client, and those of others need room as well. */
export const MAX_WAITING = 50;

interface UnknownKeys {
  has(header: { readonly alg: string; readonly kid: string }): boolean;
  add(header: { readonly alg: string; readonly kid: string }): void;
  clear(): void;
}

/** More calls than these can wait for one fetch. The others may have the set fetched again after the cooldown. */
const MAX_UNKNOWN = 100;

/** The keys that were looked for in vain a moment ago. By the algorithm as well: a wrong one must not hide the right one. */
function unknownKeys(unknownKidMs: number, now: () => Date): UnknownKeys {
  const until = new Map<string, number>();
  const nameOf = ({ alg, kid }: { readonly alg: string; readonly kid: string }) => `${alg} ${kid}`;
  return {
    has: (header) => now().getTime() < (until.get(nameOf(header)) ?? Number.NEGATIVE_INFINITY),
    add: (header) => {
      if (until.size < MAX_UNKNOWN) until.set(nameOf(header), now().getTime() + unknownKidMs);
    },
    clear: () => until.clear(),
  };
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
