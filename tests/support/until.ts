import { setTimeout } from 'node:timers/promises';

/** Far longer than anything takes: it ends what will never be, and times nothing. */
const ENOUGH_MS = 60_000;
const PAUSE_MS = 10;

/** Asks again and again until there is an answer, or it is so: anything but `undefined` and `false`. */
export async function until<Answer>(
  what: string,
  question: () => Answer | Promise<Answer>,
): Promise<Exclude<Answer, undefined | false>> {
  const deadline = Date.now() + ENOUGH_MS;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asks again and again
    const answer = await question();
    if (isAnswer(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    // oxlint-disable-next-line no-await-in-loop -- waits between
    await setTimeout(PAUSE_MS);
  }
}

function isAnswer<Answer>(answer: Answer): answer is Exclude<Answer, undefined | false> {
  return answer !== undefined && answer !== false;
}
