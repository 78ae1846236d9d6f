import type { DraftOrder } from '../chart/draft-orders.ts';
import type { Evidence } from '../chart/fact.ts';
import { asObject } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import type { OrderFile } from './card.ts';
import { plainText } from './escape.ts';
import { type ParsedText, type Template, type TemplateVariables, templateOf } from './parsed-text.ts';
import type { OrderResource, RecommendedAction } from './recommendation.ts';

/** What a call gives to every order it suggests. */
export interface OrderContext {
  readonly patientId: string;
  readonly encounterId?: string;
  /** `Type/id` of the user; becomes the requester if it may order. */
  readonly userId?: string;
  /** `Type/id` of the Condition that decided, if it has an id. */
  readonly reason?: { readonly reference: string };
}

/** An order of `cards/orders`, its texts parsed. */
export interface Order {
  readonly file: OrderFile;
  readonly description: Template;
  readonly texts: ReadonlyMap<string, Template>;
}

const MAY_ORDER = /^(?:Practitioner|PractitionerRole)\/[A-Za-z0-9\-.]{1,64}$/;

export function compileOrder(file: OrderFile, parse: (text: string) => ParsedText): Order {
  const plainTemplate = (text: string) => templateOf(parse(text), plainText);
  const texts = new Map<string, Template>();
  collectTexts(file.resource, texts, plainTemplate);
  return { file, description: plainTemplate(file.description), texts };
}

/** The milligrams of a dose by weight: rounded to whole ones and capped. */
export function doseByWeight(
  { mgPerKg, maxMg }: { readonly mgPerKg: number; readonly maxMg: number },
  kg: number,
): number {
  return Math.min(Math.round(mgPerKg * kg), maxMg);
}

/** The order as a draft for this patient (rule 10), with the computed dose where it has one. */
export function createOrder(order: Order, variables: TemplateVariables, context: OrderContext): RecommendedAction {
  // Most orders are the same for everyone; only a dose by weight, or a text with a variable, is written anew.
  const isFixed = order.texts.size === 0 && order.file.dose === undefined;
  const written = isFixed
    ? order.file.resource
    : (fill(order.file.resource, order, variables) as OrderFile['resource']);
  const resource: OrderResource = {
    ...written,
    status: 'draft',
    intent: 'order',
    subject: { reference: `Patient/${context.patientId}` },
    ...(context.encounterId === undefined ? {} : { encounter: { reference: `Encounter/${context.encounterId}` } }),
    ...(context.userId !== undefined && MAY_ORDER.test(context.userId)
      ? { requester: { reference: context.userId } }
      : {}),
    ...(context.reason === undefined ? {} : { reasonReference: [context.reason] }),
  };
  return { type: 'create', description: order.description.render(variables), resource };
}

/** Nothing in a draft lies deeper. */
const MAX_DEPTH = 30;

/**
 * The draft at hand with the dosage of the order, and its words for it where the medication stands in the draft itself;
 * all else as it came, since the client takes the whole resource. `undefined` if there is not exactly one draft at hand
 * that can be named: two changed to one dose would be given twice.
 */
export function updateDraft(
  order: Pick<Order, 'file' | 'texts'>,
  drafts: readonly DraftOrder[],
  atHand: readonly Evidence[],
  variables: TemplateVariables,
): RecommendedAction | undefined {
  const [named, ...others] = new Set(atHand.map(({ reference }) => reference));
  const [draft, ...twins] = drafts.filter(({ evidence }) => named !== undefined && evidence.reference === named);
  if (draft === undefined || others.length > 0 || twins.length > 0 || draft.evidence.kind !== 'draft') return undefined;
  const { resource } = draft;
  const written = fill(order.file.resource, order, variables) as OrderFile['resource'];
  if (written.resourceType !== 'MedicationRequest' || resource['resourceType'] !== 'MedicationRequest')
    return undefined;
  if (depthOf(resource) > MAX_DEPTH) return undefined;

  // The narrative speaks of the former dose.
  const { text: _narrative, ...kept } = withoutBlanks(resource) as JsonObject;
  const medication = asObject(kept['medicationCodeableConcept']);
  const words = written.medicationCodeableConcept?.text ?? '';
  return {
    type: 'update',
    description: `Change the draft order to: ${words}`,
    resource: {
      ...kept,
      resourceType: written.resourceType,
      ...(medication === undefined ? {} : { medicationCodeableConcept: { ...medication, text: words } }),
      dosageInstruction: written.dosageInstruction,
    },
  };
}

/** How deep a value nests, found without recursion: a client may send anything. */
function depthOf(value: unknown): number {
  let level: readonly unknown[] = [value];
  for (let depth = 0; ; depth += 1) {
    if (level.length === 0 || depth > MAX_DEPTH) return depth;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
}

/** An answer holds nothing null or empty, and a draft may. */
function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks).filter((item) => !isBlank(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [name, withoutBlanks(item)] as const)
      .filter(([, item]) => !isBlank(item)),
  );
}

function isBlank(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function collectTexts(value: unknown, texts: Map<string, Template>, template: (text: string) => Template): void {
  if (typeof value === 'string' && /\{[{%]/.test(value)) texts.set(value, template(value));
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) collectTexts(item, texts, template);
}

function fill(value: unknown, order: Pick<Order, 'file' | 'texts'>, variables: TemplateVariables): unknown {
  if (typeof value === 'string') return order.texts.get(value)?.render(variables) ?? value;
  if (Array.isArray(value)) return value.map((item) => fill(item, order, variables));
  if (typeof value !== 'object' || value === null) return value;
  const filled = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, order, variables)]));
  const quantity = filled['doseQuantity'];
  if (order.file.dose === undefined || typeof quantity !== 'object' || quantity === null) return filled;
  return { ...filled, doseQuantity: { value: Number(variables.weight.doseMg), ...quantity } };
}
