import type { CodedText } from './coding.ts';
import type { Classified } from './condition.ts';

/** Where a metastasis sits, as far as the guideline tells sites apart. */
export type MetastasisSite = 'lung' | 'pleura-mediastinum' | 'cns' | 'bone' | 'liver' | 'lymph-node' | 'other';

const SITES: readonly (readonly [MetastasisSite, RegExp])[] = [
  ['lung', /\b(?:lungs?|pulmonary)\b/i],
  ['pleura-mediastinum', /\b(?:pleura\w*|mediastin\w*)\b/i],
  [
    'cns',
    /\b(?:brain|cerebr\w*|cerebell\w*|intracranial|mening\w*|leptomeningeal|spinal cord|central nervous system|cns)\b/i,
  ],
  ['bone', /\b(?:bones?|osseous|skeletal(?! muscle)|vertebra\w*|spine|femur|rib)\b/i],
  ['liver', /\b(?:liver|hepatic)\b/i],
  ['lymph-node', /\b(?:lymph|nodal|nodes?)\b/i],
];

/** Is it a value set of secondary malignancies? There is one a site. */
export function isMetastasisSet(valueSet: string): boolean {
  return valueSet.startsWith('metastasis-');
}

/** "Mets" is a metastasis only beside a site: it is also a unit of exertion, and goals are met. */
export const METASTASIS =
  /\bmetasta(?:tic|sis|ses|tases)\b(?! (?:calcification|infection|abscess|work[- ]?up|screen\w{0,3}|surveillance|evaluation|survey))|\b(?:lung|pulmonary|brain|cerebral|bone|osseous|liver|hepatic|nodal|pleural|spinal) mets?\b|\bmets? (?:to|in) (?:the )?(?:lungs?|brain|bones?|liver|nodes?|pleura|spine)\b|\bsecondary malignan\w*|\bsecondary (?:lung|pulmonary|liver|hepatic|bone|brain|cerebral) (?:cancer|carcinoma|tumou?r|neoplasm|deposit)s?\b/i;

/** The sites that a secondary malignancy names: by its codes, else by the words of its name. */
export function sitesOf(code: Classified, bodySite: CodedText): readonly MetastasisSite[] {
  const coded = SITES.map(([site]) => site).filter((site) => code.valueSets.includes(`metastasis-${site}`));
  if (coded.length > 0) return coded;
  const text = [...code.texts, ...bodySite.texts].join(' ');
  const named = SITES.filter(([, pattern]) => pattern.test(text)).map(([site]) => site);
  return named.length > 0 ? named : ['other'];
}
