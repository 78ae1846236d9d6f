import type { Coverage, Doubt, Unread } from '../../chart/fact.ts';
import type { ResourceKey } from '../../chart/reading.ts';
import { doubtInWords, partsInWords, reasonInWords } from '../../guideline/wording.ts';

/** What was not looked at: what may still come, and what will not. */
export interface Gap {
  readonly reading: readonly ResourceKey[];
  readonly unread: readonly Unread[];
}

type Pending = ReadonlySet<ResourceKey>;

/** A part that is still being read counts as unread everywhere else; here the two are told apart. */
export function gapOf({ unread }: Pick<Coverage, 'unread'>, pending: Pending): Gap {
  return {
    reading: unread.map(({ key }) => key).filter((key) => pending.has(key)),
    unread: unread.filter(({ key }) => !pending.has(key)),
  };
}

/** "Encounter, CareTeam (access refused); Observation (weight) (query failed)" */
export function unreadInWords(unread: readonly Unread[]): string {
  return [...Map.groupBy(unread, ({ reason }) => reason)]
    .map(([reason, alike]) => `${partsInWords(alike.map(({ key }) => key))} (${reasonInWords(reason)})`)
    .join('; ');
}

/** Empty where everything was read. */
export function gapInWords({ reading, unread }: Gap): string {
  return [
    reading.length === 0 ? '' : `still reading: ${partsInWords(reading)}`,
    unread.length === 0 ? '' : `could not be read: ${unreadInWords(unread)}`,
  ]
    .filter((words) => words !== '')
    .join('; ');
}

/** Why an answer is unknown. That nothing is recorded is said only of what was read to its end. */
export function whyUnknown(fact: Pick<Coverage, 'unread'> & { readonly doubt?: Doubt }, pending: Pending): string {
  const gap = gapInWords(gapOf(fact, pending));
  const doubt = fact.doubt ?? 'not-recorded';
  if (gap === '') return doubtInWords(doubt);
  return doubt === 'not-recorded' ? gap : `${doubtInWords(doubt)}; ${gap}`;
}
