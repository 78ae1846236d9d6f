import { useEffect, useRef } from 'preact/hooks';

/** There is no chart to show, and why. The keyboard goes on from here: what it was on is gone. */
export function EndedView({ sentence }: { readonly sentence: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = 'ASPS guideline app';
    heading.current?.focus();
  }, []);
  return (
    <main class="alone">
      <h1 ref={heading} tabIndex={-1}>
        ASPS guideline app
      </h1>
      <p class="failure" role="alert">
        {sentence}
      </p>
    </main>
  );
}
