import { type Attribution, attribute, type Primaries } from './attribution.ts';
import { type DateInterval, readDate, readPeriod } from './calendar.ts';
import { readCodedText } from './coding.ts';
import type { Evidence } from './fact.ts';
import { asObject, asObjects, asText } from './json.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import { focusOf } from './stage.ts';
import type { Terminology } from './terminology.ts';
import { MAX_TEXT } from './text.ts';

const NO_RESULT = new Set(['registered', 'cancelled', 'entered-in-error']);

/** What was looked at in the tumour, as far as a record's code or words tell it. */
export type BiomarkerName = 'tfe3' | 'tumour-mutation-burden' | 'pd-l1' | 'other';

/** One biomarker result on file, in the chart's own words; what follows from it, the facts say. */
export interface BiomarkerResult {
  readonly name: BiomarkerName;
  readonly date: DateInterval | undefined;
  readonly whose: Exclude<Attribution, 'other'>;
  readonly evidence: Evidence;
}

const NAMES: readonly (readonly [BiomarkerName, readonly string[], RegExp])[] = [
  ['tfe3', ['tfe3-rearrangement', 'gene-tfe3'], /\b(?:tfe3|aspscr1|aspl)\b/i],
  ['tumour-mutation-burden', ['tumour-mutation-burden'], /\btumou?r mutation(?:al)? burden\b|\btmb\b/i],
  ['pd-l1', ['pd-l1-test'], /\bpd-?l1\b/i],
];

/** Every result that is not another cancer's: earlier ones and undated ones too. */
export function readBiomarkerResults(
  readings: Readings,
  primaries: Primaries,
  terminology: Terminology,
): readonly BiomarkerResult[] {
  return resourcesOf(readings, 'observationsBiomarkers', 'Observation').flatMap((observation): BiomarkerResult[] => {
    const whose = attribute(focusOf(observation), primaries);
    if (NO_RESULT.has(asText(observation['status']) ?? '') || whose === 'other') return [];
    const code = readCodedText(observation['code']);
    const parts = asObjects(observation['component']).map((component) =>
      readCodedText(component['valueCodeableConcept'], { text: component['valueString'] }),
    );
    const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
    const words = [code.texts[0], ...parts.map(({ texts }) => texts[0]), ...valueOf(observation)];
    const text = words.filter((word) => word !== undefined).join(': ');
    const found = NAMES.find(([, valueSets, pattern]) =>
      [code, ...parts].some(
        (concept) =>
          valueSets.some((valueSet) => terminology.isIn(concept, valueSet)) ||
          concept.texts.some((one) => pattern.test(one.slice(0, MAX_TEXT))),
      ),
    );
    const said = evidence(observation, 'observation', date, text === '' ? undefined : text);
    return [{ name: found?.[0] ?? 'other', date, whose, evidence: said }];
  });
}

/** The answer in words: a concept, text, or a quantity with its comparator and unit. */
function valueOf(observation: JsonObject): readonly (string | undefined)[] {
  const quantity = asObject(observation['valueQuantity']);
  const figures = ['comparator', 'value', 'unit'].map((member) => quantity?.[member]);
  const written = figures.filter((part) => typeof part === 'number' || typeof part === 'string').join(' ');
  return [
    readCodedText(observation['valueCodeableConcept'], { text: observation['valueString'] }).texts[0],
    written === '' ? undefined : written,
  ];
}
