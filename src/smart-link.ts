import type { Link } from './cds-hooks/types.ts';

/**
 * The link by which an EHR launches the SMART app in the chart that the card is about (CH-126). `appContext` comes back with the
 * app's access token and says from which card it was launched (CH-127).
 */
export function smartLink(launchUrl: string, cardId: string): Link {
  return {
    label: 'This patient in the ASPS app',
    url: launchUrl,
    type: 'smart',
    appContext: JSON.stringify({ card: cardId }),
  };
}
