import { ABBREVIATION, FULL_NAME } from './asps-name.ts';
import { type Attribution, attribute } from './attribution.ts';
import { type CodedText, readCodedText } from './coding.ts';
import { type ConditionRecord, classify } from './condition.ts';
import { asObjects, asText } from './json.ts';
import { isMetastasisSet } from './metastasis-site.ts';
import { namesOtherCancer } from './other-cancer.ts';
import type { JsonObject } from './reading.ts';
import { referencedId } from './resource.ts';
import { relatedPrimary, type Spread } from './spread.ts';
import type { Terminology } from './terminology.ts';

/** What an order is for, by its reasons in words, codes or by reference; `open` when they do not say. */
export type IndicationReader = (order: JsonObject) => Attribution;

const SARCOMA = /\bsarcoma\b/i;
/** Whatever may be said of a tumour or of its treatment. */
const TUMOUR =
  /neoplas|cancer|tumou?r|malign|sarcom|carcin|metast|\bmets?\b|lymphom|leuk|myelom|melanom|\basps\b|\bmass\b|lump|lesion|nodul|oncol|chemo|immunotherap|palliat|stage|relaps|recurr|progress|treatment|therapy|surgery/i;

/** Reads the reasons of orders against the Conditions on file, which are indexed once. */
export function indicationReader(
  records: readonly ConditionRecord[],
  { primaries }: Spread,
  terminology: Terminology,
): IndicationReader {
  const byId = new Map(records.map((record) => [asText(record.condition['id']) ?? '', record]));

  return (order) => {
    const reasons = [
      ...asObjects(order['reasonCode']).map((reason) => ofText(readCodedText(reason))),
      ...asObjects(order['reasonReference']).map(ofReference),
    ];
    if (reasons.includes('asps')) return 'asps';
    if (reasons.includes('other')) return 'other';
    return order['resourceType'] === 'MedicationRequest' && namesNoTumour(order) ? 'other' : 'open';
  };

  /** Cyclophosphamide for lupus nephritis: a drug whose reasons are stated, in words, and none of them is of a tumour. */
  function namesNoTumour(order: JsonObject): boolean {
    const stated = [
      ...asObjects(order['reasonCode']).map((reason) => readCodedText(reason)),
      ...asObjects(order['reasonReference']).map(
        (reason) =>
          byId.get(referencedId(asText(reason['reference']) ?? ''))?.code ?? readCodedText({ text: reason['display'] }),
      ),
    ];
    return (
      stated.length > 0 &&
      stated.every(
        (reason) =>
          reason.texts.length > 0 &&
          classify(reason, terminology).valueSets.length === 0 &&
          !reason.texts.some((text) => TUMOUR.test(text)),
      )
    );
  }

  function ofReference(reason: JsonObject): Attribution {
    const target = asText(reason['reference']);
    const record = target === undefined ? undefined : byId.get(referencedId(target));
    if (record === undefined) return ofText(readCodedText({ text: reason['display'] }));
    const { condition, code } = record;
    if (primaries.asps.has(asText(condition['id']) ?? '')) return 'asps';
    if (!code.valueSets.some(isMetastasisSet)) return ofText(code);
    // A secondary is its primary's, where it says whose it is; "whose but the ASPS's" is no answer here.
    const primary = relatedPrimary(condition);
    return primary === undefined ? 'open' : attribute(primary, { ...primaries, anotherActive: true });
  }

  function ofText(reason: CodedText): Attribution {
    const classified = classify(reason, terminology);
    if (namesOtherCancer(classified)) return 'other';
    const named =
      classified.valueSets.includes('asps') ||
      classified.valueSets.includes('soft-tissue-sarcoma') ||
      reason.texts.some((text) => SARCOMA.test(text) || namesAsps(text.toLowerCase()));
    return named ? 'asps' : 'open';
  }
}

function namesAsps(text: string): boolean {
  return FULL_NAME.test(text) || ABBREVIATION.test(text);
}
