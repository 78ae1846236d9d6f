import { asObject, asObjects } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import { textsIn } from './compile.ts';
import type { BrowserContent, GuidelineContent } from './content.ts';
import { parseText } from './template.ts';

/**
 * The content as a browser needs it. Of value sets that is what a code is looked up by: displays and where a code was found
 * are for the pages that explain them, and are most of their size. Its texts come parsed, so that it needs no library for them.
 */
export function browserContent(content: GuidelineContent): BrowserContent {
  const texts = [...content.cards.map(({ file }) => file), ...content.orders]
    .flatMap((file) => textsIn(file, []))
    .flatMap(([, text]) => (text.includes('{') ? [[text, parseText(text)] as const] : []));
  return { ...content, valueSets: content.valueSets.map(slimValueSet), texts: Object.fromEntries(texts) };
}

function slimValueSet(valueSet: JsonObject): JsonObject {
  const compose = asObject(valueSet['compose']);
  return {
    ...only(valueSet, ['resourceType', 'id']),
    ...(compose === undefined
      ? {}
      : { compose: { ...slimParts(compose, 'include'), ...slimParts(compose, 'exclude') } }),
  };
}

function slimParts(compose: JsonObject, name: 'include' | 'exclude'): JsonObject {
  if (!(name in compose)) return {};
  return {
    [name]: asObjects(compose[name]).map((part) => ({
      ...only(part, ['system', 'filter']),
      ...('concept' in part ? { concept: asObjects(part['concept']).map((concept) => only(concept, ['code'])) } : {}),
    })),
  };
}

function only(object: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(members.flatMap((name) => (name in object ? [[name, object[name]]] : [])));
}
