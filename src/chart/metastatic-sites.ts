import { readCodedText } from './coding.ts';
import { coverage, type Evidence, type Fact, no, unknown, withValue, yes } from './fact.ts';
import type { MetastasisSite } from './metastasis-site.ts';
import type { Readings } from './reading.ts';
import type { Settings } from './settings.ts';
import { doubtOf, type Metastasis, type Spread } from './spread.ts';

/** Our words for the sites. */
const NAMES: Readonly<Record<MetastasisSite, string>> = {
  lung: 'lung',
  'pleura-mediastinum': 'pleura or mediastinum',
  cns: 'brain or spinal cord',
  bone: 'bone',
  liver: 'liver',
  'lymph-node': 'lymph node',
  other: 'another site',
};
/** In this order, whatever the chart's. */
const SITES = Object.keys(NAMES) as MetastasisSite[];

/** Our word for a site: safe to show anywhere. */
export function siteInWords(site: MetastasisSite): string {
  return NAMES[site];
}

/** Words that say that there are metastases, and not where. */
const GENERIC =
  /\b(?:metasta\w{1,6}|secondar(?:y|ies)|malignan\w{1,3}|neoplas\w{1,3}|tumou?rs?|cancer|disease|disorder|sarcoma|soft|parts?|alveolar|asps|stage|iv|unspecified|disseminated|widespread|multiple|sites?|active|progressive|advanced|unresectable|known|with|of|the|and|to|from|due|in|at|morphologic|abnormality|finding|m1|[ct]\d{2})\b/g;
/** Of codes: the disease at large, in ICD-10-CM and SNOMED CT. */
const GENERIC_CODES = new Set(['C79.9', 'C80.0', 'C80', '128462008', '443144000', '405843009', '14799000', 'C8796']);

/** Organs that the value sets do not tell apart; none of them is the lung. */
const ORGAN =
  'adrenal\\w{0,3}|suprarenal|pancrea\\w{1,4}|heart|cardiac|myocardi\\w{1,4}|pericardi\\w{1,3}|breast|soft[- ]tissues?|muscles?|muscular|skin|(?:sub)?cutaneous|kidneys?|renal|bowel|intestin\\w{1,3}|colon|stomach|gastric|spleen|splenic|thyroid|abdom\\w{1,4}|(?:retro)?peritone\\w{1,3}|ovar\\w{1,3}|scalp|tongue|orbit\\w{0,2}|eyes?';
/** "Adrenal metastasis", "metastases in the pancreas": the organ is the metastasis's own, not the primary's. */
const IN_ORGAN = new RegExp(
  `\\b(?:${ORGAN})(?: \\w{1,12}){0,2} (?:metasta\\w{1,6}|mets?)\\b|\\b(?:(?:metastas[ei]s|mets?|secondar(?:y|ies))(?: \\w{1,12}){0,2} (?:to|in|of)|metastatic to) (?:the )?(?:\\w{1,12} ){0,2}(?:${ORGAN})\\b`,
);

/** Where the metastases are, as far as they are placed (facts: "Surgery and local therapy"). */
export interface MetastaticSites {
  /** Lung, and nothing else. */
  readonly lungOnly: Fact;
  /** Anywhere but in the lung. */
  readonly extrapulmonary: Fact;
  /** At least one site, and not more than the settings call few. */
  readonly few: Fact;
  readonly bone: Fact;
}

type Placement = 'placed' | 'nowhere' | 'unplaced';

interface Placed {
  readonly metastasis: Metastasis;
  readonly placement: Placement;
}

