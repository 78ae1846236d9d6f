import { conditionEvidence, counts, isActive, isOnlySuspected } from './asps.ts';
import { type CodedText, readCodedText } from './coding.ts';
import { type Fact, notFound, yes } from './fact.ts';
import { METASTASIS, METASTASIS_VALUE_SETS } from './metastasis-site.ts';
import type { JsonObject, Readings } from './reading.ts';
import { resourcesOf } from './resource.ts';
import type { Terminology } from './terminology.ts';
import { assertionOf } from './text.ts';

const ASPS_OR_PARENT = /alveolar[\s-]+soft|\basps\b|soft[\s-]+tissue sarcoma|^sarcoma$/i;
const CANCER =
  /\b(?:\w*carcinoma|adenocarcinoma|\w*sarcoma|lymphoma|leuka?emia|myeloma|melanoma|mesothelioma|glioma|\w*blastoma|(?:breast|lung|prostate|colon|rectal|colorectal|ovarian|bladder|kidney|renal|pancreatic|gastric|cervical|endometrial|uterine|thyroid|testicular|esophageal|oesophageal|liver|hepatocellular|skin|head and neck) (?:cancer|malignancy)|cancer of|malignant (?:neoplasm|tumou?r) of)\b/;

/** Does the concept name a primary cancer that is not the ASPS, nor one of the names an ASPS is filed under? */
export function namesOtherCancer(concept: CodedText, terminology: Terminology): boolean {
  const inSet = (valueSet: string) => terminology.isIn(concept, valueSet);
  if (inSet('asps') || METASTASIS_VALUE_SETS.some(inSet)) return false;
  if (concept.texts.some((text) => ASPS_OR_PARENT.test(text))) return false;
  if (inSet('malignant-neoplasm')) return !inSet('asps-site-malignancy');
  if (inSet('asps-site-malignancy') || inSet('soft-tissue-sarcoma')) return false;
  return concept.texts.some((text) => {
    const spoken = assertionOf(text, CANCER);
    if (spoken !== 'affirmed') return false;
    // "Metastasis of … carcinoma" is a secondary; "carcinoma metastatic to lung" names the primary.
    return (
      !METASTASIS.test(text) || (CANCER.exec(text.toLowerCase())?.index ?? 0) < (METASTASIS.exec(text)?.index ?? 0)
    );
  });
}

/** Another active primary cancer on file: what is secondary, and what a cytotoxic is for, can then be its. */
export function otherActiveCancer(readings: Readings, terminology: Terminology): Fact {
  const found = otherCancerConditions(readings, terminology).filter(isActive);
  return found.length > 0 ? yes(found.map(conditionEvidence)) : notFound(readings, ['conditions']);
}

export function otherCancerConditions(readings: Readings, terminology: Terminology): readonly JsonObject[] {
  return resourcesOf(readings, 'conditions', 'Condition').filter(
    (condition) =>
      counts(condition) &&
      !isOnlySuspected(condition) &&
      namesOtherCancer(readCodedText(condition['code']), terminology),
  );
}
