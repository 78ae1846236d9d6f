import { Ajv } from 'ajv';
import type { Card } from './card-text.ts';

const text = { type: 'string' };
const filled = { type: 'string', minLength: 1 };
const boolean = { type: 'boolean' };
const objectOf = (required: readonly string[], properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required,
  properties,
});
const listOf = (items: object) => ({ type: 'array', items });

const action = objectOf(['type', 'description'], {
  type: { enum: ['create', 'update', 'delete'] },
  description: text,
  resourceId: text,
});

/** Can an EHR show this and act on it? */
export const isCard = new Ajv().compile<Card>(
  objectOf(['summary', 'indicator', 'source'], {
    uuid: filled,
    summary: filled,
    detail: text,
    indicator: { enum: ['info', 'warning', 'critical'] },
    source: objectOf(['label'], { label: text, url: text, topic: objectOf(['code'], { system: text, code: text }) }),
    suggestions: listOf(
      objectOf(['label'], { label: text, uuid: filled, isRecommended: boolean, actions: listOf(action) }),
    ),
    selectionBehavior: text,
    overrideReasons: listOf(objectOf(['code'], { code: filled, system: text, display: text })),
    links: listOf(objectOf(['label', 'url', 'type'], { label: text, url: text, type: text, appContext: text })),
  }),
);