export function readMetastaticSites(
  readings: Readings,
  { metastatic, metastases, openSecondaries }: Spread,
  { fewMetastaticSites }: Settings,
): MetastaticSites {
  const sources = coverage(readings, ['conditions']);
  const all = metastases.map((metastasis): Placed => ({ metastasis, placement: placementOf(metastasis) }));
  const placed = all.filter(({ placement }) => placement === 'placed').map(({ metastasis }) => metastasis);
  const unplaced = all.filter(({ placement }) => placement === 'unplaced').map(({ metastasis }) => metastasis);
  const named = new Set(placed.flatMap((metastasis) => metastasis.sites));
  const sites = SITES.filter((site) => named.has(site));
  const names = sites.map((site) => NAMES[site]);
  /** Another one may be anywhere: a place that is not named, one that does not count for sure, a list that goes on. */
  const isOpen = unplaced.length > 0 || openSecondaries.length > 0 || sources.unread.length > 0;

  return { lungOnly: lungOnly(), extrapulmonary: extrapulmonary(), few: few(), bone: atSite('bone') };

  function at(test: (site: MetastasisSite) => boolean): readonly Evidence[] {
    return placed.filter((metastasis) => metastasis.sites.some(test)).map((metastasis) => metastasis.evidence);
  }

  function lungOnly(): Fact {
    if (metastatic.state === 'no') return no(metastatic.evidence, sources);
    const elsewhere = at((site) => site !== 'lung');
    if (elsewhere.length > 0) return no(elsewhere, sources);
    const inLung = at((site) => site === 'lung');
    return inLung.length > 0 && !isOpen ? yes(inLung, sources) : undecided();
  }

  function extrapulmonary(): Fact {
    if (metastatic.state === 'no') return no([], sources);
    const elsewhere = at((site) => site !== 'lung');
    if (elsewhere.length > 0) return yes(elsewhere, sources);
    return placed.length > 0 && !isOpen
      ? no(
          at(() => true),
          sources,
        )
      : undecided();
  }

  function few(): Fact {
    if (metastatic.state === 'no') return no(metastatic.evidence, sources);
    if (sites.length > fewMetastaticSites)
      return withValue(
        no(
          at(() => true),
          sources,
        ),
        names.join(', '),
      );
    return sites.length > 0 && !isOpen
      ? withValue(
          yes(
            at(() => true),
            sources,
          ),
          names.join(' and '),
        )
      : undecided();
  }

  function atSite(wanted: MetastasisSite): Fact {
    const found = at((site) => site === wanted);
    if (found.length > 0) return yes(found, sources);
    if (metastatic.state === 'no') return no([], sources);
    return placed.length > 0 && !isOpen ? no([], sources) : undecided();
  }

  function undecided(): Fact {
    if (metastatic.state !== 'yes') return { ...metastatic, state: 'unknown' };
    const open = openSecondaries.map((secondary) => secondary.evidence);
    if (open.length > 0) return unknown(open, sources, doubtOf(openSecondaries));
    return unknown(
      all
        .toSorted((a, b) => Number(b.placement === 'unplaced') - Number(a.placement === 'unplaced'))
        .map(({ metastasis }) => metastasis.evidence),
      sources,
      sources.unread.length > 0 ? undefined : 'not-recorded',
    );
  }
}

/** "Metastatic sarcoma" is nowhere: beside a metastasis with a place it says nothing more. A place that we do not know is one. */
function placementOf({ sites, condition }: Metastasis): Placement {
  if (!sites.includes('other')) return 'placed';
  const code = readCodedText(condition['code']);
  const site = readCodedText(condition['bodySite']);
  const codes = code.codings.map((coding) => coding.code);
  const isSpecific = codes.some((one) => /^C7[789]\./.test(one)) && !codes.some((one) => GENERIC_CODES.has(one));
  if (isSpecific) return 'placed';
  const words = [...code.texts, ...site.texts].join(' ').slice(0, 500).toLowerCase();
  if (IN_ORGAN.test(words.replaceAll(/soft[- ](?:tissue|parts?) sarcoma/g, 'sarcoma'))) return 'placed';
  return /[a-z]{3}/.test(words.replaceAll(GENERIC, ' ')) || site.codings.length > 0 ? 'unplaced' : 'nowhere';
}
