import { useEffect, useState } from 'preact/hooks';

/** What of the page is printed. */
export type Printed = 'page' | 'questions';

/** Prints the page or a part of it; `only` says which part while it is being printed, so that styles can hide the others. */
export function usePrintOnly(): {
  readonly only: Printed | undefined;
  readonly print: (part: Printed) => void;
} {
  const [only, setOnly] = useState<Printed>();
  useEffect(() => {
    if (only === undefined) return undefined;
    const done = () => setOnly(undefined);
    // Some browsers print later than they return, so what is hidden comes back only afterwards.
    window.addEventListener('afterprint', done, { once: true });
    window.print();
    return () => window.removeEventListener('afterprint', done);
  }, [only]);
  return { only, print: setOnly };
}
