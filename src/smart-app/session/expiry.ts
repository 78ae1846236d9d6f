/** As often the clock is looked at: a computer that has slept in between finds out soon, and no timer has to be long. */
const LOOK_MS = 30_000;

/**
 * Tells once when the access ends by itself; never if the EHR has not said when.
 * @returns stops it
 */
export function onExpiry({ expiresAt }: { readonly expiresAt: Date | undefined }, tell: () => void): () => void {
  if (expiresAt === undefined) return () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const remaining = expiresAt.getTime() - Date.now();
    if (remaining > 0) timer = setTimeout(look, Math.min(remaining, LOOK_MS));
    else tell();
  };
  // Never while the caller is still at work, even if it has ended already.
  timer = setTimeout(look, 0);
  return () => clearTimeout(timer);
}
