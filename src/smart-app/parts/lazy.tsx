import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** What a fetch came to: a value, or that there is none. */
export type Fetched<Content> = { readonly content: Content } | { readonly failed: true };

interface LazyProps<Content> {
  /** What it is, as in "The evidence". */
  readonly name: string;
  /** Never rejects. */
  readonly load: () => Promise<Fetched<Content>>;
  readonly children: (content: Content) => ComponentChildren;
}

/** Shows what has to be fetched first; what cannot be had is said in its place, and can be asked for again. */
export function Lazy<Content>({ name, load, children }: LazyProps<Content>) {
  const [fetched, setFetched] = useState<Fetched<Content>>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isWanted = true;
    setFetched(undefined);
    void load().then((result) => (isWanted ? setFetched(result) : undefined));
    return () => {
      isWanted = false;
    };
  }, [load, attempt]);
  if (fetched === undefined)
    return (
      <p class="quiet" role="status">
        {name} is being fetched…
      </p>
    );
  if ('content' in fetched) return <>{children(fetched.content)}</>;
  return (
    <p class="failure" role="alert">
      {name} could not be fetched from the service.{' '}
      <button type="button" onClick={() => setAttempt(attempt + 1)}>
        Try again
      </button>
    </p>
  );
}
