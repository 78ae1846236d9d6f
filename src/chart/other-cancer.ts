import {
  type Classified,
  type ConditionRecord,
  conditionEvidence,
  counts,
  isActive,
  isOnlySuspected,
} from './condition.ts';
import { type Fact, notFound, yes } from './fact.ts';
import { isMetastasisSet, METASTASIS } from './metastasis-site.ts';
import type { Readings } from './reading.ts';
import { assertionOf } from './text.ts';

const ASPS_OR_PARENT = /alveolar[\s-]{1,3}soft|\basps\b|soft[\s-]{1,3}tissue sarcoma|^sarcoma$/i;
/** Any word of it: most problems have none, and one look has to do. */
const ONCOLOGY =
  /cancer|carcin|sarcom|lymphom|leuk|myelom|melanom|mesotheliom|gliom|blastom|malignan|hodgkin|stromal|\bgist\b/i;
/** Names of a histology that is not ASPS. */
const HISTOLOGY =
  /\b(?:\w{0,30}carcinoma|\w{1,30}sarcoma|(?:synovial|ewing'?s?|clear cell|epithelioid|pleomorphic|kaposi'?s?) sarcoma|lymphoma|hodgkin(?:'s)? disease|leuka?emia|myeloma|melanoma|mesothelioma|\w{0,30}glioma|\w{1,30}blastoma|gastrointestinal stromal tumou?r|gist)\b/;
const CANCER =
  /\b(?:(?:breast|lung|prostate|colon|rectal|colorectal|ovarian|bladder|kidney|renal|pancreatic|gastric|cervical|endometrial|uterine|thyroid|testicular|esophageal|oesophageal|liver|hepatocellular|skin|head and neck) (?:cancer|malignancy)|cancer of|malignant (?:neoplasm|tumou?r) of)\b/;
/** Grows where it is: it has no metastases that one could mistake for the ASPS's. */
const BASAL_CELL = /\bbasal cell\b/i;

/** Does the concept name a primary cancer that is not the ASPS, nor one of the names an ASPS is filed under? */
export function namesOtherCancer({ valueSets, texts }: Classified): boolean {
  if (valueSets.includes('asps') || valueSets.some(isMetastasisSet)) return false;
  const named = texts.filter((text) => ONCOLOGY.test(text));
  if (named.some((text) => ASPS_OR_PARENT.test(text) || BASAL_CELL.test(text))) return false;
  if (named.some((text) => namesPrimary(text, HISTOLOGY))) return true;
  if (valueSets.includes('asps-site-malignancy') || valueSets.includes('soft-tissue-sarcoma')) return false;
  return valueSets.includes('malignant-neoplasm') || named.some((text) => namesPrimary(text, CANCER));
}

/** "Metastasis of … carcinoma" is a secondary; "carcinoma metastatic to lung" names the primary. */
function namesPrimary(text: string, cancer: RegExp): boolean {
  if (assertionOf(text, cancer) !== 'affirmed') return false;
  const metastasis = METASTASIS.exec(text);
  return metastasis === null || (cancer.exec(text.toLowerCase())?.index ?? 0) < metastasis.index;
}

/** The Conditions that name another primary cancer, whatever its state. */
export function otherCancers(records: readonly ConditionRecord[]): readonly ConditionRecord[] {
  return records.filter(
    ({ condition, code }) => namesOtherCancer(code) && counts(condition) && !isOnlySuspected(condition),
  );
}

/** Another active primary cancer on file: what is secondary, and what a cytotoxic is for, can then be its. */
export function otherActiveCancer(others: readonly ConditionRecord[], readings: Readings): Fact {
  const found = others.filter(({ condition }) => isActive(condition));
  return found.length > 0
    ? yes(found.map(({ condition }) => conditionEvidence(condition)))
    : notFound(readings, ['conditions']);
}
