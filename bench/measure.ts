import autocannon, { type Result } from 'autocannon';
import type { ServerProcess } from './server-process.ts';
import type { Round } from './statistics.ts';

/** One request to load a server with, and the length every answer must have. */
export type Target = {
  readonly server: ServerProcess;
  readonly url: string;
  readonly body: string;
  readonly answerBytes: number;
};

const CONNECTIONS = 8;

/**
 * Loads a server with a fixed number of requests. All of them complete, so that CPU time per request needs no estimate.
 *
 * @throws {Error} if one answer is not a 200 of the right length: a fast failure is no measurement.
 */
export async function load(target: Target, amount: number): Promise<Round> {
  const { server, url, body, answerBytes } = target;
  const before = await server.cpuMicroseconds();
  let startedAt = 0;
  let answeredAt = 0;
  const run = autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: CONNECTIONS,
    amount,
    sampleInt: 100,
    timeout: 30,
    verifyBody: (answer) => Buffer.byteLength(answer) === answerBytes,
  });
  // autocannon's own duration is a multiple of its sampling interval: too coarse for a rate.
  void run.on('start', () => {
    startedAt = performance.now();
  });
  void run.on('response', () => {
    answeredAt = performance.now();
  });
  const result = await run;
  const after = await server.cpuMicroseconds();
  assertAnswered(result, url, amount);
  return {
    cpuMicroseconds: (after - before) / amount,
    requestsPerSecond: (amount * 1000) / (answeredAt - startedAt),
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

/** Warms a server up on this request for the given seconds, and tells how many requests fill them. */
export async function calibrate(target: Target, seconds: number): Promise<number> {
  const cold = await load(target, CONNECTIONS * 10);
  const warm = await load(target, amountFor(cold, seconds));
  return amountFor(warm, seconds);
}

function amountFor({ requestsPerSecond }: Round, seconds: number): number {
  return Math.max(CONNECTIONS * 5, Math.round(requestsPerSecond * seconds));
}

function assertAnswered(result: Result, url: string, amount: number): void {
  const { errors, mismatches, statusCodeStats } = result;
  const statuses = Object.keys(statusCodeStats).join(', ');
  if (errors === 0 && mismatches === 0 && statuses === '200' && result['2xx'] === amount) return;
  throw new Error(
    `${url}: ${result['2xx']} of ${amount} answered 2xx (statuses ${statuses}), ${errors} errors, ${mismatches} of the wrong length`,
  );
}
