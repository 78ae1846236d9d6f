interface UndecidedProps {
  /** Of cards. */
  readonly titles: readonly string[];
  readonly words?: string;
}

/** So many titles are named at once, the others behind a click. */
const NAMED = 2;

/** Which cards something concerns. Nothing where there are none. */
export function Undecided({ titles, words = 'Leaves undecided' }: UndecidedProps) {
  if (titles.length === 0) return null;
  const [named, others] = [titles.slice(0, NAMED), titles.slice(NAMED)];
  return (
    <div class="missing-cards small">
      <p>
        {words}: {named.join('; ')}
      </p>
      {others.length > 0 && (
        <details>
          <summary>and {others.length} more</summary>
          <p>{others.join('; ')}</p>
        </details>
      )}
    </div>
  );
}
