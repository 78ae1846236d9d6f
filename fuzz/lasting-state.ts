import type { Exchange } from './exchange.ts';
import { realCall } from './hook-requests.ts';
import { judge, lasting, type Violation } from './oracles.ts';
import type { RealRequest } from './real-requests.ts';

/** What the service answers to real calls, by the name of the call. */
export type State = { readonly answers: ReadonlyMap<string, string>; readonly violations: readonly Violation[] };

/** Makes every real call once, a few at a time. */
export async function observeState(exchange: Exchange, real: readonly RealRequest[], lanes = 8): Promise<State> {
  const answers = new Map<string, string>();
  const violations: Violation[] = [];
  const waiting = [...real];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let base = waiting.pop(); base !== undefined; base = waiting.pop()) {
        const request = realCall(base);
        // oxlint-disable-next-line no-await-in-loop -- one after the other in each lane
        const outcome = await exchange.send(request);
        violations.push(
          ...judge(request, outcome).map(({ oracle, says }) => ({ oracle, says: `${base.name}: ${says}` })),
        );
        answers.set(base.name, lasting(outcome));
      }
    }),
  );
  return { answers, violations };
}

/** Nothing that was sent may change what others are answered. */
export function judgeAfter(before: State, after: State): readonly Violation[] {
  return [...before.answers]
    .filter(([name, answer]) => after.answers.get(name) !== answer)
    .map(([name]) => ({ oracle: 'same-after', says: `${name} is answered otherwise than before` }));
}
