import { type Attribution, attribute, type Primaries } from './attribution.ts';
import { type DateInterval, type Day, readDate, readPeriod } from './calendar.ts';
import { readCodedText } from './coding.ts';
import type { DraftOrder } from './draft-orders.ts';
import { coverage, type Evidence, type Fact, newestFirst, no, notFound, unknown, withValue, yes } from './fact.ts';
import { asObject, asObjects, asText } from './json.ts';
import { saysPositive } from './laboratory.ts';
import { areOfOneDay, isAfter, latestOf } from './latest.ts';
import { oncePerText } from './per-text.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { ServiceRecord } from './service-record.ts';
import type { Settings } from './settings.ts';
import { focusOf } from './stage.ts';
import type { Terminology } from './terminology.ts';
import { assertionOf, MAX_TEXT } from './text.ts';

const NO_RESULT = new Set(['registered', 'cancelled', 'entered-in-error']);
/** A pathology report may be long; the conclusion that names the fusion stands early. */
const MAX_CONCLUSION = 10_000;
/** Not the point of "4.5 %". */
const CLAUSE_END = /\.(?!\d)|[;\n]/;

/** The genes of the fusion that defines ASPS (E-43). */
const GENE = /\b(?:tfe3|aspscr1|aspl)\b/;
const PARTNER = /\b(?:aspscr1|aspl)\b/;
/** Both genes side by side, or one with the word for what was done to it. */
const REARRANGEMENT =
  /\b(?:(?:aspscr1|aspl)(?:::|[-–/: ]{1,3})tfe3|tfe3(?:::|[-–/: ]{1,3})(?:aspscr1|aspl))(?: gene)?(?: (?:fusions?|rearrangements?|translocations?))?(?: transcripts?)?\b|\b(?:(?:tfe3|aspscr1)(?:[- (]{1,2}\w{1,10}\)?){0,3}[- ]{1,2}(?:gene )?(?:rearrange\w{0,6}|fusions?|translocations?|break-?apart|fish)|(?:rearrange\w{0,6}|fusions?|translocations?|fish|break-?apart)(?: \w{1,12}){0,3} (?:of |for |involving |in )?(?:the )?(?:tfe3|aspscr1))\b/;
const STAINING = /\b(?:stain\w{0,5}|ihc|immuno\w{1,20}|nuclear|expression)\b/;
/** The fewest words that may stand between the rearrangement and its result: "of TFE3 gene region by FISH is". */
const GLUE =
  '(?:gene|genes|region|locus|status|result|results|analysis|study|test|transcripts?|fusions?|rearrangements?|translocations?|signals?|of|the|a|an|is|are|was|were|has|have|been|by|on|in|this|tumou?r|fish|rna|dna|ngs|sequencing|rt|pcr|break|apart|clearly|also|detected|identified|xp11|p11|t|x|17|der|involving|with|and|confirmed)';
const RESULT = '(?:positive|detected|present|identified|confirmed|found|seen|demonstrated|observed)';
/** The result right after the name: "TFE3 rearrangement: present", "TFE3 gene is rearranged". */
const FOUND_AFTER = new RegExp(`^(?:[\\s:(),=–-]{1,4}${GLUE}\\b){0,6}[\\s:(),=–-]{1,4}${RESULT}\\b`);
/** Right before it: "positive for a TFE3 rearrangement", "sarcoma with ASPSCR1-TFE3 fusion". */
const FOUND_BEFORE =
  /\b(?:positive for|positive|detected|identified|confirmed|confirms|confirming|shows?|showed|showing|demonstrat(?:es|ed|ing)|harbou?r(?:s|ed|ing)|reveals|revealed|revealing|carries|carrying|contains|presence of|with)[\s:]{1,3}(?:(?:an?|the|its|characteristic|presence of|evidence of|clonal|recurrent|in-frame|balanced|unbalanced|pathogenic|tier i|for)[\s:]{1,2}){0,3}$/;
const REARRANGED = /^tfe3(?: gene)?(?: (?:is|was))? rearranged$/;
/** Several tumours, patients: a sentence of the textbook. */
const IN_GENERAL = /\b(?:sarcomas|tumou?rs|neoplasms|carcinomas|lesions|patients|entities) (?:\w{1,12} ){0,3}with\b/;
const DENIED_BEFORE =
  /\b(?:no|not|without|lacks|lacking|absence of|absent|negative for|negative|neither|fails to show|failed to show)[\s:]{1,3}(?:(?:an?|any|the|of|for|to|evidence|detectable|definite|show|shows|demonstrate|detect|detected|identify|harbou?r|reveal|have|has|presence|clonal)[\s:]{1,2}){0,5}$/;
