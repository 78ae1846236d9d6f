import type { Diagnosis } from './asps.ts';
import { type DateInterval, type Day, readDate } from './calendar.ts';
import { readCodedText } from './coding.ts';
import { type Classified, type ConditionRecord, classify, isActive, isCalledActive, onsetOf } from './condition.ts';
import { readStrongCyp3a4Inhibitor } from './cyp3a4-inhibitor.ts';
import {
  type DiseaseRecord,
  type DiseaseRule,
  type DiseaseStanding,
  diseaseFact,
  diseaseRecords,
  standingInConcept,
} from './disease-on-file.ts';
import type { DraftOrder } from './draft-orders.ts';
import { type Evidence, type Fact, newestFirst, no, unknown, withValue, yes } from './fact.ts';
import { readPregnancyTests } from './laboratory.ts';
import type { Readings } from './reading.ts';
import type { ServiceRecord } from './service-record.ts';
import type { Terminology } from './terminology.ts';
import { MAX_TEXT } from './text.ts';

/** A pregnancy recorded longer ago than this is over, whatever the problem list says. Days. */
const LONGEST_PREGNANCY_DAYS = 300;
/** A positive test speaks of a pregnancy for so long. Days. */
const PREGNANCY_TEST_DAYS = 60;

const PREGNANCY: DiseaseRule = {
  valueSet: 'pregnancy',
  words: /\b(?:pregnant|pregnancy|pregnancies|gravid|weeks'? (?:of )?gestation|(?:twin|multiple) gestation)\b/,
  // What is not there, or is only wished for. The mother and the twin of an obstetric name are no relatives.
  aside:
    /\b(?<!positive (?:\w{1,8} ){0,2})pregnancy test(?:s|ing)?\b(?!\W{1,3}(?:\w{1,9}\W{1,2}){0,2}(?:pos|unknown|pending|inconclusive|equivocal))|\bpregnancy (?:counsel\w{0,6}|prevention|planning|screen\w{0,3})\b|\b(?:avoid\w{0,3}|prevent\w{0,4}|planning|desires?|wish\w{0,3}|wants?|hop\w{1,3}|try\w{0,3}) (?:(?:for|a|to|become|get|be|of|future) ){0,4}(?:pregnant|pregnancy)\b|\b(?:false|pseudo)[- ]?pregnancy\b|\bmaternal\b|(?<!\b(?:his|her|identical|fraternal) )\btwin\b(?! (?:gestation|brother|sister))/g,
  unless:
    /(?<!positive (?:\w{1,8} ){0,2})\bpregnancy test(?!\W{1,3}(?:\w{1,9}\W{1,2}){0,2}pos)|\bpregnancy (?:loss|risk)|\btermination of\b|\b(?:after|following|since|post(?!-?(?:term|date)))(?: (?:the|a|last|her|previous))? pregnan|\bat risk\b|\b(?:contracepti\w{1,3}|ectopic|molar|terminated|aborted|miscarr\w{1,6}|surroga\w{1,4})\b/,
};
const ORGAN =
  '(?:kidney|renal|liver|hepatic|heart|cardiac|lung|pancrea\\w{1,4}|intestin\\w{1,3}|bowel|(?:solid[- ])?organ)';
const GRAFTED = '(?:allo|re)?-?transplant(?:ation|ed|s)?';
/** Whose the graft was, who only gives one, who may once have one, and what needs no immunosuppression: none of it is the finding. */
const BESIDE_TRANSPLANT = new RegExp(
  [
    // "From living donor", "from her brother": the patient has it.
    '\\b(?:from|by) (?:[\\w-]{1,15} ){0,4}?(?:donors?|mother|father|parent|sister|brother|sibling|twin|son|daughter|wife|husband|spouse|partner|aunt|uncle|cousin|relative)\\b',
    '\\bdonors?\\W{1,2}(?:(?:was|is|his|her|the) ){0,2}(?:mother|father|parent|sister|brother|sibling|twin|son|daughter|wife|husband|spouse|partner|aunt|uncle|cousin|relative)\\b',
    // The donor is the patient.
    `\\b(?:${ORGAN}|stem[- ]cells?|(?:bone[- ])?marrow|transplant(?:ation)?)(?:[- ]transplant(?:ation)?)? donors?\\b(?![- ](?:specific|derived|antibod|kidney|liver|lung|transplant))`,
    '\\bdonors? (?:status|evaluation|candidate|work-?up|screening|assessment|nephrectomy|hepatectomy)\\b',
    // Only thought of.
    '\\b(?:(?!transplant)[\\w-]{1,15} ){0,3}?(?:re-?)?transplant(?:ation)? (?:candida\\w{1,3}|evaluation|assessment|work-?up|wait\\w{0,3}(?: |-)?list(?:ed)?|list(?:ed|ing)?|education|referral|consult\\w{0,6}|eligib\\w{1,6})\\b',
    '\\b(?:(?:evaluat\\w{1,3}|assess\\w{0,4}|work-?up|candida\\w{1,3}|waiting|wait-?list(?:ed)?|listed|listing|referr\\w{1,3}|eligib\\w{1,6}|considered) for|awaiting|planned|potential) (?:(?!transplant|after|since|with|post|status|history)[\\w-]{1,15} ){0,4}?(?:re-?)?transplant(?:ation|s)?\\b(?=\\W*$|\\s?[,;.:()\\/]|\\s\\d| (?:due|for|in|at|since|list|evaluat|work|candida|surgery))',
    '\\b(?:hair|cornea\\w{0,2}|limbal(?: stem[- ]cell)?|(?:f[ae]{1,2}cal |intestinal |gut )?microbiota) transplant(?:ation|s)?\\b',
  ].join('|'),
  'g',
);
const UNCLEAR_TRANSPLANT =
  /\bdonors? (?:for|of|in)\b|\b(?:donat\w{1,4}|candida\w{1,3}|evaluat\w{1,4}|assessment|work-?up|(?:a)?wait\w{0,4}|referr\w{1,3}|potential|eligib\w{1,6}|considered|planned|education)\b|\blist(?:ed|ing)?\b/;
const ORGAN_TRANSPLANT: DiseaseRule = {
  valueSet: 'organ-transplant',
  words: new RegExp(
    `\\b(?:${ORGAN}(?:[- ]\\w{1,12}){0,2}[- ]${GRAFTED}|${GRAFTED}(?: status)?,? (?:of )?(?:the )?${ORGAN}|${ORGAN},? transplanted|${ORGAN} allograft|[dl]d[kl]t)\\b`,
  ),
  aside: BESIDE_TRANSPLANT,
  unless: UNCLEAR_TRANSPLANT,
};
const STEM_CELL_TRANSPLANT: DiseaseRule = {
  valueSet: 'stem-cell-transplant',
  words:
    /\b(?:(?:stem[- ]cells?|bone marrow|ha?ematopoietic|cord blood|haplo(?:identical)?|matched (?:un)?related|mud)(?:[- ]\w{1,12}){0,3}[- ](?:allo)?transplant(?:ation|s)?|transplant(?:ation)? of (?:\w{1,15} ){0,2}(?:stem[- ]cells?|bone marrow)|allo(?:geneic)?[- ]?(?:hsct|hct|sct|bmt|pbsct|transplant(?:ation)?)|hsct|pbsct|bmt|gvhd|graft[- ]versus[- ]host)\b/,
  aside: BESIDE_TRANSPLANT,
  unless: UNCLEAR_TRANSPLANT,
  // Only an allogeneic graft reacts against its host (label warning 5.3).
  never: /\bauto(?:logous|[- ]?(?:hsct|sct|hct|bmt|pbsct))\b/,
  neverBut:
    /\ballo(?:geneic|[- ]?(?:hsct|sct|hct|bmt|pbsct|transplant(?:ation)?))?\b|\bgraft[- ]versus[- ]host\b|\bgvhd\b/,
};
/** Left out on purpose: type 1 diabetes, thyroiditis, vitiligo and coeliac disease (the value set says why). */
const AUTOIMMUNE_DISEASE: DiseaseRule = {
  valueSet: 'autoimmune-disease',
  words:
    /\b(?:autoimmune (?:disease|disorder|hepatitis|encephalitis|h(?:a)?emolytic an(?:a)?emia|pancreatitis|nephritis)|(?:rheumatoid|psoriatic) arthritis|lupus|sle|crohn'?s?|ulcerative colitis|inflammatory bowel disease|multiple sclerosis|myasthenia|guillain[- ]barr(?:e|é)|psoriasis|sarcoidosis|vasculitis|granulomatosis with polyangiitis|giant cell arteritis|polymyalgia rheumatica|sj(?:o|ö|oe)gren'?s?|scleroderma|systemic sclerosis|(?:dermato|poly)?myositis|antiphospholipid|ankylosing spondylitis)(?![\w])/,
  // A laboratory finding, and a tuberculosis of the skin.
  aside: /\blupus (?:anticoagulants?|inhibitors?|vulgaris)\b/g,
};
const INTERSTITIAL_LUNG_DISEASE: DiseaseRule = {
  valueSet: 'interstitial-lung-disease',
  words:
    /\b(?:interstitial (?:lung|pulmonary) disease|(?:interstitial |radiation |drug-induced )?pneumonitis|pulmonary fibrosis|organi[sz]ing pneumonia)\b/,
  aside: /\b(?:aspiration|chemical|inhalation) pneumonitis\b/g,
};
const IMMUNE_RELATED_EVENT: DiseaseRule = {
  valueSet: 'immune-related-event',
  words:
    /\b(?:immune[- ]related (?:adverse|\w{2,20}itis|\w{2,20}pathy|hypothyroidism|hyperthyroidism|toxicity|reaction|event|rash|diarrh)\w{0,10}|immune[- ]mediated (?:adverse|hepatitis|colitis|pneumonitis|nephritis|myocarditis|dermatitis|endocrinopathy|hypophysitis|thyroiditis|myositis|pancreatitis|reaction|event|toxicity)\w{0,10}|iraes?|(?:checkpoint|pd-?l?1|immunotherapy)(?:[- ]inhibitor)?[- ](?:induced|associated|related)? ?(?:pneumonitis|colitis|hepatitis|nephritis|myocarditis|hypophysitis|thyroiditis|toxicity))\b/,
};
const HEPATIC_IMPAIRMENT: DiseaseRule = {
  valueSet: 'hepatic-impairment',
  words:
    /\b(?:(?<!biliary )cirrhosis|(?:hepatic|liver) (?:failure|insufficiency|decompensation)|severe (?:hepatic|liver) (?:impairment|dysfunction)|child[- ]pugh (?:class )?c)\b/,
};
const QT_PROLONGATION: DiseaseRule = {
  valueSet: 'qt-prolongation',
  words: /\b(?:(?:long|prolonged) qtc?|qtc? (?:interval )?prolong(?:ation|ed)|torsades?)\b/,
};

const RULES: readonly DiseaseRule[] = [
  PREGNANCY,
  ORGAN_TRANSPLANT,
  STEM_CELL_TRANSPLANT,
  AUTOIMMUNE_DISEASE,
  INTERSTITIAL_LUNG_DISEASE,
  IMMUNE_RELATED_EVENT,
  HEPATIC_IMPAIRMENT,
  QT_PROLONGATION,
];
const RULE_SETS: ReadonlySet<string> = new Set(RULES.map(({ valueSet }) => valueSet));
/** Any of them: most records are of none, and one look has to do. */
const ANY_RULE = new RegExp(RULES.map(({ words }) => words.source).join('|'));

function mayMatter({ valueSets, texts }: Classified): boolean {
  return (
    valueSets.some((valueSet) => RULE_SETS.has(valueSet)) ||
    texts.some((text) => ANY_RULE.test(text.slice(0, MAX_TEXT).toLowerCase()))
  );
}

const GRADE = /\bgrade[: ]{0,2}([1-5]|i{1,3}|iv|v)(?:\s?(?:-|–|to|or|\/)\s?([1-5]|i{1,3}|iv|v))?\b/gi;
const ROMAN: ReadonlyMap<string, number> = new Map([
  ['i', 1],
  ['ii', 2],
  ['iii', 3],
  ['iv', 4],
  ['v', 5],
]);
/** Below this grade an earlier reaction is no reason to think twice (cards: immunotherapy-safety). */
const SERIOUS_GRADE = 3;

/** What speaks against a drug of the guideline, as far as the chart has it (facts: "Safety, laboratory and biomarkers"). */
export interface Safety {
  readonly pregnancy: Fact;
  readonly organTransplant: Fact;
  readonly stemCellTransplant: Fact;
  readonly autoimmuneDisease: Fact;
  readonly interstitialLungDisease: Fact;
  readonly immuneRelatedEvent: Fact;
  readonly hepaticImpairment: Fact;
  readonly qtProlongation: Fact;
  readonly strongCyp3a4Inhibitor: Fact;
}

interface SafetyContext {
  readonly diagnosis: Diagnosis;
  readonly services: readonly ServiceRecord[];
  readonly drafts: readonly DraftOrder[];
  readonly today: Day;
}

export function readSafety(
  readings: Readings,
  { diagnosis, services, drafts, today }: SafetyContext,
  terminology: Terminology,
): Safety {
  const records = diagnosis.records.filter(({ code }) => mayMatter(code));
  const operations = services.filter(
    ({ key, state, concepts }) =>
      key === 'procedures' && state === 'done' && concepts.some((concept) => mayMatter(classify(concept, terminology))),
  );
  return {
    pregnancy: readPregnancy(readings, records, terminology, today),
    organTransplant: transplanted(ORGAN_TRANSPLANT),
    stemCellTransplant: transplanted(STEM_CELL_TRANSPLANT),
    autoimmuneDisease: of(AUTOIMMUNE_DISEASE, false),
    interstitialLungDisease: of(INTERSTITIAL_LUNG_DISEASE, true),
    immuneRelatedEvent: readImmuneRelatedEvent(readings, records),
    hepaticImpairment: of(HEPATIC_IMPAIRMENT, false),
    qtProlongation: of(QT_PROLONGATION, false),
    strongCyp3a4Inhibitor: readStrongCyp3a4Inhibitor(readings, drafts, terminology),
  };

  function of(rule: DiseaseRule, ever: boolean): Fact {
    return diseaseFact(diseaseRecords(records, rule), ever, readings, ['conditions']);
  }

  /** A transplant stands among the problems or among the operations, and counts for good. */
  function transplanted(rule: DiseaseRule): Fact {
    const done = operations.flatMap(({ concepts, evidence }): { standing: DiseaseStanding; evidence: Evidence }[] => {
      const said = concepts.map((concept) =>
        standingInConcept(terminology.isIn(concept, rule.valueSet), concept.texts, rule),
      );
      if (said.includes('said')) return [{ standing: 'past', evidence }];
      return said.includes('suspected') ? [{ standing: 'suspected', evidence }] : [];
    });
    return diseaseFact([...diseaseRecords(records, rule), ...done], true, readings, ['conditions', 'procedures']);
  }
}

/** Pregnant now: a Condition of the last months, or a positive test of the last weeks that no later one takes back. */
function readPregnancy(
  readings: Readings,
  records: readonly ConditionRecord[],
  terminology: Terminology,
  today: Day,
): Fact {
  const found = diseaseRecords(records, PREGNANCY);
  const none = diseaseFact([], false, readings, ['conditions', 'observationsLaboratory']);
  const tests = readPregnancyTests(readings, terminology, today);
  const negative = tests.filter(({ positive, date }) => !positive && date !== undefined);
  const standing = tests.filter(
    ({ positive, date }) =>
      positive && !negative.some((other) => (other.date?.start ?? -Infinity) > (date?.end ?? Infinity)),
  );
  const current = [
    ...found.filter((one) => one.standing === 'now' && isCurrent(one)),
    ...standing.filter(({ date }) => date !== undefined && date.start >= today - PREGNANCY_TEST_DAYS),
  ];
  if (current.length > 0) return yes(newestFirst(current));
  const open = [
    ...found.filter((one) => one.standing !== 'past' && isActive(one.record.condition) && !isOver(one)),
    ...standing.filter(({ date }) => date === undefined || date.end >= today - PREGNANCY_TEST_DAYS),
  ];
  if (open.length === 0) return none;
  const suspected = found.some((one) => one.standing === 'suspected');
  return unknown(newestFirst(open), none, suspected ? 'only-suspected' : 'date-not-comparable');

  /** A pregnancy has an end: one without a day counts only where the record itself calls it active. */
  function isCurrent({ record }: DiseaseRecord): boolean {
    const date = dateOf(record);
    return date === undefined ? isCalledActive(record.condition) : date.start >= today - LONGEST_PREGNANCY_DAYS;
  }

  function isOver({ record }: DiseaseRecord): boolean {
    const date = dateOf(record);
    return date !== undefined && date.end < today - LONGEST_PREGNANCY_DAYS;
  }
}

/** Its own: an undated visit beside a pregnancy that is over may be about a new one. */
function dateOf({ condition }: ConditionRecord): DateInterval | undefined {
  return onsetOf(condition) ?? readDate(condition['recordedDate']);
}

/** An earlier immune-related reaction that is not recorded as mild; the grade is shown where it is recorded. */
function readImmuneRelatedEvent(readings: Readings, records: readonly ConditionRecord[]): Fact {
  const found = diseaseRecords(records, IMMUNE_RELATED_EVENT).map((one) => ({ ...one, grade: gradeOf(one.record) }));
  const serious = found.filter(({ grade }) => grade === undefined || grade >= SERIOUS_GRADE);
  const fact = diseaseFact(serious, true, readings, ['conditions']);
  if (fact.state === 'yes') {
    const grades = serious.filter(({ standing }) => standing !== 'suspected').flatMap(({ grade }) => grade ?? []);
    return withValue(fact, grades.length === 0 ? 'grade not recorded' : `grade ${Math.max(...grades)}`);
  }
  return fact.state === 'no' && found.length > 0 ? no(newestFirst(found), fact) : fact;
}

/** The highest grade that the record names. */
function gradeOf({ condition, code }: ConditionRecord): number | undefined {
  const texts = [...code.texts, ...readCodedText(condition['severity']).texts];
  const grades = texts.flatMap((text) =>
    [...text.slice(0, MAX_TEXT).matchAll(GRADE)].flatMap(([, from, to]) =>
      [from, to].flatMap((grade) => (grade === undefined ? [] : [ROMAN.get(grade.toLowerCase()) ?? Number(grade)])),
    ),
  );
  return grades.length === 0 ? undefined : Math.max(...grades);
}
