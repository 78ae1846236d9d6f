import type { Hospital } from './hospital.ts';
import { postUntilTaken } from './persistent-post.ts';
import { cardsOf, FEEDBACK, PATIENT_VIEW, reactionTo, visitsTo } from './visit.ts';

/** What clinicians were told and what they said, by the uuids of the cards. */
export interface Work {
  /** Cards that were answered. */
  readonly shown: ReadonlySet<string>;
  /** Cards on which feedback was sent, acknowledged or not. */
  readonly sent: ReadonlySet<string>;
  /** Those of which the feedback was acknowledged with a 200. */
  readonly acknowledged: ReadonlySet<string>;
  /** Why requests were sent again, with how often. */
  readonly again: ReadonlyMap<string, number>;
  /** Answers that were neither a success nor a reason to try again. */
  readonly failures: readonly string[];
}

/** Clinicians at work: they open charts and say what they do with the cards, until they are told to go home. */
export interface Clinicians {
  readonly work: Work;
  /** Resolves when what they are at is done. */
  readonly goHome: () => Promise<Work>;
  /** They drop what they are at: the test is over. */
  readonly dismiss: () => void;
}

/** For a clinician to read four cards: they are many and quick, but do not fill the machine. */
const READING_MS = 15;

/** Sets them to work at the hospitals in turn, all at the address of the service. */
export async function cliniciansAtWork(
  url: string,
  hospitals: readonly Hospital[],
  { clinicians = 4 } = {},
): Promise<Clinicians> {
  const visit = await visitsTo(url);
  const shown = new Set<string>();
  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  const again = new Map<string, number>();
  const failures: string[] = [];
  const day = new AbortController();
  const alarm = new AbortController();

  const send = async ({ authorization }: Hospital, path: string, body: unknown) => {
    const outcome = await postUntilTaken(url + path, body, () => authorization(url + path), alarm.signal);
    for (const reason of outcome.again) again.set(reason, (again.get(reason) ?? 0) + 1);
    return outcome.reply;
  };
  const seePatient = async (hospital: Hospital) => {
    const cards = cardsOf(await send(hospital, PATIENT_VIEW, visit()));
    for (const { uuid } of cards) shown.add(uuid);
    for (const { uuid } of cards) sent.add(uuid);
    const reply = await send(hospital, FEEDBACK, { feedback: cards.map(reactionTo) });
    if (reply.status !== 200) throw new Error(`feedback: ${reply.status} ${reply.text}`);
    for (const { uuid } of cards) acknowledged.add(uuid);
  };
  const shift = async (hospital: Hospital) => {
    while (!day.signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one patient after the other
      await seePatient(hospital).catch((error: unknown) => failures.push(String(error)));
      // oxlint-disable-next-line no-await-in-loop -- waits between
      await new Promise((resolve) => setTimeout(resolve, READING_MS));
    }
  };
  const shifts = Array.from({ length: clinicians }, (_, index) => hospitals[index % hospitals.length]).flatMap(
    (hospital) => (hospital === undefined ? [] : [shift(hospital)]),
  );
  const work: Work = { shown, sent, acknowledged, again, failures };
  return {
    work,
    dismiss: () => {
      day.abort();
      alarm.abort();
    },
    goHome: async () => {
      day.abort();
      await Promise.all(shifts);
      return work;
    },
  };
}
