import { randomUUID } from 'node:crypto';
import type { CardContent, OverrideReasonContent } from './card-content.ts';
import type { ClientProfile } from './profile.ts';
import { suggestionsFor } from './suggestions.ts';
import type { Card, CdsServiceResponse, Coding, Link } from './types.ts';

export interface RespondOptions {
  /** The code system of the card ids. */
  readonly topicSystem: string;
  /** What the client can be answered with. It takes away and rewrites; it never adds to what a card says. */
  readonly profile: ClientProfile;
  /** Default is a random one (version 4). */
  readonly newUuid?: () => string;
}

const SUMMARY_LIMIT = 139; // CH-92: fewer than 140; the unit is not stated, UTF-16 is the strictest
const TOPIC_CODE_LIMIT = 100; // Epic takes no longer one
const BY_URGENCY: readonly Card['indicator'][] = ['info', 'warning', 'critical']; // CH-95

/**
 * The answer to a call, in the shape that this client takes: each card and suggestion with a uuid of its own, where the
 * client knows it (CH-91, CH-108), and nothing null or empty (CH-19 to CH-22).
 */
export function respond(cards: readonly CardContent[], options: RespondOptions): CdsServiceResponse {
  return { cards: cards.map((content) => card(content, options)) };
}

function card(content: CardContent, { topicSystem, profile, newUuid = randomUUID }: RespondOptions): Card {
  const { id, title, summary, detail, indicator, source } = content;
  const since2 = profile.cdsHooks !== '1.0'; // CH-91, CH-100, CH-103: 1.0 has neither uuid nor topic nor reasons
  const suggestions = suggestionsFor(content.suggestions, profile, newUuid);
  const overrideReasons = since2 ? reasonsFor(content.overrideReasons, profile) : [];
  const links = content.links.filter(({ type }) => type === 'absolute' || profile.smartLinks);
  return {
    ...(since2 ? { uuid: newUuid().toLowerCase() } : {}),
    summary: cutSummary(summary),
    ...(isBlank(detail) ? {} : { detail }),
    indicator: lessUrgent(indicator, profile.indicatorCap),
    source: {
      label: source.label,
      ...(isBlank(source.url) ? {} : { url: source.url }),
      ...(since2 ? { topic: { system: topicSystem, code: topicCode(id, profile), display: title } } : {}),
    },
    // CH-102: there with suggestions, and only with them
    ...(suggestions.length > 0 ? { suggestions, selectionBehavior: profile.selectionBehavior } : {}),
    ...(overrideReasons.length > 0 ? { overrideReasons } : {}),
    ...(links.length > 0 ? { links: links.map((one) => link(one, profile)) } : {}),
  };
}

function lessUrgent(indicator: Card['indicator'], cap: Card['indicator']): Card['indicator'] {
  return BY_URGENCY.indexOf(indicator) > BY_URGENCY.indexOf(cap) ? cap : indicator;
}

/** The card's id, or what is left of it without its hyphens: `staging-chest-ct` is `stagingChestCt`. */
function topicCode(id: string, { topicCode: form }: ClientProfile): string {
  if (form === 'card-id') return id;
  const camelCase = id.replaceAll(/[^A-Za-z0-9]+(?<first>[A-Za-z0-9]?)/g, (_hyphen, first: string) =>
    first.toUpperCase(),
  );
  return camelCase.slice(0, TOPIC_CODE_LIMIT);
}

/** All three members, which 2.0 requires (CH-104). Two of ours for which HL7 has one code are one reason (CH-105). */
function reasonsFor(reasons: readonly OverrideReasonContent[], { supports }: ClientProfile): readonly Coding[] {
  const standard = supports.has('non-adherence-reason-codes');
  const sent = reasons.map((own): readonly [string, Coding] => {
    const { code, system, display } = (standard ? own.standard : undefined) ?? own;
    return [`${system}|${code}`, { code, system, display }];
  });
  return [...new Map(sent).values()];
}

/** What belongs to SMART links stays with them (CH-128), and with clients that know it (CH-127, CH-129). */
function link({ label, url, type, appContext, autolaunchable }: Link, profile: ClientProfile): Link {
  if (type !== 'smart') return { label, url, type };
  return {
    label,
    url,
    type,
    ...(profile.appContext && !isBlank(appContext) ? { appContext } : {}),
    // CH-130: whoever sets it has seen to it that the app conveys what the card says.
    ...(autolaunchable === true && profile.supports.has('autolaunchable') ? { autolaunchable } : {}),
  };
}

function cutSummary(summary: string): string {
  const sentence = summary.trim();
  if (sentence.length <= SUMMARY_LIMIT) return sentence;

  const room = sentence.slice(0, SUMMARY_LIMIT);
  const boundary = room.lastIndexOf(' ');
  const words = boundary > 0 ? room.slice(0, boundary) : room.slice(0, -1);
  return `${words.replace(/[\s,;:–-]+$|[\uD800-\uDBFF]$/u, '')}…`;
}

/** CH-20: white space alone counts as empty. */
function isBlank(text: string | undefined): text is undefined | '' {
  return text === undefined || text.trim() === '';
}
