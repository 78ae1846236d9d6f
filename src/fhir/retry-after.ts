/** Digits beyond this are no wish that anybody could have. */
const SECONDS = /^\d{1,9}$/;
const HTTP_DATE = /^[A-Z][a-z]+, .+ GMT$/;

/** For how many milliseconds a `Retry-After` (RFC 9110, 10.2.3) asks to wait; undefined if it says nothing that can be understood. */
export function retryAfterMs(value: string | null, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (SECONDS.test(text)) return Number(text) * 1000;
  // Date.parse takes nearly anything, `-5` as well.
  const at = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
