import { startServer } from './server-process.ts';
import { type Spread, spread } from './statistics.ts';

/** Milliseconds from the start of the service to its first 200 of /healthz. */
export async function startUpTimes(script: string, starts: number): Promise<Spread> {
  const times: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: two at once would disturb each other
    const server = await startServer(script);
    times.push(server.startMilliseconds);
    // oxlint-disable-next-line no-await-in-loop -- one after the other: two at once would disturb each other
    await server.stop();
  }
  return spread(times);
}
