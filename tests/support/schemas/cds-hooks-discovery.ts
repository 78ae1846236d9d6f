import { problemsAgainst } from './problems.ts';
import { definitions, extension, text } from './strict.ts';

/** The members of a service that came after 1.0 (CH-10 to CH-12). */
const since2 = {
  usageRequirements: text,
  version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$' },
  hookVersion: { type: 'string', pattern: '^\\d+(\\.\\d+){1,2}$' },
};

/** The discovery document (CH-03 to CH-12), stricter than the specification: no member that it does not name. */
const discoverySchema = (since: object) => ({
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
          ...since,
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
});

/** What is wrong with a discovery document. */
export const discoveryProblems = problemsAgainst(discoverySchema(since2));

/** What is wrong with one for a client of CDS Hooks 1.0. */
export const discovery10Problems = problemsAgainst(discoverySchema({}));
