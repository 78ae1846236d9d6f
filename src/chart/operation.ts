import { ABBREVIATION, FULL_NAME } from './asps-name.ts';
import type { Attribution } from './attribution.ts';
import type { DateInterval } from './calendar.ts';
import type { CodedText } from './coding.ts';
import type { Evidence } from './fact.ts';
import type { JsonObject } from './reading.ts';
import type { ServiceRecord } from './service-record.ts';
import type { Terminology } from './terminology.ts';

/** What a service is, as far as the guideline asks of the local treatment (facts: "Surgery and local therapy"). */
export type Operation = (typeof OPERATIONS)[number];

const OPERATIONS = [
  'excision',
  'amputation',
  'lung-metastasectomy',
  'other-metastasectomy',
  'biopsy',
  'pathology',
  'radiotherapy',
  'surgical-referral',
  'radiotherapy-referral',
] as const;

const BY_VALUE_SET: ReadonlyMap<string, Operation> = new Map([
  ['tumour-resection', 'excision'],
  ['limb-amputation', 'amputation'],
  ['lung-resection', 'lung-metastasectomy'],
  ['brain-resection', 'other-metastasectomy'],
  ['biopsy', 'biopsy'],
  ['pathology-report', 'pathology'],
  ['radiotherapy', 'radiotherapy'],
  ['surgical-referral', 'surgical-referral'],
  ['radiotherapy-referral', 'radiotherapy-referral'],
]);

/** One operation, biopsy, course of radiotherapy or referral on file, and whose tumour it was for. */
export interface OperationRecord {
  readonly operation: Operation;
  readonly key: ServiceRecord['key'];
  readonly state: ServiceRecord['state'];
  readonly date: DateInterval | undefined;
  readonly whose: Attribution;
  /** The record itself names the ASPS, by reference or in words. */
  readonly linked: boolean;
  readonly evidence: Evidence;
  readonly resource: JsonObject;
}

/** The name of a service is short. */
const MAX_TEXT = 500;
/** Any of them: most services are none of it, and one look has to do. */
const LOCAL =
  /\b(?:\w{0,20}ectom|excis|resect|re-?excis|remov|amput|disartic|rotationp|hindq|foreq|limb|craniot|biops|aspirat|needle|fna|tru-?cut|path|histo|cytol|radi|irradi|imrt|vmat|ebrt|sbrt|sabr|brachy|proton|external beam|stereotac|cyberk|gamma|refer|consult|opinion|debulk|extirp|compart)/i;
/** It was not made, or is only thought of. */
const NOT_DONE =
  /\b(?:declined|refused|not (?:done|performed|indicated|needed|planned|recommended)|cancell?ed|deferred|recommended|advised|suggested|considered|aborted|avoid\w{0,3}|no (?:excision|resection|amputation|biopsy|radiotherapy|surgery))\b/;
/** It is of the time before, or of what is left of it: "follow-up after excision", "stump revision". */
const AFTERCARE =
  /\b(?:follow[- ]?up|aftercare|after|post[- ]?op\w{0,8}|status post|s\/p|history of|stump|prosthe\w{1,5}|dressing|suture removal|wound|scar|rehab\w{0,9}|physiotherapy|physical therapy|education|counsell?ing)\b/;
const REFERRAL = /\b(?:referr?al|refer|consult\w{0,8}|opinion)\b/;
const SURGEON = /\b(?:surg\w{0,6}|orthop\w{0,8}|sarcoma)\b/;
const RADIATION = /\b(?:radiation|radiotherap\w{0,4}|radio-?oncolog\w{0,3})\b/;
const BIOPSY = /\b(?:biops(?:y|ies)|fine[- ]needle|core[- ]needle|fna[bc]?|tru-?cut|needle aspirat\w{0,4})\b/;
/** "Biopsy-proven sarcoma, wide excision" is no biopsy. */
const PROVEN = /\bbiops(?:y|ied)[- ](?:proven|confirmed|tract|site|scar)\b/g;
const PATHOLOGY = /\b(?:(?:surgical |anatomic(?:al)? )?pathology|histopathology|histology|cytopathology)\b/;
const LUNG = /\b(?:lungs?|pulmonary|thoracoscop\w{0,4}|thoracotom\w{0,3}|vats|rats|bronch\w{0,4})\b/;
const LOBECTOMY = /\b(?:lobectom|pneumonectom|segmentectom|bilobectom|metastasectom)(?:y|ies)\b/;
/** Lobes and segments of other organs. */
const NOT_LUNG =
  /\b(?:thyroid|hepatic|liver|hepat\w{0,6}|temporal|frontal|brain|cerebr\w{0,4}|breast|parotid|kidney|renal)\b/;
