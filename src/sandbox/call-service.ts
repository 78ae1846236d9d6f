import { isJsonObject, type JsonObject } from '../cds-hooks/json.ts';
import type { CallSigner } from '../ehr-demo/call-signer.ts';
import type { CardMark } from './compare.ts';

/** A card, as it is reported. */
export type ShownCard = CardMark & { readonly summary: string };

/** What the service answered. */
export type ServiceAnswer =
  | {
      readonly kind: 'cards';
      readonly cards: readonly ShownCard[];
      /** The cards as they came. */
      readonly whole: readonly JsonObject[];
      readonly ms: number;
    }
  | { readonly kind: 'problem'; readonly problem: string; readonly ms: number };

const PATIENCE_MS = 60_000;

/** Posts one signed hook call and times the answer, from the first byte sent to the last received. */
export async function callService(
  url: string,
  signer: CallSigner,
  request: object,
  signal: AbortSignal,
): Promise<ServiceAnswer> {
  const authorization = await signer.authorization(url);
  const body = JSON.stringify(request);
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    const text = await response.text();
    const ms = elapsed();
    const cards = response.ok ? cardsIn(text) : undefined;
    if (cards !== undefined) return { kind: 'cards', cards: cards.map(shown), whole: cards, ms };
    return { kind: 'problem', problem: `the service answered ${response.status}${diagnosticsIn(text)}`, ms };
  } catch {
    return { kind: 'problem', problem: 'the service did not answer', ms: elapsed() };
  }
}

function cardsIn(text: string): readonly JsonObject[] | undefined {
  const answer = parsed(text);
  const cards = isJsonObject(answer) ? answer['cards'] : undefined;
  return Array.isArray(cards) ? cards.filter(isJsonObject) : undefined;
}

function shown({ source, indicator, summary }: JsonObject): ShownCard {
  const topic = isJsonObject(source) ? source['topic'] : undefined;
  const id = isJsonObject(topic) ? topic['code'] : undefined;
  return { id: textOf(id), indicator: textOf(indicator), summary: textOf(summary) };
}

/** An answer that is not as it should be is compared all the same, and differs. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '(no text)';
}

/** The service's own words; they never quote the request. */
function diagnosticsIn(text: string): string {
  const outcome = parsed(text);
  const issues = isJsonObject(outcome) && Array.isArray(outcome['issue']) ? outcome['issue'].filter(isJsonObject) : [];
  const said = issues.map(({ diagnostics }) => diagnostics).filter((words) => typeof words === 'string');
  return said.length === 0 ? '' : `: ${said.join('; ')}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
