import type { Diagnosis } from './asps.ts';
import { type CodedText, readCodedText } from './coding.ts';
import { conditionEvidence } from './condition.ts';
import type { DraftOrder } from './draft-orders.ts';
import { coverage, type Fact, newestFirst, unknown, withValue, yes } from './fact.ts';
import { doneSince, namesMri, orderedSince, type Since, scansIn } from './imaging.ts';
import type { JsonObject, Readings } from './reading.ts';
import type { ServiceRecord } from './service-record.ts';
import type { Terminology } from './terminology.ts';

/** The place where the tumour began, and the MRI of it (facts: "Follow-up, contacts and supportive care"). */
export interface PrimarySite {
  /** Its value names the place in our own words: "left thigh". */
  readonly known: Fact;
  readonly mri: { readonly done: Fact; readonly ordered: Fact };
}

type Side = 'left' | 'right';

/** A place of the body as the guideline names it. */
interface Place {
  readonly name: string;
  readonly words: RegExp;
  /** The larger place that it is a part of. */
  readonly within?: string;
  /** Neighbours: an image of one may show the other. */
  readonly beside?: readonly string[];
}

const PLACES: readonly Place[] = [
  {
    name: 'thigh',
    words: /\b(?:thighs?|quadriceps|hamstrings?|adductors?|vastus|biceps femoris|femur|femoral)\b/,
    within: 'lower limb',
    beside: ['hip', 'knee', 'buttock'],
  },
  {
    name: 'buttock',
    words: /\b(?:buttocks?|gluteal|gluteus)\b/,
    within: 'lower limb',
    beside: ['hip', 'pelvis', 'thigh'],
  },
  { name: 'hip', words: /\b(?:hips?|groin|inguinal)\b/, within: 'lower limb', beside: ['thigh', 'buttock', 'pelvis'] },
  { name: 'knee', words: /\b(?:knees?|popliteal)\b/, within: 'lower limb', beside: ['thigh', 'lower leg'] },
  {
    name: 'lower leg',
    words: /\b(?:lower leg|calf|calves|shin|tibia\w{0,3}|fibula\w?|gastrocnemius|soleus)\b/,
    within: 'lower limb',
    beside: ['knee', 'foot'],
  },
  {
    name: 'foot',
    words: /\b(?:foot|feet|ankles?|heel|toes?|plantar)\b/,
    within: 'lower limb',
    beside: ['lower leg'],
  },
  { name: 'lower limb', words: /\b(?:lower (?:limbs?|extremit(?:y|ies))|legs?)\b/ },
  {
    name: 'shoulder',
    words: /\b(?:shoulders?|deltoid|scapula\w?|axilla\w?)\b/,
    within: 'upper limb',
    beside: ['upper arm', 'chest wall', 'neck'],
  },
  {
    name: 'upper arm',
    words: /\b(?:upper arm|biceps(?! femoris)|triceps|humer(?:us|al))\b/,
    within: 'upper limb',
    beside: ['shoulder', 'elbow'],
  },
  { name: 'elbow', words: /\b(?:elbows?|antecubital)\b/, within: 'upper limb', beside: ['upper arm', 'forearm'] },
  { name: 'forearm', words: /\bforearms?\b/, within: 'upper limb', beside: ['elbow', 'hand'] },
  { name: 'hand', words: /\b(?:hands?|wrists?|fingers?|thumb|palm)\b/, within: 'upper limb', beside: ['forearm'] },
  { name: 'upper limb', words: /\b(?:upper (?:limbs?|extremit(?:y|ies))|arms?)\b/ },
  {
    name: 'chest wall',
    words: /\b(?:chest|thorax|thoracic(?! spine)|intercostal|pectoral\w{0,3})\b/,
    within: 'trunk',
    beside: ['shoulder', 'back', 'abdomen'],
  },
  {
    name: 'back',
    words: /\b(?:paraspinal|paravertebral|lumbar|(?:upper|lower|mid|of|the|left|right) back)\b/,
    within: 'trunk',
    beside: ['chest wall', 'retroperitoneum'],
  },
  { name: 'abdomen', words: /\babdom(?:en|inal)\b/, within: 'trunk', beside: ['pelvis', 'retroperitoneum'] },
  {
    name: 'retroperitoneum',
    words: /\bretroperiton\w{0,4}\b/,
    within: 'trunk',
    beside: ['abdomen', 'pelvis', 'back'],
  },
  { name: 'cervix', words: /\b(?:cervix|uter(?:us|ine))\b/, within: 'pelvis' },
  { name: 'vulva', words: /\b(?:vulva\w?|vagina\w?)\b/, within: 'pelvis' },
  { name: 'bladder', words: /\bbladder\b/, within: 'pelvis' },
  {
    name: 'pelvis',
    words: /\bpelvi[sc]\b/,
    within: 'trunk',
    beside: ['hip', 'buttock', 'abdomen', 'retroperitoneum'],
  },
  { name: 'trunk', words: /\b(?:trunk|torso)\b/ },
  { name: 'orbit', words: /\borbit(?:s|al)?\b/, within: 'head and neck' },
  { name: 'tongue', words: /\b(?:tongue|lingual)\b/, within: 'head and neck', beside: ['neck'] },
  {
    name: 'neck',
    words: /(?<!\b(?:head|face)(?:,| and|, and|\/)? ?)\bneck\b/,
    within: 'head and neck',
    beside: ['shoulder', 'tongue'],
  },
  { name: 'head and neck', words: /\b(?:head(?:,| and|\/) ?(?:face|neck)|face|facial|scalp|cheek|parotid)\b/ },
];

