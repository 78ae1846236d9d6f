import type { ClientFeature, DeleteShape } from '../../../src/cds-hooks/profile.ts';
import { problemsAgainst } from './problems.ts';
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

/** CH-132; `display` is required of override reasons from 2.0 on (CH-104), and we always have it. */
const coding = strictly({ code: text, system: url, display: text }, { extension });

/** CH-110: cds-resp-1 */
const recommendsOneUnlessAny = {
  anyOf: [
    { type: 'object', required: ['selectionBehavior'], properties: { selectionBehavior: { const: 'any' } } },
    {
      type: 'object',
      properties: {
        suggestions: {
          type: 'array',
          contains: { type: 'object', required: ['isRecommended'], properties: { isRecommended: { const: true } } },
          minContains: 0,
          maxContains: 1,
        },
      },
    },
  ],
};

/**
 * The answer of a service (CH-88 to CH-132), stricter than the specification: no member that it does not name, and those
 * that only some clients know only with the feature.
 */
export function responseSchema(
  features: ReadonlySet<ClientFeature> = new Set(),
  deleteShape: DeleteShape = 'resourceId',
): object {
  const suggestion = strictly(
    { label: text, uuid },
    {
      isRecommended: { type: 'boolean' },
      actions: some(action(deleteShape)),
      ...selectionOfActions(features.has('action-selection-behavior')),
      extension,
    },
  );
  const card = {
    ...strictly(
      { uuid, summary, indicator, source: strictly({ label: text }, { url, icon: url, topic: coding, extension }) },
      {
        detail,
        suggestions: some(suggestion),
        selectionBehavior: { enum: ['at-most-one', 'any'] },
        overrideReasons: some(coding),
        links: some(link(features.has('autolaunchable'))),
        extension,
      },
    ),
    ...selectionBehaviorWithSuggestions,
    ...recommendsOneUnlessAny,
  };
  return { ...strictly({ cards: { type: 'array', items: card } }, { extension }), $defs: definitions };
}

/** What is wrong with an answer. `maxLength` counts code points; for UTF-16 see the test of the answer. */
export const responseProblems = problemsAgainst(responseSchema());
