import { problemsAgainst } from './problems.ts';
import { definitions, extension, text } from './strict.ts';

/** The discovery document (CH-03 to CH-10), stricter than the specification: no member that it does not name. */
export const discoverySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['services'],
  properties: {
    services: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['hook', 'title', 'description', 'id'],
        properties: {
          hook: { type: 'string', pattern: '^[a-z]+(-[a-z]+)+$' },
          title: text,
          description: text,
          id: { type: 'string', pattern: '^[A-Za-z0-9._~-]+$' },
          usageRequirements: text,
          // A template is relative: no base and no leading slash (CH-43).
          prefetch: {
            type: 'object',
            minProperties: 1,
            additionalProperties: { type: 'string', pattern: '^(?:\\{\\{context\\.|[A-Z])' },
          },
          extension,
        },
      },
    },
    extension,
  },
  $defs: definitions,
};

/** What is wrong with a discovery document. */
export const discoveryProblems = problemsAgainst(discoverySchema);