const DENIED_AFTER = new RegExp(
  `^(?:[\\s:(),=–-]{1,4}${GLUE}\\b){0,6}[\\s:(),=–-]{1,4}(?:(?:absent|negative|none|not (?:been |clearly )?${RESULT})\\b|no\\W{0,3}$)`,
);
/** It tells how the test is made, what it can do, what is usual, or where the answer stands; it is no answer. */
const OF_THE_METHOD =
  /\b(?:performed|probes?|panels?|assays?|methods?|methodology|techniques?|sensitivity|specificity|limit of detection|cut-?\s?offs?|thresholds?|below|testing|separate(?:ly)?|addend\w{1,4}|refer to|see|defined?|defines|defining|characteri[sz]ed|characteri[sz]es|hallmark|pathognomonic|typical\w{0,2}|classic\w{0,4}|usual\w{0,2}|often|common\w{0,2}|frequent\w{0,2}|most|majority|nearly all|almost all|virtually all|all cases|cases|literature|reported in|known to|such as|discuss\w{0,4}|available|offered|option\w{0,2}|designed|detects|targets?|covers|includ(?:es|ed|ing)|controls?|would|could|might|may|can|whether)\b/;
/** "Seen in 4 % of nuclei": which share is enough only the laboratory can say, and it has to say so. */
const SHARE = /\d\s?%/;
const CALLED = /\b(?:positive|detected|identified|rearranged|confirmed)\b/;
/** The answer is still to come. */
const PENDING =
  /\b(?:pending|recommend\w{0,5}|advised?|suggest(?:ed)?|sent|send|ordered|order|requested|request|to follow|await\w{0,3}|in progress|consider\w{0,3}|will be|should be|not (?:done|performed|tested)|insufficient|failed|inconclusive|equivocal|indeterminate|if clinically)\b/;
/** A clause that is affirmed and denies something as well is for a person to read. */
const NEGATION = /\b(?:no|not|negative|absent|without|neither|nor|never)\b/;
/** Says "not there" in words that `assertionOf` has no name for. */
const NOT_DETECTED = /\bnot (?:been )?detected\b|\bundetected\b|\bnot rearranged\b|\bintact\b/g;

const FUSION_PANEL =
  /\b(?:gene fusion|fusion|translocation|rna(?:[- ]based)?|sarcoma)(?: \w{1,12}){0,3}[- ](?:panel|ngs|sequencing|assay|profile)\b|\bcomprehensive genomic profil\w{1,4}\b|\bnext[- ]generation sequencing\b.{0,40}\b(?:tumou?r|sarcoma|fusion)\b|\b(?:tumou?r|sarcoma)\b.{0,40}\bnext[- ]generation sequencing\b/;
/** What is in the blood of the family is not the tumour. */
const GERMLINE = /\b(?:germ-?line|hereditary|familial|carrier|pharmacogen\w{1,6})\b/;

const TMB_NAME = /\btumou?r mutation(?:al)? burden\b|\btmb\b|\bmutations? per megabase\b/i;
/** UCUM and plain ways to write mutations per megabase, in lower case and without blanks. */
const PER_MEGABASE = new Set([
  'mut/mb',
  'muts/mb',
  '{mut}/mb',
  '{muts}/mb',
  '{mutation}/mb',
  '{mutations}/mb',
  'mutation/mb',
  'mutations/mb',
  'mutations/megabase',
  'mut/megabase',
  'mutationspermegabase',
  '{mutations}/{megabase}',
  '{#}/mb',
  '#/mb',
  '/mb',
  '1/mb',
  // As the examples of HL7's genomics reporting guide write it.
  '1/1000000{neucleotides}',
  '1/1000000{nucleotides}',
]);
const TMB_TEXT = /^\s{0,3}(<=?|>=?)?\s?(\d{1,4}(?:\.\d{1,4})?)\s{0,3}([^\d\s][^\n]{0,30}?)\s{0,3}$/;
const COMPARATORS = new Set(['<', '<=', '>', '>=']);
const MAX_TMB = 10_000;

