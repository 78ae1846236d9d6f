import type { ActionContent, SuggestionContent } from './card-content.ts';
import { isJsonObject } from './json.ts';
import { type ClientProfile, EPIC_ORDER_SET } from './profile.ts';
import type { Action, Suggestion } from './types.ts';

/** What a card suggests as this client can take it (CH-107 to CH-111): nothing is changed in what it does. */
export function suggestionsFor(
  content: readonly SuggestionContent[],
  profile: ClientProfile,
  newUuid: () => string,
): readonly Suggestion[] {
  return sendable(content, profile).map((suggestion) => ({
    label: suggestion.label,
    uuid: newUuid().toLowerCase(),
    ...(suggestion.isRecommended && mayRecommend(profile, suggestion) ? { isRecommended: true } : {}),
    ...(suggestion.actions.length > 0
      ? { actions: suggestion.actions.map((action) => actionFor(action, profile)) }
      : {}),
    ...(suggestion.actions.length > 1 && profile.supports.has('action-selection-behavior')
      ? { actionSelectionBehavior: 'all' as const } // CH-113, CH-114
      : {}),
  }));
}

function sendable(content: readonly SuggestionContent[], profile: ClientProfile): readonly SuggestionContent[] {
  return profile.selectionBehavior === 'any' ? takenTogether(content, profile) : takenAlone(content, profile);
}

/** Of which one is taken at most: all of them, and one is recommended at most, the first (CH-110). */
function takenAlone(content: readonly SuggestionContent[], profile: ClientProfile): readonly SuggestionContent[] {
  const fitting = content.filter(({ actions }) => profile.actionsPerSuggestion === 'many' || actions.length < 2);
  const possible = fitting.filter((suggestion) => canTake(profile, suggestion));
  const recommended = possible.findIndex(({ isRecommended }) => isRecommended);
  return possible.map((suggestion, at) => ({ ...suggestion, isRecommended: at === recommended }));
}

/**
 * Of which a clinician may take all: those that exclude each other are the ones that order a drug – two dosings of one
 * would be a double order –, so that one of them goes out at most, the recommended one, else the first. Nothing else on a
 * card excludes anything, and all of it goes out, each removal once.
 */
function takenTogether(content: readonly SuggestionContent[], profile: ClientProfile): readonly SuggestionContent[] {
  const parts = profile.actionsPerSuggestion === 'one' ? content.flatMap(inSingleActions) : content;
  const possible = parts.filter((suggestion) => canTake(profile, suggestion));
  const drugs = possible.filter(ordersDrug);
  const drug = drugs.find(({ isRecommended }) => isRecommended) ?? drugs[0];
  const seen = new Set<string>();
  return possible.filter((suggestion) => (ordersDrug(suggestion) ? suggestion === drug : isNews(suggestion, seen)));
}

/**
 * What belongs together cannot be halves that are taken singly (CH-111): the new drug without the removal of the old one
 * would be two drugs. The removals alone are safe: each is a suggestion, named by what it does, and the rest is left to
 * the text of the card.
 */
function inSingleActions(suggestion: SuggestionContent): readonly SuggestionContent[] {
  if (suggestion.actions.length < 2) return [suggestion];
  return suggestion.actions
    .filter(({ type }) => type === 'delete')
    .map((action) => ({ ...suggestion, label: action.description, actions: [action] }));
}

/** Does it do anything but remove what another removes as well? */
function isNews({ actions }: SuggestionContent, seen: Set<string>): boolean {
  const news = actions.filter((action) => action.type !== 'delete' || !seen.has(action.resourceId));
  for (const action of actions) if (action.type === 'delete') seen.add(action.resourceId);
  return actions.length === 0 || news.length > 0;
}

/** Every one of its actions, or none: a replacement without its deletion would order a second drug. */
function canTake(profile: ClientProfile, { actions }: SuggestionContent): boolean {
  return actions.length === 0 ? profile.acknowledgements : actions.every((action) => canDo(profile, action));
}

function canDo(profile: ClientProfile, action: ActionContent): boolean {
  const { actionTypes, actionResources } = profile;
  if (!actionTypes.has(action.type) || actionResources?.has(resourceTypeOf(action)) === false) return false;
  return action.type === 'delete' || carriesOver(profile, action);
}

/** Would what is created be what the card says? Where it comes from the client's own records, its details are theirs. */
function carriesOver({ createsFromSystems }: ClientProfile, action: ResourceAction): boolean {
  if (createsFromSystems === undefined) return true;
  const known = createsFromSystems.get(action.resource.resourceType) ?? [];
  return action.details !== 'patient-specific' && systemsOf(action).some((system) => known.includes(system));
}

/**
 * 1.0 has no recommendation (CH-109). Where it is a tick that acts by itself, no drug is ordered and no order removed by
 * it: that is for a clinician to choose.
 */
function mayRecommend({ cdsHooks, recommending }: ClientProfile, suggestion: SuggestionContent): boolean {
  if (cdsHooks === '1.0') return false;
  if (recommending === 'points-out') return true;
  return !ordersDrug(suggestion) && suggestion.actions.every(({ type }) => type === 'create');
}

/** An order set may hold anything, drugs included. */
function ordersDrug({ actions }: SuggestionContent): boolean {
  return actions.some(
    (action) =>
      action.type !== 'delete' &&
      (action.resource.resourceType === 'MedicationRequest' || systemsOf(action).includes(EPIC_ORDER_SET)),
  );
}

type ResourceAction = Exclude<ActionContent, { readonly type: 'delete' }>;

/** The systems of the codes for what is ordered. */
function systemsOf({ resource }: ResourceAction): readonly string[] {
  const concepts = [
    'code' in resource ? resource.code : undefined,
    'medicationCodeableConcept' in resource ? resource.medicationCodeableConcept : undefined,
  ];
  return concepts.flatMap((concept) => {
    const codings: unknown = isJsonObject(concept) ? concept['coding'] : undefined;
    if (!Array.isArray(codings)) return [];
    return codings.flatMap((coding: unknown) => {
      const system = isJsonObject(coding) ? coding['system'] : undefined;
      return typeof system === 'string' ? [system] : [];
    });
  });
}

function resourceTypeOf(action: ActionContent): string {
  if (action.type !== 'delete') return action.resource.resourceType;
  return action.resourceId.split('/', 1)[0] ?? '';
}

function actionFor(content: ActionContent, { deleteShape }: ClientProfile): Action {
  const { type, description } = content;
  switch (type) {
    case 'create': // CH-117
    case 'update': // the whole resource (CH-118)
      return { type, description, resource: content.resource };
    case 'delete':
      return deleteShape === 'resource'
        ? { type, description, resource: content.resourceId } // CH-119
        : { type, description, resourceId: content.resourceId }; // CH-120
    default:
      return content satisfies never;
  }
}
