/** The app's launch URL with whom it is launched by, and in which context (SMART App Launch 2.2, "EHR launch"). */
export function launchUrl(app: string, iss: string, launch: string): string | undefined {
  const url = URL.parse(app);
  if (url === null) return undefined;
  // An app that brings these itself would decide who launches it.
  url.searchParams.set('iss', iss);
  url.searchParams.set('launch', launch);
  return url.href;
}
