import type { ClientFeature } from '../../../src/cds-hooks/profile.ts';
import {
  detail,
  indicator,
  link,
  reference,
  resource,
  selectionBehaviorWithSuggestions,
  selectionOfActions,
  some,
  strictly,
  summary,
  uuid,
} from './response-parts.ts';
import { definitions, extension, text, url } from './strict.ts';

/**
 * The answer as CDS Hooks 1.0 has it (HL7, 2019), and no member that 1.0 does not name: no `uuid`, `topic`,
 * `overrideReasons` or `isRecommended`, no `systemActions`, no selection but `at-most-one`, and a deletion with a string.
 */
export function response10Schema(features: ReadonlySet<ClientFeature> = new Set()): object {
  const action = {
    anyOf: [
      strictly({ type: { enum: ['create', 'update'] }, description: text, resource }, { extension }),
      strictly({ type: { const: 'delete' }, description: text, resource: reference }, { extension }), // CH-119
    ],
  };
  const suggestion = strictly(
    { label: text },
    { uuid, actions: some(action), ...selectionOfActions(features.has('action-selection-behavior')), extension },
  );
  const card = {
    ...strictly(
      { summary, indicator, source: strictly({ label: text }, { url, icon: url, extension }) },
      {
        detail,
        suggestions: some(suggestion),
        selectionBehavior: { const: 'at-most-one' },
        links: some(link(features.has('autolaunchable'))),
        extension,
      },
    ),
    ...selectionBehaviorWithSuggestions,
  };
  return { ...strictly({ cards: { type: 'array', items: card } }, { extension }), $defs: definitions };
}
