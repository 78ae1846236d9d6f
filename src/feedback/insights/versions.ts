/** A version of a card. */
export interface Version {
  readonly cardId: string;
  readonly version: string;
}

/** As tallies name it: `<card id>@<version>`. */
export function nameOf({ cardId, version }: Version): string {
  return `${cardId}@${version}`;
}

/** The version that a tally is of. */
export function versionOf({ subject }: { readonly subject: string }): Version {
  const end = subject.lastIndexOf('@');
  return end < 0
    ? { cardId: subject, version: '' }
    : { cardId: subject.slice(0, end), version: subject.slice(end + 1) };
}

export function byVersion<Item extends Version>(items: readonly Item[]): ReadonlyMap<string, readonly Item[]> {
  return Map.groupBy(items, nameOf);
}