const PD_L1 = /\bpd-?l1\b/i;
/** The drugs against it carry its name as well. */
const NOT_THE_TEST =
  /\b(?:inhibitor|therapy|treatment|infusion|antibod(?:y|ies)|blockade|atezolizumab|pembrolizumab)\b/i;

export interface Biomarkers {
  readonly tfe3: {
    /** Is any result on file, whichever way it went? */
    readonly result: Fact;
    readonly positive: Fact;
    /** A negative result, and no positive one. */
    readonly negative: Fact;
    readonly ordered: Fact;
    /** Nuclear staining: supports the diagnosis and is no genetic test (E-43). */
    readonly staining: Fact;
  };
  readonly tumourMutationBurden: { readonly high: Fact; readonly notInterpretable: Fact };
  /** PD-L1 tests among the drafts that are judged. */
  readonly pdL1TestDrafted: Fact;
}

interface BiomarkerContext {
  readonly services: readonly ServiceRecord[];
  readonly drafts: readonly DraftOrder[];
  readonly primaries: Primaries;
  readonly settings: Settings;
  readonly today: Day;
}

export function readBiomarkers(readings: Readings, context: BiomarkerContext, terminology: Terminology): Biomarkers {
  return {
    tfe3: readTfe3(readings, context, terminology),
    tumourMutationBurden: readTumourMutationBurden(readings, context, terminology),
    pdL1TestDrafted: pdL1TestDrafted(context.drafts, terminology),
  };
}

/** What one record says of the rearrangement; `open`: it was looked for, and the record does not say what was found. */
interface Tfe3Statement {
  readonly says: 'positive' | 'negative' | 'open' | 'staining';
  readonly evidence: Evidence;
}

function readTfe3(
  readings: Readings,
  { services, drafts, primaries }: BiomarkerContext,
  terminology: Terminology,
): Biomarkers['tfe3'] {
  const saidIn = oncePerText(readSaid);
  const statements = [
    ...resourcesOf(readings, 'observationsBiomarkers', 'Observation').flatMap((observation) =>
      attribute(focusOf(observation), primaries) === 'other' ? [] : ofObservation(observation, saidIn, terminology),
    ),
    ...services.flatMap((service) =>
      service.key === 'diagnosticReports' ? ofReport(service, saidIn, terminology) : [],
    ),
  ];
  const said = (says: Tfe3Statement['says']) => newestFirst(statements.filter((statement) => statement.says === says));
  const positive = said('positive');
  const negative = said('negative');
  const open = said('open');
  const staining = said('staining');
  const sources = coverage(readings, ['observationsBiomarkers', 'diagnosticReports']);
  const none = notFound(readings, ['observationsBiomarkers', 'diagnosticReports']);
  const undecided = open.length > 0 ? unknown(open, sources, 'not-recorded') : none;
  const ordered = [
    ...drafts
      .filter(({ resource, concept }) => resource['resourceType'] === 'ServiceRequest' && isTest(concept))
      .map((draft) => draft.evidence),
    ...newestFirst(services.filter(({ state, concepts }) => state !== 'done' && concepts.some(isTest))),
  ];
  return {
    result: positive.length + negative.length > 0 ? yes([...positive, ...negative], sources) : undecided,
    positive: positive.length > 0 ? yes(positive, sources) : negative.length > 0 ? no(negative, sources) : undecided,
    // A negative FISH does not take back a fusion that another test has found (E-43).
    negative: positive.length > 0 ? no(positive, sources) : negative.length > 0 ? yes(negative, sources) : undecided,
    ordered:
      ordered.length > 0 ? yes(ordered) : notFound(readings, ['serviceRequests', 'procedures', 'diagnosticReports']),
    staining: staining.length > 0 ? yes(staining, sources) : none,
  };

  function isTest(concept: ServiceRecord['concepts'][number]): boolean {
    if (terminology.isIn(concept, 'tfe3-test')) return true;
    return concept.texts.some((text) => {
      const short = text.slice(0, MAX_TEXT).toLowerCase();
      return (GENE.test(short) && !STAINING.test(short)) || (FUSION_PANEL.test(short) && !GERMLINE.test(short));
    });
  }
}