const TAKEN_OUT =
  /\b(?:excisions?|excise|re-?excisions?|re-?resections?|resections?|resect|remov(?:al|e)|extirpation|debulking|\w{0,20}ectom(?:y|ies))\b/;
const ELSEWHERE =
  /\b(?:brain|cerebr\w{0,4}|cerebell\w{0,4}|intracranial|crani\w{0,7}|liver|hepat\w{0,6}|metasta\w{1,6}|mediastin\w{1,4}|pleura\w{0,3}|adrenal\w{0,6}|spin(?:e|al)|vertebr\w{0,6})\b/;
const AMPUTATION =
  /\b(?:amputations?|amputate|disarticulation|hemipelvectomy|hindquarter|forequarter|rotationplasty)\b/;
/** Small parts, which go for other reasons than a sarcoma. */
const DIGIT = /\b(?:toes?|fingers?|digits?|thumb|hallux|ray|phalan\w{1,5}|cervix|cervical)\b/;
const TUMOUR = /\b(?:sarcoma|tumou?rs?|mass|neoplasms?|asps|malignan\w{1,5}|soft[- ]tissue)\b/;
const WIDE =
  /\b(?:wide(?: local)? (?:re-?)?excision|wide resection|radical (?:excision|resection)|compartment\w{0,4}|limb[- ](?:sparing|salvage)|tumou?r bed)\b/;
/** Removed every day, and no sarcoma. */
const NOT_SARCOMA =
  /\b(?:skin|cutaneous|dermal|moles?|na?evus|na?evi|lipomas?|cysts?|warts?|polyps?|keratos[ie]s|basal|squamous|melanoma|lymph|nodes?|nodal|tonsil\w{0,6}|adenoid\w{0,6}|teeth|tooth|molars?|cataract|lens|hardware|implants?|screws?|plates?|catheter|port|line|stent|drain|sutures?|staples?|foreign body|cerumen|pilonidal|append\w{0,8}|gallbladder|cholecyst\w{0,6}|h[ae]morrhoid\w{0,6}|nail|thyroid\w{0,6}|breast|mammary|mastectomy|lumpectomy|prostat\w{0,6}|colon|colonic|colectomy|rect(?:al|um)|gastr\w{0,7}|duoden\w{0,6}|esophag\w{0,7}|oesophag\w{0,7}|transurethral|endoscop\w{0,4}|bladder|ovar\w{1,8}|uter\w{1,5}|hyster\w{1,7}|myomectomy|cervi(?:x|cal)|endometri\w{1,3}|salping\w{1,12}|vasectomy|nephrectomy|kidney|renal|splen\w{1,6}|pancrea\w{1,12}|parotid\w{0,6}|pituitary|meningioma|bunion|ganglion|fibroid\w{0,2}|leiomyoma|discectomy|laminectomy|thrombectomy|embolectomy|endarterectomy|cardiac|valve|h[ae]mangioma|bone marrow|marrow)\b/;
/** Biopsies of organs in which nobody looks for a soft-tissue tumour. */
const OTHER_BIOPSY =
  /\b(?:skin|bone marrow|marrow|colon\w{0,7}|rect(?:al|um)|gastr\w{0,7}|duoden\w{0,6}|esophag\w{0,7}|oesophag\w{0,7}|endoscop\w{0,4}|endometri\w{1,3}|cervi(?:x|cal)|pap|prostat\w{0,4}|breast|thyroid|kidney|renal|bladder|temporal artery|liquid|transplant|myocardial|embryo|chorionic|villus|polyps?|placenta\w{0,2})\b/;
const RADIOTHERAPY =
  /\b(?:radiotherap(?:y|ies)|radiation (?:therapy|treatment|course|oncology treatment)|radiosurgery|irradiation|imrt|vmat|ebrt|sbrt|sabr|brachytherapy|proton (?:beam|therapy)|external beam|cyberknife|gamma ?knife)\b/;
/** Rays at other places than the bed of the primary, and rays at blood bags. */
const OTHER_RADIATION =
  /\b(?:brain|cerebral|cranial|intracranial|gamma ?knife|radiosurgery|lungs?|pulmonary|liver|hepatic|spin(?:e|al)|vertebr\w{0,6}|bones?|metasta\w{1,6}|mediastin\w{1,4}|red cells?|platelets?|blood|phototherapy|breast|prostate|thyroid|skin)\b/;

