import { type Attribution, attribute, type Primaries } from './attribution.ts';
import { readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import type { Evidence } from './fact.ts';
import { asObjects, asText } from './json.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, referencedId, resourcesOf } from './resource.ts';
import type { Terminology } from './terminology.ts';
import { assertionOf } from './text.ts';

// Roman or Arabic, with or without letters: "Stage IV", "stage 4", "IVB", "Stage group IIIB".
const STAGE_IV = /\bstage(?: group)?:? ?(?:iv|4)[a-c]?\b/;
const STAGE_BELOW_IV = /\bstage(?: group)?:? ?(?:i{1,3}|[1-3])[a-c]?\d?\b/;
const BARE_IV = /^\W{0,3}(?:IV|4)[A-C]?\W{0,3}$/i;
const BARE_BELOW_IV = /^\W{0,3}(?:I{1,3}|[1-3])[A-C]?\d?\W{0,3}$/i;
/** Alone, after a prefix (cM1) or at the end of a whole TNM (T2N0M1); "M1: no" is a question and its answer. */
const M1 = /(?:\b|[\dx])[cpry]{0,4}m1[a-c]?\b(?!\s{0,2}[:=?]\s{0,2}(?:no|none|negative|absent|false)\b(?!\s\w))/;
const M0 = /(?:\b|[\dx])[cpry]{0,4}m0\b(?!\s{0,2}[:=?]\s{0,2}(?:no|none|negative|absent|false)\b(?!\s\w))/;
/** A stage is a few words. */
const MAX_STAGE_TEXT = 200;

/** What one staging record says of distant spread. */
export interface StageStatement {
  /** `was-metastatic`: a past episode; whether there are metastases now it does not say. */
  readonly says: 'metastatic' | 'was-metastatic' | 'localised';
  readonly whose: Attribution;
  readonly evidence: Evidence;
}

/** Stage groups and M categories on file: Observations, and the stages inside the ASPS Conditions. */
export function stageStatements(
  readings: Readings,
  asps: readonly JsonObject[],
  primaries: Primaries,
  terminology: Terminology,
): readonly StageStatement[] {
  const statements: StageStatement[] = [];
  for (const observation of resourcesOf(readings, 'observationsStaging', 'Observation')) {
    const code = readCodedText(observation['code']);
    const isGroup = terminology.isIn(code, 'tnm-stage-group') || code.texts.some((text) => /stage group/i.test(text));
    const isM =
      terminology.isIn(code, 'tnm-m-category') || code.texts.some((text) => /\bM category|distant metast/i.test(text));
    const isHistory = terminology.isIn(code, 'metastatic-history');
    if (!(isGroup || isM || isHistory) || observation['status'] === 'cancelled') continue;
    const value = readCodedText(observation['valueCodeableConcept'], { text: observation['valueString'] });
    const says = isHistory
      ? saysHistory(observation['valueBoolean'])
      : isM
        ? saysM(value, terminology)
        : saysGroup(value, terminology, true);
    if (says === undefined) continue;
    const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
    const answer = says === 'localised' && isHistory ? 'no' : value.texts[0];
    const words = [code.texts[0], answer].filter((text) => text !== undefined).join(': ');
    // No metastatic cancer at all is none of the ASPS either.
    const whose = isHistory && says === 'localised' ? 'asps' : attribute(focusOf(observation), primaries);
    if (whose === 'other') continue;
    statements.push({
      says,
      whose,
      evidence: evidence(observation, 'observation', date, words === '' ? undefined : words),
    });
  }
  for (const condition of asps) {
    // A stage may stand in the name of the problem as well.
    const named = [{ text: readCodedText(condition['code']).texts.join('; ') }];
    const summaries = asObjects(condition['stage']).map((stage) => stage['summary']);
    for (const summary of [...summaries, ...named].map((concept) => readCodedText(concept))) {
      const says = saysGroup(summary, terminology, false) ?? saysM(summary, terminology);
      if (says !== undefined)
        statements.push({
          says,
          whose: 'asps',
          evidence: evidence(condition, 'diagnosis', undefined, summary.texts[0]),
        });
    }
  }
  return statements;
}

/** mCODE: the Condition that a staging or disease status is of. */
export function focusOf(observation: JsonObject): string | undefined {
  const [reference] = asObjects(observation['focus']).flatMap((focus) => asText(focus['reference']) ?? []);
  return reference === undefined ? undefined : referencedId(reference);
}

/** mCODE, HistoryOfMetastaticCancer: a past episode unless the value is false, which reverses the meaning. */
function saysHistory(value: unknown): StageStatement['says'] | undefined {
  if (value === undefined || value === true) return 'was-metastatic';
  return value === false ? 'localised' : undefined;
}

function saysM(value: CodedText, terminology: Terminology): StageStatement['says'] | undefined {
  const texts = shortTexts(value);
  if (terminology.isIn(value, 'm1') || texts.some((text) => assertionOf(text, M1) === 'affirmed')) return 'metastatic';
  if (terminology.isIn(value, 'm0') || texts.some((text) => assertionOf(text, M0) === 'affirmed')) return 'localised';
  return undefined;
}

/** A bare "IV" is a stage only where the record is one; elsewhere the word has to stand there. */
function saysGroup(value: CodedText, terminology: Terminology, bare: boolean): StageStatement['says'] | undefined {
  const texts = shortTexts(value);
  const says = (word: RegExp, alone: RegExp) =>
    texts.some((text) => assertionOf(text, word) === 'affirmed' || (bare && alone.test(text)));
  const four = terminology.isIn(value, 'stage-iv') || says(STAGE_IV, BARE_IV);
  const below = terminology.isIn(value, 'stage-below-iv') || says(STAGE_BELOW_IV, BARE_BELOW_IV);
  // "Stage III/IV" says neither.
  if (four === below) return undefined;
  return four ? 'metastatic' : 'localised';
}

function shortTexts({ texts }: CodedText): readonly string[] {
  return texts.map((text) => text.slice(0, MAX_STAGE_TEXT).replaceAll(/\s+/g, ' '));
}