function ofObservation(observation: JsonObject, saidIn: SaidIn, terminology: Terminology): readonly Tfe3Statement[] {
  if (NO_RESULT.has(asText(observation['status']) ?? '')) return [];
  const code = readCodedText(observation['code']);
  const value = readCodedText(observation['valueCodeableConcept'], { text: observation['valueString'] });
  const genes = asObjects(observation['component'])
    .filter((component) => {
      const part = readCodedText(component['code']);
      return terminology.isIn(part, 'gene-studied') || part.texts.some((text) => /^gene studied/i.test(text));
    })
    .map((component) => readCodedText(component['valueCodeableConcept'], { text: component['valueString'] }));
  const geneNames = genes.flatMap((gene) => gene.texts.map((text) => text.slice(0, MAX_TEXT).toLowerCase()));
  const ofTfe3 = genes.some((gene) => terminology.isIn(gene, 'gene-tfe3')) || geneNames.some((text) => GENE.test(text));
  const names = code.texts.map((text) => text.slice(0, MAX_TEXT).toLowerCase());
  const values = value.texts.map((text) => text.slice(0, MAX_TEXT).toLowerCase());
  const isFish = terminology.isIn(code, 'tfe3-rearrangement') || names.some((text) => REARRANGEMENT.test(text));
  const isStain = names.some((text) => GENE.test(text) && STAINING.test(text));
  const spoken = values.flatMap((text) => saidIn(text));
  if (!(isFish || isStain || ofTfe3 || spoken.length > 0)) return [];

  const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
  const text = [code.texts[0], ...genes.flatMap((gene) => gene.texts[0] ?? []), value.texts[0]]
    .filter((part) => part !== undefined)
    .join(': ');
  const said = evidence(observation, 'observation', date, text === '' ? undefined : text);
  return [{ says: decide(), evidence: said }];

  function decide(): Tfe3Statement['says'] {
    const [first] = spoken;
    if (first !== undefined && spoken.every((one) => one === first)) return first;
    if (isStain && !isFish) return 'staining';
    const answer = present(observation, terminology);
    if (answer === undefined) return 'open';
    // A change of TFE3 by itself is not the fusion: it has two genes, or is called one.
    const isFusion =
      isFish ||
      geneNames.some((gene) => PARTNER.test(gene)) ||
      genes.length > 1 ||
      asObjects(observation['component']).some((component) =>
        readCodedText(component['valueCodeableConcept']).texts.some((one) =>
          /\bfusion\b/i.test(one.slice(0, MAX_TEXT)),
        ),
      );
    return isFusion ? (answer ? 'positive' : 'negative') : 'open';
  }
}

/** LOINC's answer Present, else the words. */
function present(observation: JsonObject, terminology: Terminology): boolean | undefined {
  const value = readCodedText(observation['valueCodeableConcept']);
  if (terminology.isIn(value, 'variant-present')) return true;
  const words = (asText(observation['valueString']) ?? '').slice(0, MAX_TEXT).toLowerCase();
  // "Probe detected adequate signals": the words are no answer; a coded interpretation beside them is.
  const isAnswer = !PENDING.test(words) && !OF_THE_METHOD.test(words);
  return saysPositive(isAnswer ? observation : { ...observation, valueString: undefined });
}

/** A report says it in its conclusion, in words or codes. Its code alone says only that something was tested. */
function ofReport(
  { resource, evidence: said, concepts, state }: ServiceRecord,
  saidIn: SaidIn,
  terminology: Terminology,
): readonly Tfe3Statement[] {
  if (state !== 'done') return [];
  const conclusion = [asText(resource['conclusion']), ...readCodedText(resource['conclusionCode']).texts].flatMap(
    (text) => text ?? [],
  );
  const spoken = [...new Set(conclusion.flatMap((text) => saidIn(text.slice(0, MAX_CONCLUSION).toLowerCase())))];
  const named = spoken.find((one) => one !== 'staining') ?? spoken[0];
  const genetic = spoken.filter((one) => one !== 'staining' && one !== 'open');
  if (genetic.length > 1) return [{ says: 'open', evidence: said }];
  const says = genetic[0] ?? named;
  if (says !== undefined) return [{ says, evidence: { ...said, text: quoteOf(conclusion, says) ?? said.text } }];
  const isTest = concepts.some(
    (concept) =>
      terminology.isIn(concept, 'tfe3-rearrangement') ||
      concept.texts.some((text) => REARRANGEMENT.test(text.slice(0, MAX_TEXT).toLowerCase())),
  );
  if (!isTest) return [];
  // "TFE3 FISH: positive": the name stands in the code, the answer in the conclusion.
  const answers = new Set(conclusion.flatMap((text) => answerOf(text.slice(0, MAX_TEXT).toLowerCase()) ?? []));
  const [answer] = answers;
  return [{ says: answers.size === 1 && answer !== undefined ? answer : 'open', evidence: said }];
}

