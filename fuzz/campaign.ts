import * as fc from 'fast-check';
import { type Exchange, openExchange } from './exchange.ts';
import { judge, judgeAgain, type Violation } from './oracles.ts';
import { reduced } from './reduce.ts';
import { createTally, type Tally } from './tally.ts';
import type { HttpRequest, Outcome, WireRequest } from './wire.ts';

/** What a run sends, to whom, and when it ends. */
export type CampaignOptions = {
  readonly url: string;
  readonly requests: fc.Arbitrary<WireRequest>;
  readonly count: number;
  /** The same seed and material give the same requests. */
  readonly seed: number;
  /** Requests in flight at the same time. */
  readonly lanes?: number;
  /** An answer that takes longer is a hang. */
  readonly limitMs?: number;
  /** The run ends after this time, whatever was sent. */
  readonly maxMs?: number;
  /** Is the service's process still there? */
  readonly isRunning?: () => boolean;
  readonly onProgress?: (sent: number, findings: number) => void;
};

/** A broken rule, with the smallest request that was found to break it. */
export type Finding = {
  readonly violation: Violation;
  readonly request: WireRequest;
  /** Of the chunk of requests it was found in. */
  readonly seed: number;
};

/** What a run came to. */
export type CampaignReport = {
  readonly sent: number;
  readonly seconds: number;
  readonly tally: Tally;
  readonly findings: readonly Finding[];
};

const CHUNK = 200;
const AGAIN_EVERY = 20;
const MAX_FINDINGS = 20;
const MAX_SHRINKS = 150;

/** Sends the requests in chunks of one seed each, several chunks at a time; makes each finding small as soon as it is found. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const { url, requests, count, seed, lanes = 16, limitMs = 10_000, maxMs = Number.POSITIVE_INFINITY } = options;
  const { isRunning = () => true, onProgress = () => undefined } = options;
  const exchange = openExchange(url, { connections: lanes, limitMs });
  const tally = createTally();
  const findings = new Map<string, Finding>();
  const inFlight = new Set<WireRequest>();
  const startedAt = performance.now();
  let nextChunk = 0;
  let started = 0;
  let sent = 0;
  let hasDied = false;

  const isOver = () =>
    !isRunning() || findings.size >= MAX_FINDINGS || performance.now() - startedAt > maxMs || started >= count;

  await Promise.all(Array.from({ length: lanes }, lane));
  exchange.close();
  return { sent, seconds: (performance.now() - startedAt) / 1000, tally, findings: [...findings.values()] };

  async function lane(): Promise<void> {
    while (!isOver()) {
      const chunk = nextChunk;
      nextChunk += 1;
      // oxlint-disable-next-line no-await-in-loop -- a lane sends one request after the other
      await runChunk(Math.imul(seed + 1, 1_000_003) + chunk, CHUNK);
    }
  }

  async function runChunk(chunkSeed: number, numRuns: number): Promise<void> {
    let run = 0;
    let first: { readonly violation: Violation; request: WireRequest } | undefined;
    let shrinks = 0;
    const property = fc.asyncProperty(requests, async (request) => {
      if (first !== undefined) {
        shrinks += 1;
        if (shrinks > MAX_SHRINKS || !(await breaks(exchange, request, first.violation))) return;
        first.request = request;
        throw new Error('still breaks the rule');
      }
      if (isOver()) return;
      started += 1;
      const again = run % AGAIN_EVERY === 0;
      run += 1;
      const violation = await observe(request, again);
      if (violation === undefined) return;
      first = { violation, request };
      throw new Error('breaks a rule');
    });
    await fc.check(property, { seed: chunkSeed, numRuns, plugins: [fc.unbiased()] });
    if (first === undefined) return;
    const { violation, request } = first;
    const smallest = await reduced(request, (smaller) => breaks(exchange, smaller, violation));
    findings.set(signature(violation), { violation, request: smallest, seed: chunkSeed });
  }

  /** Sends and judges; the first violation that is not known yet. */
  async function observe(request: WireRequest, again: boolean): Promise<Violation | undefined> {
    inFlight.add(request);
    const outcome = await exchange.send(request);
    inFlight.delete(request);
    sent += 1;
    tally.add(request, outcome);
    onProgress(sent, findings.size);
    if (!isRunning()) {
      died([request, ...inFlight]);
      return undefined;
    }
    const violations = [...judge(request, outcome), ...(again ? await askAgain(exchange, request, outcome) : [])];
    const fresh = violations.find((violation) => !findings.has(signature(violation)));
    if (fresh !== undefined) findings.set(signature(fresh), { violation: fresh, request, seed });
    return fresh;
  }

  /** One of these was the last one: it cannot be made smaller, since nobody answers any more. */
  function died(last: readonly WireRequest[]): void {
    if (hasDied) return;
    hasDied = true;
    for (const [index, request] of last.entries()) {
      const violation: Violation = { oracle: 'alive', says: `the process ended; candidate ${index + 1}` };
      findings.set(signature(violation), { violation, request, seed });
    }
  }
}

/** Does this request break the same rule? */
export async function breaks(exchange: Exchange, request: WireRequest, violation: Violation): Promise<boolean> {
  const outcome = await exchange.send(request);
  const violations = [
    ...judge(request, outcome),
    ...(violation.oracle === 'same-again' ? await askAgain(exchange, request, outcome) : []),
  ];
  return violations.some((other) => signature(other) === signature(violation));
}

async function askAgain(exchange: Exchange, request: WireRequest, first: Outcome): Promise<readonly Violation[]> {
  if (!isRepeatable(request)) return [];
  const day = new Date().getUTCDate();
  const second = await exchange.send(request);
  // At midnight the stories move on by a day.
  return day === new Date().getUTCDate() ? judgeAgain(first, second) : [];
}

function isRepeatable(request: WireRequest): request is HttpRequest {
  return request.via === 'http' && request.repeatable;
}

function signature({ oracle, says }: Violation): string {
  return `${oracle}: ${says}`;
}