const BY_NAME: ReadonlyMap<string, Place> = new Map(PLACES.map((place) => [place.name, place]));
const LEFT = /\b(?:left|lt)\b/;
const RIGHT = /\b(?:right|rt)\b/;
/** Where it spread to, and what a code includes besides, is not where it began. */
const ELSEWHERE =
  /\b(?:metasta(?:sis|ses|sized|tases)|mets|metastatic (?:to|in)|spread to|with|including (?:hip|shoulder))\b.*/;
/** Organs whose MRI shows no limb and no wall of the trunk. */
const OTHER_ORGAN =
  /\b(?:brain|cerebr\w{0,10}|head|intracranial|cranial|pituitary|sella|iac|spine|spinal|liver|hepatic|mrcp|pancrea\w{0,4}|kidneys?|renal|prostate|cardiac|heart|myocardial|breasts?|bile|biliary|enterography|fetal)\b/;
const MAX_TEXT = 500;

/** The places and the side that a record names. */
interface Located {
  readonly places: readonly Place[];
  readonly side: Side | undefined;
}

export interface SiteContext {
  readonly diagnosis: Diagnosis;
  readonly services: readonly ServiceRecord[];
  readonly drafts: readonly DraftOrder[];
  readonly since: Since;
  readonly readings: Readings;
}

/** Where the ASPS began, as far as its Conditions say, and whether an MRI of the place was done or is on order. */
export function readPrimarySite(context: SiteContext, terminology: Terminology): PrimarySite {
  const { diagnosis, services, drafts, since, readings } = context;
  const said = diagnosis.conditions
    .map((condition) => ({ condition, located: locate(conditionTexts(condition), terminology) }))
    .filter(({ located }) => located.places.length > 0);
  const site = together(said.map(({ located }) => located));
  const speaking = said.map(({ condition }) => conditionEvidence(condition));

  const mris = services.map((service) => ({ service, fits: fitOf(service.concepts, site, terminology) }));
  const drafted = drafts
    .filter(({ resource }) => resource['resourceType'] === 'ServiceRequest')
    .map((draft) => ({ draft, fits: fitOf([draft.concept], site, terminology) }));
  const fitting = (...wanted: readonly Fit[]) =>
    mris.filter(({ fits }) => wanted.includes(fits)).map(({ service }) => service);
  const draftedFitting = (...wanted: readonly Fit[]) =>
    drafted.filter(({ fits }) => wanted.includes(fits)).map(({ draft }) => draft.evidence);

  return {
    known: known(),
    mri: {
      done: decide(doneSince(fitting('yes'), since, readings), doneSince(fitting('perhaps'), since, readings)),
      ordered: decide(
        orderedSince(fitting('yes'), since, draftedFitting('yes'), readings),
        orderedSince(fitting('perhaps'), since, draftedFitting('perhaps'), readings),
      ),
    },
  };

  function known(): Fact {
    const sources = coverage(readings, ['conditions']);
    if (site !== undefined) return withValue(yes(speaking, sources), nameOf(site));
    return unknown(speaking, sources, speaking.length > 0 ? 'contradictory' : 'not-recorded');
  }

  /** An MRI that may be of the place is no reason to say that there is none. */
  function decide(ofSite: Fact, perhaps: Fact): Fact {
    if (ofSite.state === 'yes' || (ofSite.state === 'unknown' && ofSite.evidence.length > 0)) return ofSite;
    if (perhaps.state === 'no' || perhaps.evidence.length === 0) return ofSite;
    return unknown(newestFirst(perhaps.evidence.map((evidence) => ({ evidence }))), ofSite, 'site-not-comparable');
  }
}

