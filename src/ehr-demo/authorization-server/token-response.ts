import type { LaunchContext } from './launch-context.ts';

/**
 * What the token response says beside OAuth 2's members (SMART App Launch 2.2, "Launch context arrives with your
 * access_token"). `appContext` is of CDS Hooks 2.0, "Link": a card's link passes it to the app.
 */
export function launchParameters({ patient, encounter, appContext }: LaunchContext): object {
  return {
    patient,
    ...(encounter !== undefined && { encounter }),
    // The app has a browser tab of its own, where nothing of the EHR's shows whose chart it is.
    need_patient_banner: true,
    ...(appContext !== undefined && { appContext }),
  };
}