/** The clause that says it: what a clinician wants to see under "Based on". */
function quoteOf(texts: readonly string[], says: Tfe3Statement['says']): string | undefined {
  return texts
    .flatMap((text) => text.slice(0, MAX_CONCLUSION).split(CLAUSE_END))
    .find((clause) => ofClause(clause.toLowerCase()) === says)
    ?.trim();
}

type SaidIn = (text: string) => readonly Tfe3Statement['says'][];

function readSaid(text: string): readonly Tfe3Statement['says'][] {
  // Most conclusions name neither gene, and one look has to do.
  if (!GENE.test(text)) return [];
  return text.split(CLAUSE_END).flatMap((clause) => ofClause(clause) ?? []);
}

function ofClause(text: string): Tfe3Statement['says'] | undefined {
  const clause = text.slice(0, MAX_TEXT);
  if (!GENE.test(clause)) return undefined;
  const name = REARRANGEMENT.exec(clause);
  if (name === null) return STAINING.test(clause) ? 'staining' : undefined;
  const spoken = assertionOf(clause.replaceAll(NOT_DETECTED, 'absent'), REARRANGEMENT);
  if (spoken === 'family') return undefined;
  if (PENDING.test(clause) || OF_THE_METHOD.test(clause)) return 'open';
  const before = clause.slice(0, name.index);
  const after = clause.slice(name.index + name[0].length).replaceAll(NOT_DETECTED, 'absent');
  const isDenied = DENIED_BEFORE.test(before) || DENIED_AFTER.test(after);
  if (isDenied && spoken !== 'suspected') return 'negative';
  const isFound = REARRANGED.test(name[0]) || FOUND_AFTER.test(after) || FOUND_BEFORE.test(before);
  const affirmed = spoken === 'affirmed' || spoken === 'historical';
  const isDoubtful = NEGATION.test(clause) || (SHARE.test(clause) && !CALLED.test(clause)) || IN_GENERAL.test(clause);
  return affirmed && isFound && !isDoubtful ? 'positive' : 'open';
}

function answerOf(text: string): 'positive' | 'negative' | undefined {
  const [clause = ''] = text.split(CLAUSE_END);
  if (PENDING.test(clause) || OF_THE_METHOD.test(clause)) return undefined;
  const positive = saysPositive({ valueString: clause.replaceAll(NOT_DETECTED, 'absent') });
  return positive === undefined ? undefined : positive ? 'positive' : 'negative';
}

/** One tumour mutation burden: between these many mutations per megabase, or not in that unit. */
interface TmbResult {
  readonly range: { readonly least: number; readonly most: number } | undefined;
  readonly whose: Attribution;
  readonly date: DateInterval | undefined;
  readonly evidence: Evidence;
}

/** The latest tumour mutation burden decides; one that is no number in mutations per megabase decides nothing (M6). */
function readTumourMutationBurden(
  readings: Readings,
  { primaries, settings: { tumourMutationBurdenHigh: threshold }, today }: BiomarkerContext,
  terminology: Terminology,
): Biomarkers['tumourMutationBurden'] {
  const results = resourcesOf(readings, 'observationsBiomarkers', 'Observation')
    .flatMap((observation) => tmbOf(observation, primaries, terminology))
    .filter(({ whose, date }) => whose !== 'other' && !isAfter(date, today));
  const sources = coverage(readings, ['observationsBiomarkers']);
  const latest = latestOf(results, (one, other) => sideOf(one) === sideOf(other));
  if (latest === undefined) {
    const none = notFound(readings, ['observationsBiomarkers']);
    return { high: none, notInterpretable: none };
  }
  const { candidates, last } = latest;
  const said = newestFirst(candidates);
  if (candidates.some(({ range }) => range === undefined)) {
    return { high: unknown(said, sources, 'implausible'), notInterpretable: yes(said, sources) };
  }
  if (candidates.some(({ whose }) => whose === 'open')) {
    return { high: unknown(said, sources, 'another-active-cancer'), notInterpretable: no([], sources) };
  }
  if (last === 'undecided' && !areOfOneDay(candidates)) {
    return { high: unknown(said, sources, 'date-not-comparable'), notInterpretable: no([], sources) };
  }
  const side = last === 'undecided' ? undefined : sideOf(last);
  if (side === undefined) {
    // Two of one day on either side of the threshold, or "more than 5".
    return { high: unknown(said, sources, 'implausible'), notInterpretable: yes(said, sources) };
  }
  const high = side === 'high' ? yes(said, sources) : no(said, sources);
  // Cut off, not rounded: 9.999 is not 10.
  const figures = new Set(
    candidates.flatMap(({ range }) => (range?.least === range?.most ? (range?.least ?? []) : NaN)),
  );
  const [figure = NaN] = figures;
  const value = figures.size === 1 && Number.isFinite(figure) ? `${Math.floor(figure * 100) / 100} mut/Mb` : undefined;
  return { high: value === undefined ? high : withValue(high, value), notInterpretable: no([], sources) };

  function sideOf({ range }: TmbResult): 'high' | 'low' | undefined {
    if (range === undefined) return undefined;
    if (range.least >= threshold) return 'high';
    return range.most < threshold ? 'low' : undefined;
  }
}

