import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Boundary, Panel } from './panel.tsx';

/** What a fetch came to: a value, or that there is none. */
export type Fetched<Content> = { readonly content: Content } | { readonly failed: true };

interface LazyProps<Content> {
  /** What it is, as in "The evidence". */
  readonly name: string;
  /** Of the panel that it will be: its heading stands from the start. None for what is no panel. */
  readonly id?: string;
  readonly title?: string;
  /** Never rejects. */
  readonly load: () => Promise<Fetched<Content>>;
  readonly children: (content: Content) => ComponentChildren;
}

/** Shows what has to be fetched first; what cannot be had is said in its place, and can be asked for again. */
export function Lazy<Content>({ name, id, title, load, children }: LazyProps<Content>) {
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
  if (fetched !== undefined && 'content' in fetched)
    return <Boundary title={title ?? name}>{children(fetched.content)}</Boundary>;
  const instead =
    fetched === undefined ? (
      <p class="quiet" role="status">
        {name} is being fetched…
      </p>
    ) : (
      <p class="failure" role="alert">
        {name} could not be fetched from the service.{' '}
        <button type="button" onClick={() => setAttempt(attempt + 1)}>
          Try again
        </button>
      </p>
    );
  if (id === undefined || title === undefined) return instead;
  return (
    <Panel id={id} title={title}>
      {instead}
    </Panel>
  );
}