/** Everything that a Condition says of its place: body sites with their qualifiers, and its name. */
function conditionTexts(condition: JsonObject): CodedText {
  return readCodedText(condition['bodySite'], condition['code']);
}

function locate(concept: CodedText, terminology: Terminology): Located {
  const sets = terminology.valueSetsOf(concept);
  const texts = concept.texts.map((text) => text.slice(0, MAX_TEXT).toLowerCase().replace(ELSEWHERE, ''));
  const named = PLACES.filter(
    ({ name, words }) => sets.includes(`site-${name.replaceAll(' ', '-')}`) || texts.some((text) => words.test(text)),
  );
  const left = sets.includes('side-left') || texts.some((text) => LEFT.test(text));
  const right = sets.includes('side-right') || texts.some((text) => RIGHT.test(text));
  return { places: closest(named), side: left === right ? undefined : left ? 'left' : 'right' };
}

/** Without the larger places that only hold a closer one. */
function closest(places: readonly Place[]): readonly Place[] {
  return places.filter((place) => !places.some((other) => other !== place && isWithin(other, place)));
}

function isWithin(place: Place, larger: Place): boolean {
  for (let at: Place | undefined = place; at?.within !== undefined; at = BY_NAME.get(at.within)) {
    if (at.within === larger.name) return true;
  }
  return false;
}

/** One place out of what several records say; `undefined` if they name none, or places far apart. */
function together(said: readonly Located[]): Located | undefined {
  const named = new Set(said.flatMap((one) => one.places));
  const places = closest(PLACES.filter((place) => named.has(place)));
  if (places.length === 0) return undefined;
  const joined = places.every((place) => places.every((other) => place === other || areBeside(place, other)));
  const sides = new Set(said.flatMap(({ side }) => side ?? []));
  if (!joined || sides.size > 1) return undefined;
  return { places, side: [...sides][0] };
}

function areBeside(place: Place, other: Place): boolean {
  return place.beside?.includes(other.name) === true || other.beside?.includes(place.name) === true;
}

function nameOf({ places, side }: Located): string {
  const names = places.map(({ name }) => name).join(' and ');
  return side === undefined ? names : `${side} ${names}`;
}

/** Is it an MRI of the place: yes, perhaps – the place of either is not told, or is a neighbour's –, or not? */
type Fit = 'yes' | 'perhaps' | 'no';

function fitOf(concepts: readonly CodedText[], site: Located | undefined, terminology: Terminology): Fit {
  const fits = concepts.map((concept) => fitOfOne(concept, site, terminology));
  return fits.find((fit) => fit === 'yes') ?? fits.find((fit) => fit === 'perhaps') ?? 'no';
}

function fitOfOne(concept: CodedText, site: Located | undefined, terminology: Terminology): Fit {
  const sets = terminology.valueSetsOf(concept);
  if (sets.includes('mri-primary-site')) return compare(locate(concept, terminology), site, false);
  if (sets.includes('mri-brain') || !concept.texts.some(namesMri)) return 'no';
  const scans = scansIn(concept.texts.join(' ')).filter(namesMri);
  if (scans.length === 0) return 'no';
  const elsewhere = scans.some((scan) => OTHER_ORGAN.test(scan.toLowerCase()));
  return compare(locate({ codings: concept.codings, texts: scans }, terminology), site, elsewhere);
}

function compare(shown: Located, site: Located | undefined, elsewhere: boolean): Fit {
  if (shown.places.length === 0) return elsewhere ? 'no' : 'perhaps';
  if (site === undefined) return 'perhaps';
  if (shown.side !== undefined && site.side !== undefined && shown.side !== site.side) return 'no';
  const pairs = shown.places.flatMap((place) => site.places.map((other) => [place, other] as const));
  if (pairs.some(([place, other]) => place === other || isWithin(place, other) || isWithin(other, place))) return 'yes';
  return pairs.some(([place, other]) => areBeside(place, other)) ? 'perhaps' : 'no';
}
