import type { Client } from './clients.ts';
import type { Config } from './config.ts';
import type { Guideline } from './guideline/guideline.ts';
import type { Guidelines } from './guidelines.ts';
import type { Logger } from './log.ts';

/** What an operator has to know of the guideline in use: what a site changes, and what is past its review. */
export function logGuidelines({ standard, ofClients }: Guidelines, logger: Logger): void {
  const today = new Date().toISOString().slice(0, 10);
  const say = ({ overlays, cards, off }: Guideline, client: { readonly client?: string }) => {
    logger.info(
      {
        ...client,
        overlays: overlays.map(({ name, version }) => `${name} ${version}`),
        changed: [...cards, ...off].filter(({ because }) => because.length > 0).map(({ file }) => file.id),
        shadow: cards.filter(({ state }) => state === 'shadow').map(({ file }) => file.id),
        off: off.map(({ file }) => file.id),
      },
      'guideline',
    );
    for (const { file } of cards) {
      if (today > file.reviewDue)
        logger.warn({ ...client, card: file.id, reviewDue: file.reviewDue }, 'card is past its review date');
    }
  };
  say(standard, {});
  for (const { client, guideline } of ofClients) say(guideline, { client });
}

/** Where to go, and how open the door is, for whoever has started the service. */
export function greeting(
  url: string,
  cards: number,
  clients: readonly Client[] | undefined,
  {
    isProduction,
    hasDemo,
    hasInsights,
  }: Pick<Config, 'isProduction'> & { readonly hasDemo: boolean; readonly hasInsights: boolean },
): string {
  return [
    `ASPS guideline cards: ${cards} cards, ready at ${url}`,
    `  ${url}/               what this is`,
    ...(hasDemo ? [`  ${url}/demo           a small EHR with synthetic patients: see the cards`] : []),
    `  ${url}/cds-services   discovery, for an EHR or the CDS Hooks Sandbox`,
    ...(hasInsights ? [`  ${url}/insights       what became of the cards`] : []),
    ...(clients === undefined
      ? [
          '  npm run try            play the EHR from another terminal',
          'OPEN MODE: callers are not authenticated. It listens on loopback only and asks FHIR servers on loopback only. Not for real patients.',
        ]
      : [
          `${clients.length} client(s): every call has to bring a JWT of one of them.`,
          ...(isProduction
            ? []
            : [
                'NOT PRODUCTION: without NODE_ENV=production, addresses without encryption are taken. Not for real patients.',
              ]),
        ]),
  ].join('\n');
}