/** What a service is: by its codes, else by its words; nothing, if it is none of this. */
export function operationsIn(concept: CodedText, terminology: Terminology): readonly Operation[] {
  const text = concept.texts.length === 1 ? (concept.texts[0] ?? '') : concept.texts.join(' ');
  const coded = codedOperations(terminology.valueSetsOf(concept));
  if (coded.length === 0 && !LOCAL.test(text.slice(0, MAX_TEXT))) return [];
  const entries = text.slice(0, MAX_TEXT).toLowerCase().split(';');
  if (coded.length > 0) return coded.flatMap((operation) => narrowed(operation, entries.join(' ')));
  return [...new Set(entries.flatMap(named))];
}

/**
 * Is it radiotherapy of a tumour that may be a sarcoma, wherever its field? Of what is asked of the bed of the primary,
 * `operationsIn` leaves out rays at metastases.
 */
export function isRadiotherapy(concept: CodedText, terminology: Terminology): boolean {
  const text = concept.texts.join(';').slice(0, MAX_TEXT).toLowerCase();
  if (NO_SARCOMA_FIELD.test(text) && !namesSarcoma(text)) return false;
  if (terminology.valueSetsOf(concept).includes('radiotherapy')) return true;
  return text
    .split(';')
    .some((entry) => RADIOTHERAPY.test(entry) && ![NOT_DONE, REFERRAL, AFTERCARE].some((word) => word.test(entry)));
}

function codedOperations(valueSets: readonly string[]): readonly Operation[] {
  return [...new Set(valueSets.flatMap((valueSet) => BY_VALUE_SET.get(valueSet) ?? []))];
}

/** Blood bags, and organs in which nobody irradiates a soft-tissue tumour. */
const NO_SARCOMA_FIELD = /\b(?:red cells?|platelets?|blood|phototherapy|breast|prostate|thyroid|skin)\b/;

/** "Wide excision" and "radiotherapy" have codes that say nothing of the place; the words beside them do. */
function narrowed(operation: Operation, text: string): readonly Operation[] {
  if (operation === 'excision' && NOT_SARCOMA.test(text) && !namesSarcoma(text)) return [];
  if (operation === 'excision' && LUNG.test(text)) return ['lung-metastasectomy'];
  if (operation === 'excision' && ELSEWHERE.test(text)) return ['other-metastasectomy'];
  if (operation === 'biopsy' && OTHER_BIOPSY.test(text)) return [];
  return operation === 'radiotherapy' && OTHER_RADIATION.test(text) ? [] : [operation];
}

function named(entry: string): readonly Operation[] {
  if (NOT_DONE.test(entry)) return [];
  if (REFERRAL.test(entry)) return referralIn(entry);
  const text = entry.replaceAll(PROVEN, ' ');
  if (PATHOLOGY.test(text)) return OTHER_BIOPSY.test(text) ? [] : ['pathology'];
  if (BIOPSY.test(text)) return OTHER_BIOPSY.test(text) ? [] : ['biopsy'];
  if (RADIOTHERAPY.test(text)) return OTHER_RADIATION.test(text) || AFTERCARE.test(text) ? [] : ['radiotherapy'];
  return AFTERCARE.test(text) ? [] : removalIn(text);
}

function referralIn(text: string): readonly Operation[] {
  if (RADIATION.test(text)) return ['radiotherapy-referral'];
  return SURGEON.test(text) ? ['surgical-referral'] : [];
}

function removalIn(text: string): readonly Operation[] {
  if (AMPUTATION.test(text)) return DIGIT.test(text) && !namesSarcoma(text) ? [] : ['amputation'];
  const ofLung = LUNG.test(text) && TAKEN_OUT.test(text);
  if (ofLung || (LOBECTOMY.test(text) && !NOT_LUNG.test(text) && !ELSEWHERE.test(text.replaceAll(METASTASECTOMY, ' '))))
    return ['lung-metastasectomy'];
  if (/\bcraniotomy\b/.test(text) || (TAKEN_OUT.test(text) && ELSEWHERE.test(text) && TUMOUR_OR_METASTASIS.test(text)))
    return ['other-metastasectomy'];
  if (NOT_SARCOMA.test(text) && !namesSarcoma(text)) return [];
  return WIDE.test(text) || (TAKEN_OUT.test(text) && TUMOUR.test(text)) ? ['excision'] : [];
}
const METASTASECTOMY = /\bmetastasectom(?:y|ies)\b/g;
const TUMOUR_OR_METASTASIS = /\b(?:sarcoma|tumou?rs?|mass|lesions?|neoplasms?|metasta\w{1,9}|metastasectom(?:y|ies))\b/;

/** Does it name the tumour that the guideline is about, or the family it belongs to? */
export function namesSarcoma(text: string): boolean {
  const lower = text.slice(0, MAX_TEXT).toLowerCase();
  return /\bsarcoma\b/.test(lower) || FULL_NAME.test(lower) || ABBREVIATION.test(lower);
}
