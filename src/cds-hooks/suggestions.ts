import type { ActionContent, SuggestionContent } from './card-content.ts';
import type { ClientProfile } from './profile.ts';
import type { Action, Suggestion } from './types.ts';

/** The alternatives of a card as this client can take them (CH-107 to CH-111): none changed in what it does, none in part. */
export function suggestionsFor(
  alternatives: readonly SuggestionContent[],
  profile: ClientProfile,
  newUuid: () => string,
): readonly Suggestion[] {
  const possible = alternatives.filter((suggestion) => canTake(profile, suggestion));
  return sendable(possible, profile).map((suggestion) => ({
    label: suggestion.label,
    uuid: newUuid().toLowerCase(),
    ...(suggestion.isRecommended && profile.cdsHooks !== '1.0' ? { isRecommended: true } : {}),
    ...(suggestion.actions.length > 0
      ? { actions: suggestion.actions.map((action) => actionFor(action, profile)) }
      : {}),
    ...(suggestion.actions.length > 1 && profile.supports.has('action-selection-behavior')
      ? { actionSelectionBehavior: 'all' as const } // CH-113, CH-114
      : {}),
  }));
}

/**
 * With `at-most-one`, all of them, of which one is recommended at most, the first (CH-110). With `any`, nothing would
 * keep a clinician from taking two that exclude each other – two dosings of one drug – so that one alone goes out: the
 * recommended one, else the first. Where that does several things and the client takes one at a time, it goes out as
 * several suggestions in the order of its actions, deletions before what takes their place, each named by what it does.
 */
function sendable(
  possible: readonly SuggestionContent[],
  { selectionBehavior, actionsPerSuggestion }: ClientProfile,
): readonly SuggestionContent[] {
  const recommended = possible.findIndex(({ isRecommended }) => isRecommended);
  if (selectionBehavior === 'at-most-one')
    return possible.map((suggestion, at) => ({ ...suggestion, isRecommended: at === recommended }));

  const chosen = possible[Math.max(recommended, 0)];
  if (chosen === undefined) return [];
  const { actions } = chosen;
  if (actionsPerSuggestion === 'many' || actions.length < 2) return [chosen];
  return actions.map((action) => ({ ...chosen, label: action.description, actions: [action] }));
}

/** Every one of its actions, or none: a replacement without its deletion would order a second drug. */
function canTake(profile: ClientProfile, { actions }: SuggestionContent): boolean {
  if (actions.length === 0) return profile.acknowledgements;
  // Split where at most one may be taken, what belongs together would exclude each other.
  const fits = actions.length === 1 || profile.actionsPerSuggestion === 'many' || profile.selectionBehavior === 'any';
  return fits && actions.every((action) => canDo(profile, action));
}

function canDo({ actionTypes, actionResources }: ClientProfile, action: ActionContent): boolean {
  return actionTypes.has(action.type) && (actionResources?.has(resourceTypeOf(action)) ?? true);
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
