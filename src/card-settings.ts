import { readFileSync } from 'node:fs';
import { type Plain, settingsDigest } from './feedback/store/settings-digest.ts';
import type { Guidelines } from './guidelines.ts';

/**
 * A digest of all that decides which cards are shown, by whom two instances are asked: the guideline of everyone and of each
 * client with an overlay, whole, and the cap.
 */
export function cardSettings({ standard, ofClients }: Guidelines, maxCards: number): string {
  const clients = ofClients.map(({ client, guideline }) => [client, guideline.content] as const);
  return settingsDigest(plain({ maxCards, standard: standard.content, clients }));
}

/** The version of the service. */
export function serviceVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return version;
}

function plain(value: object): Plain {
  return JSON.parse(JSON.stringify(value)) as Plain;
}
