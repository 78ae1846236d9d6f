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

const ASPS_OR_PARENT =
  /alveolar[\s-]{1,3}soft|\basps\b|soft[\s-]{1,3}tissue sarcoma|(?:neoplasm|tumou?r|cancer) of (?:connective|(?:other )?soft[\s-]tissue|(?:right |left )?(?:thigh|buttock|lower limb|leg))|^sarcoma$/i;
/** Any word of it: most problems have none, and one look has to do. */
const ONCOLOGY =
  /metast|\bmets?\b|cancer|carcin|sarcom|lymphom|leuk|myelom|melanom|mesotheliom|gliom|blastom|malignan|hodgkin|stromal|\bgist\b/i;
/** Names of a histology that is not ASPS, and of an organ's cancer: whose metastasis it is, they say themselves. */
const NAMED =
  /\b(?:\w{0,30}carcinoma|\w{1,30}sarcoma|(?:synovial|ewing'?s?|clear cell|epithelioid|pleomorphic|kaposi'?s?) sarcoma|lymphoma|hodgkin(?:'s)? disease|leuka?emia|myeloma|melanoma|mesothelioma|\w{0,30}glioma|\w{1,30}blastoma|gastrointestinal stromal tumou?r|gist|(?:breast|lung|prostate|colon|rectal|colorectal|ovarian|bladder|kidney|renal|pancreatic|gastric|cervical|endometrial|uterine|thyroid|testicular|esophageal|oesophageal|liver|hepatocellular|skin|head and neck) (?:cancer|malignancy))\b/;
/** The same words stand in the names of secondary malignancies. */
const UNNAMED = /\b(?:cancer of|malignant (?:neoplasm|tumou?r) of)\b/;
/** A metastasis by its everyday name: the organ is where it is, not where it began. "Secondary breast cancer" is breast cancer. */
const SECONDARY =
  /\bsecondary (?:lung|pulmonary|liver|hepatic|bone|brain|cerebral) (?:cancer|carcinoma|tumou?r|neoplasm)s?\b/gi;
/** Speaks of a cancer that is not there. */
const NOT_A_DISEASE =
  /\b(?:screen\w{0,3}|prevention|vaccin\w{0,5}|susceptib\w{0,5}|risk (?:of|for)|survivor|precursor|hx|encounter for)\b/i;
/** Grows where it is: it has no metastases that one could mistake for the ASPS's. */
const BASAL_CELL = /\bbasal cell\b/i;

/** May the concept be of a cancer at all, primary or secondary? */
export function mayNameCancer({ valueSets, texts }: Classified): boolean {
  return valueSets.length > 0 || texts.some((text) => ONCOLOGY.test(text));
}

/** Does the concept name a primary cancer that is not the ASPS, nor one of the names an ASPS is filed under? */
export function namesOtherCancer({ valueSets, texts }: Classified): boolean {
  if (valueSets.includes('asps')) return false;
  const named = texts
    .filter((text) => ONCOLOGY.test(text) && !NOT_A_DISEASE.test(text))
    .map((text) => text.replaceAll(SECONDARY, ' '));
  if (named.some((text) => ASPS_OR_PARENT.test(text) || BASAL_CELL.test(text))) return false;
  if (named.some((text) => assertionOf(text, NAMED) === 'affirmed')) return true;
  if (valueSets.some(isMetastasisSet)) return false;
  if (valueSets.includes('asps-site-malignancy') || valueSets.includes('soft-tissue-sarcoma')) return false;
  return valueSets.includes('malignant-neoplasm') || named.some(namesPrimary);
}

function namesPrimary(text: string): boolean {
  return assertionOf(text, UNNAMED) === 'affirmed' && !METASTASIS.test(text);
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
