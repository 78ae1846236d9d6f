import type { Diagnosis } from './asps.ts';
import { attribute, idsOf, type Primaries } from './attribution.ts';
import { type CodedText, readCodedText } from './coding.ts';
import {
  type Classified,
  type ConditionDates,
  type ConditionRecord,
  conditionEvidence,
  counts,
  isActive,
  isOnlySuspected,
} from './condition.ts';
import { coverage, type Doubt, type Evidence, type Fact, no, unknown, yes } from './fact.ts';
import { asObject, asObjects, asText } from './json.ts';
import { isMetastasisSet, METASTASIS, type MetastasisSite, sitesOf } from './metastasis-site.ts';
import { mayNameCancer, namesOtherCancer, otherActiveCancer, otherCancers } from './other-cancer.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, referencedId } from './resource.ts';
import { stageStatements } from './stage.ts';
import type { Terminology } from './terminology.ts';
import { assertionOf } from './text.ts';

/** mCODE: which primary a secondary cancer belongs to. */
const RELATED_PRIMARY_EXTENSION = 'mcode-related-primary-cancer-condition';
const NON_METASTATIC = /\bnon[\s-]?metastatic\b/;
/** None anywhere, not none in one organ. */
const NO_METASTASES = /\b(?:without|no|no evidence of) (?:distant )?metastas[ei]s\b(?! (?:to|in|of)\b)/;
const LOCALISED = /\blocali[sz]ed\b/;
const UNRESECTABLE = /\b(?:unresectable|inoperable|non[\s-]?resectable|not resectable)\b/;

/** One secondary malignancy that counts as the ASPS's. */
export interface Metastasis {
  readonly sites: readonly MetastasisSite[];
  readonly evidence: Evidence;
  readonly condition: JsonObject;
  readonly dates: ConditionDates;
}

export interface OpenSecondary extends Metastasis {
  readonly standing: OpenStanding;
}

/** How far the disease has spread (facts: "Metastatic"). */
export interface Spread {
  readonly metastatic: Fact;
  readonly metastases: readonly Metastasis[];
  /** Secondary malignancies that do not count as one: only suspected, resolved, or of an open primary. */
  readonly openSecondaries: readonly OpenSecondary[];
  readonly unresectable: Fact;
  /** Is anything said of the stage at all? */
  readonly stageFound: Fact;
  readonly otherActiveCancer: Fact;
  readonly primaries: Primaries;
}

type OpenStanding = 'suspected' | 'resolved' | 'unattributed';
/** Whose a secondary malignancy is, and whether it stands. */
type Standing = 'counts' | OpenStanding | 'of-another';

export function readSpread(readings: Readings, diagnosis: Diagnosis, terminology: Terminology): Spread {
  const cancers = diagnosis.records.filter(({ code }) => mayNameCancer(code));
  const others = otherCancers(cancers);
  const otherCancer = otherActiveCancer(others, readings);
  const primaries: Primaries = {
    asps: idsOf(diagnosis.conditions),
    others: idsOf(others.map(({ condition }) => condition)),
    anotherActive: otherCancer.state === 'yes',
  };
  const secondaries = cancers
    .filter(({ condition, code }) => isSecondary(code) && counts(condition))
    .map((record) => ({ ...record, standing: standingOf(record.condition, record.code, primaries) }));
  const counted = secondaries.filter(({ standing }) => standing === 'counts');
  const metastases = counted.map(asMetastasis);

  const stages = stageStatements(readings, diagnosis.conditions, primaries, terminology);
  const stagedMetastatic = stages
    .filter(({ says, whose }) => says === 'metastatic' && whose === 'asps')
    .map((stage) => stage.evidence);
  const localised = [
    ...stages.filter(({ says, whose }) => says === 'localised' && whose === 'asps').map((stage) => stage.evidence),
    ...diagnosis.conditions.filter((condition) => saysLocalised(condition, terminology)).map(conditionEvidence),
  ];
  const sources = coverage(readings, ['conditions', 'observationsStaging']);
  const open = secondaries.flatMap(({ standing, ...record }): OpenSecondary[] =>
    standing === 'counts' || standing === 'of-another' ? [] : [{ ...asMetastasis(record), standing }],
  );

  return {
    metastatic: decide(),
    metastases,
    openSecondaries: open,
    unresectable: readUnresectable(diagnosis, terminology),
    stageFound: readStageFound(),
    otherActiveCancer: otherCancer,
    primaries,
  };

  function decide(): Fact {
    const speaking = [...metastases.map((metastasis) => metastasis.evidence), ...stagedMetastatic];
    if (speaking.length > 0) return yes(speaking, sources);
    if (open.length > 0)
      return unknown(
        open.map((secondary) => secondary.evidence),
        sources,
        doubtOf(open),
      );
    const past = stages.filter(({ says, whose }) => says === 'was-metastatic' && whose !== 'other');
    if (past.length > 0) {
      return unknown(
        past.map((stage) => stage.evidence),
        sources,
        'resolved',
      );
    }
    const openStages = stages.filter(({ says, whose }) => says === 'metastatic' && whose === 'open');
    if (openStages.length > 0) {
      return unknown(
        openStages.map((stage) => stage.evidence),
        sources,
        'another-active-cancer',
      );
    }
    return localised.length > 0 && sources.unread.length === 0
      ? no(localised, sources)
      : unknown(localised, sources, 'not-recorded');
  }

  function readStageFound(): Fact {
    const said = [
      ...secondaries
        .filter(({ standing }) => standing !== 'of-another')
        .map(({ condition }) => conditionEvidence(condition)),
      ...stages.map((stage) => stage.evidence),
      ...localised,
    ];
    if (said.length > 0) return yes(said, sources);
    return sources.unread.length === 0 ? no([], sources) : unknown([], sources);
  }
}

