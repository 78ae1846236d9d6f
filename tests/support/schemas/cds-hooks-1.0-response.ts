import type { ClientFeature, DeleteShape } from '../../../src/cds-hooks/profile.ts';
import {
  action,
  detail,
  indicator,
  link,
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
 * `overrideReasons` or `isRecommended`, no `systemActions`, no selection but `at-most-one`, and a deletion with a string
 * unless the client is configured otherwise.
 */
export function response10Schema(
  features: ReadonlySet<ClientFeature> = new Set(),
  deleteShape: DeleteShape = 'resource',
): object {
  const suggestion = strictly(
    { label: text },
    {
      uuid,
      actions: some(action(deleteShape)),
      ...selectionOfActions(features.has('action-selection-behavior')),
      extension,
    },
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
