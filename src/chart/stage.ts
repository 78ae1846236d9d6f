import { readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import type { Evidence } from './fact.ts';
import { asObjects } from './json.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Terminology } from './terminology.ts';

// Roman or Arabic, with or without letters: "Stage IV", "stage 4", "IVB", "Stage group IIIB".
const STAGE_IV = /^\W*(?:(?:clinical|pathologic\w*|ajcc|anatomic|tnm)\s+)*(?:stage\s*(?:group)?\s*)?(?:IV|4)[A-C]?\b/i;
const STAGE_BELOW_IV =
  /^\W*(?:(?:clinical|pathologic\w*|ajcc|anatomic|tnm)\s+)*(?:stage\s*(?:group)?\s*)?(?:I{1,3}|[1-3])[A-C]?\d?\b/i;
const STAGE_WORD = /\bstage\b/i;
const M1 = /\b[cpry]*M1[a-c]?\b/i;
const M0 = /\b[cpry]*M0\b/i;

/** What one staging record says of distant spread. */
export interface StageStatement {
  readonly says: 'metastatic' | 'localised' | 'staged';
  readonly evidence: Evidence;
}

/** Stage groups and M categories on file: Observations, and the stages inside the ASPS Conditions. */
export function stageStatements(
  readings: Readings,
  asps: readonly JsonObject[],
  terminology: Terminology,
): readonly StageStatement[] {
  const statements: StageStatement[] = [];
  for (const observation of resourcesOf(readings, 'observationsStaging', 'Observation')) {
    const code = readCodedText(observation['code']);
    const isGroup = terminology.isIn(code, 'tnm-stage-group') || code.texts.some((text) => /stage group/i.test(text));
    const isM =
      terminology.isIn(code, 'tnm-m-category') || code.texts.some((text) => /\bM category|distant metast/i.test(text));
    if (!(isGroup || isM) || observation['status'] === 'cancelled') continue;
    const value = readCodedText(observation['valueCodeableConcept'], { text: observation['valueString'] });
    const says = isM ? saysM(value, terminology) : saysGroup(value, terminology, true);
    if (says === undefined) continue;
    const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
    const words = [code.texts[0], value.texts[0]].filter((text) => text !== undefined).join(': ');
    statements.push({ says, evidence: evidence(observation, 'observation', date, words === '' ? undefined : words) });
  }
  for (const condition of asps) {
    for (const stage of asObjects(condition['stage'])) {
      const summary = readCodedText(stage['summary']);
      const says = saysGroup(summary, terminology, false) ?? saysM(summary, terminology);
      if (says !== undefined)
        statements.push({ says, evidence: evidence(condition, 'diagnosis', undefined, summary.texts[0]) });
    }
  }
  return statements;
}

function saysM(value: CodedText, terminology: Terminology): StageStatement['says'] | undefined {
  if (terminology.isIn(value, 'm1') || value.texts.some((text) => M1.test(text))) return 'metastatic';
  if (terminology.isIn(value, 'm0') || value.texts.some((text) => M0.test(text))) return 'localised';
  return undefined;
}

/** A bare "IV" is a stage only where the record is one; elsewhere the word has to stand there. */
function saysGroup(value: CodedText, terminology: Terminology, bare: boolean): StageStatement['says'] | undefined {
  const texts = value.texts.filter((text) => bare || STAGE_WORD.test(text));
  if (terminology.isIn(value, 'stage-iv') || texts.some((text) => STAGE_IV.test(text))) return 'metastatic';
  if (terminology.isIn(value, 'stage-below-iv') || texts.some((text) => STAGE_BELOW_IV.test(text))) return 'localised';
  return texts.length > 0 ? 'staged' : undefined;
}