function tmbOf(observation: JsonObject, primaries: Primaries, terminology: Terminology): readonly TmbResult[] {
  if (NO_RESULT.has(asText(observation['status']) ?? '')) return [];
  const code = readCodedText(observation['code']);
  const isTmb =
    terminology.isIn(code, 'tumour-mutation-burden') ||
    code.texts.some((text) => TMB_NAME.test(text.slice(0, MAX_TEXT)));
  if (!isTmb) return [];
  const quantity = asObject(observation['valueQuantity']);
  const text = asText(observation['valueString']);
  const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
  const words = [
    code.texts[0] ?? 'tumour mutation burden',
    ...[quantity?.['value'], quantity?.['unit'], text].filter(
      (part) => typeof part === 'number' || typeof part === 'string',
    ),
  ].join(' ');
  return [
    {
      range: quantity === undefined ? rangeOfText(text) : rangeOf(quantity),
      whose: attribute(focusOf(observation), primaries),
      date,
      evidence: evidence(observation, 'observation', date, words),
    },
  ];
}

function rangeOf(quantity: JsonObject): TmbResult['range'] {
  const { value, comparator } = quantity;
  if (typeof value !== 'number' || (comparator !== undefined && typeof comparator !== 'string')) return undefined;
  const units = ['code', 'unit'].flatMap((member) => asText(quantity[member]) ?? []);
  const known = units.length > 0 && units.every(isPerMegabase);
  return known ? bounded(value, comparator) : undefined;
}

function rangeOfText(text: string | undefined): TmbResult['range'] {
  const parts = TMB_TEXT.exec((text ?? '').slice(0, MAX_TEXT));
  const [, comparator, value, unit] = parts ?? [];
  return value !== undefined && unit !== undefined && isPerMegabase(unit)
    ? bounded(Number(value), comparator)
    : undefined;
}

function bounded(value: number, comparator: string | undefined): TmbResult['range'] {
  if (!(value >= 0 && value <= MAX_TMB) || (comparator !== undefined && !COMPARATORS.has(comparator))) return undefined;
  if (comparator === undefined) return { least: value, most: value };
  // "Less than 10" is below 10; nothing asks how far.
  return comparator.startsWith('<')
    ? { least: 0, most: comparator === '<' ? value - Number.EPSILON * Math.max(value, 1) : value }
    : { least: value, most: Infinity };
}

function isPerMegabase(unit: string): boolean {
  return PER_MEGABASE.has(unit.toLowerCase().replaceAll(/\s/g, ''));
}

function pdL1TestDrafted(drafts: readonly DraftOrder[], terminology: Terminology): Fact {
  const found = drafts.filter(
    ({ judged, indication, resource, concept }) =>
      judged &&
      indication !== 'other' &&
      resource['resourceType'] === 'ServiceRequest' &&
      (terminology.isIn(concept, 'pd-l1-test') ||
        concept.texts.some((text) => {
          const short = text.slice(0, MAX_TEXT);
          return PD_L1.test(short) && !NOT_THE_TEST.test(short);
        })),
  );
  return found.length > 0 ? yes(found.map((draft) => ({ ...draft.evidence, drug: 'PD-L1 test' }))) : no([]);
}