/** Why they do not count; of several reasons the one that is settled first. */
export function doubtOf(open: readonly OpenSecondary[]): Doubt {
  if (open.some(({ standing }) => standing === 'unattributed')) return 'another-active-cancer';
  return open.some(({ standing }) => standing === 'suspected') ? 'only-suspected' : 'resolved';
}

function asMetastasis({ condition, code, dates }: ConditionRecord): Metastasis {
  return {
    sites: sitesOf(code, readCodedText(condition['bodySite'])),
    evidence: conditionEvidence(condition),
    condition,
    dates,
  };
}

function isSecondary(code: Classified): boolean {
  if (namesOtherCancer(code)) return false;
  return (
    code.valueSets.some((valueSet) => isMetastasisSet(valueSet) || valueSet === 'asps-metastatic') ||
    saysMetastatic(code)
  );
}

function saysMetastatic(code: CodedText): boolean {
  return code.texts.some((text) => {
    if (!METASTASIS.test(text) || NON_METASTATIC.test(text.toLowerCase())) return false;
    const spoken = assertionOf(text, METASTASIS);
    return spoken === 'affirmed' || spoken === 'historical' || spoken === 'suspected';
  });
}

function standingOf(condition: JsonObject, code: CodedText, primaries: Primaries): Standing {
  const whose = attribute(relatedPrimary(condition) ?? asText(condition['id']), primaries);
  if (whose === 'other') return 'of-another';
  if (isOnlySuspected(condition) || isSpokenAs(code, 'suspected')) return 'suspected';
  if (!isActive(condition) || isSpokenAs(code, 'historical')) return 'resolved';
  return whose === 'open' ? 'unattributed' : 'counts';
}

function isSpokenAs(code: CodedText, assertion: 'suspected' | 'historical'): boolean {
  return code.texts.some((text) => assertionOf(text, METASTASIS) === assertion);
}

/** The id of the Condition that the record gives as its primary; `undefined` if it gives none. */
export function relatedPrimary(condition: JsonObject): string | undefined {
  for (const extension of asObjects(condition['extension'])) {
    if (asText(extension['url'])?.endsWith(RELATED_PRIMARY_EXTENSION) !== true) continue;
    const reference = asText(asObject(extension['valueReference'])?.['reference']);
    if (reference !== undefined) return referencedId(reference);
  }
  return undefined;
}

function saysLocalised(condition: JsonObject, terminology: Terminology): boolean {
  const code = readCodedText(condition['code']);
  return (
    terminology.isIn(code, 'asps-localised') ||
    code.texts.some(
      (text) =>
        [LOCALISED, NON_METASTATIC].some((word) => assertionOf(text, word) === 'affirmed') ||
        assertionOf(text, NO_METASTASES) === 'affirmed',
    )
  );
}

/** Only what the chart says in so many words; resectability is never inferred (M7). */
function readUnresectable(diagnosis: Diagnosis, terminology: Terminology): Fact {
  const said = diagnosis.conditions.filter((condition) => {
    const code = readCodedText(condition['code']);
    return (
      terminology.isIn(code, 'asps-unresectable') ||
      code.texts.some((text) => assertionOf(text, UNRESECTABLE) === 'affirmed')
    );
  });
  return said.length > 0
    ? yes(said.map((condition) => evidence(condition, 'problem')))
    : unknown([], undefined, 'not-recorded');
}
