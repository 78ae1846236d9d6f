/**
 * What plain words say of the margin of a resection; `contradictory` when they call the same margin involved and free.
 * Words are read, never distances: "5 mm to the margin" says neither.
 */
export type Margin = 'involved' | 'free' | 'contradictory';

interface Statement {
  readonly says: 'involved' | 'free';
  /** "Deep", "other": it is of some of the margins only. */
  readonly places: readonly string[];
}

/** A report of a resection is long; its margins stand in sentences of their own. */
const MAX_REPORT = 20_000;
const MENTION = /margin|\br[012]\b|residual|incomplete|\bink\b/;
const SENTENCE_END = /\.(?!\d)|[;\n\r]|\b(?:but|while|whereas|however|although)\b/;
const TOKEN = /[a-z0-9]+(?:\.\d+)?|[:=]|(?<=\s)[-–—](?=\s)/g;
/** The margin of another specimen. */
const OTHER_SPECIMEN = /\b(?:lungs?|pulmonary|bronchial|lobe|liver|hepatic|brain|bone marrow|skin)\b/;
/** It asks, hopes, plans, or tells of another time: no finding. */
const NO_FINDING =
  /\b(?:cannot|could|unable|not (?:be )?(?:assess|evaluat|determin|applicable|available|report|specif|submit|known|received)\w{0,5}|n\/a|indeterminate|equivocal|unknown|pending|deferred|if|whether|when|unless|should|would|may|might|risk|patients|possibl[ey]|probabl[ey]|likely|suspicious|suspected|concern\w{0,3}|questionable|favou?r\w{0,3}|appears?|history|prior|previous(?:ly)?|initial(?:ly)?|outside|frozen|intraoperative|recommend\w{0,5}|advis\w{0,3}|consider\w{0,3}|discuss\w{0,3}|plan(?:ned)?|goal|aim|to (?:obtain|achieve|ensure|get|assess|evaluate|secure))\b|\?/;
/** A distance, a nearness or a denial: then the tumour is not plainly at the margin. */
const NOT_PLAINLY_AT =
  /\b(?:distance|within|close\w{0,3}|near\w{0,3}|approach\w{0,3}|away|less|not|no|none|non|cannot|can|without|neither|nor|never|doesn|isn|wasn|free of)\b|(?:\b|\d)(?:mm|cm|millimet\w{2,3}|centimet\w{2,3})\b|</;
const EXCEPT = /\b(?:except\w{0,4}|other than|apart from|aside from|save)\b/;

const POSITIVE = new Set(['positive', 'involved']);
const NEGATIVE = new Set(['negative', 'free', 'clear', 'uninvolved']);
const DENIAL = new Set([
  'not',
  'no',
  'none',
  'non',
  'un',
  'without',
  'never',
  'neither',
  'nor',
  'doesn',
  'isn',
  'aren',
  'wasn',
  'weren',
]);
/** After "margins involved:". */
const NONE = new Set(['none', 'no', 'nil', 'absent', 'negative', '0', 'zero']);
const TUMOUR = new Set(['tumor', 'tumors', 'sarcoma', 'neoplasm', 'lesion', 'malignancy', 'disease', 'asps', 'cells']);
/** Where a margin is. Of "other" margins, some are left out. */
const PLACES = new Set(
  'other remaining rest deep superficial peripheral lateral medial superior inferior anterior posterior proximal distal radial circumferential cranial caudal dorsal ventral volar plantar palmar bone bony fascial mucosal cutaneous base left right upper lower middle external internal'.split(
    ' ',
  ),
);
const BESIDE_PLACE = new Set(
  'the a an all any both each every of and or surgical resection excision specimen inked final true soft tissue its this new closest nearest'.split(
    ' ',
  ),
);
/** What may stand between "positive" and "at the margin". */
const BETWEEN = new Set(['at', 'for', 'by', 'tumor', 'sarcoma', 'malignancy', 'cells', 'residual', 'present', ':']);
/** Here another thing begins. */
const ELSEWHERE = new Set(
  'and or with which that from to mm cm distance within close near node nodes lymph margin margins'.split(' '),
);
const REACHES = new Set(
  'at reach reaches reached reaching involve involves involving touch touches touching abut abuts abutting'.split(' '),
);
const EXTENDS = new Set(['extend', 'extends', 'extended', 'extending']);
/** How far the value of a margin may stand from it, in words. */
const REACH = 7;

const INK = /\bink on (?:the )?tumor\b|\btumor (?:cells? )?(?:on|at|touch(?:es|ing)) (?:the )?ink\b/;
const R_POSITIVE =
  /\b(?:resection|resected|margins?|status|stage|excision|classification|residual tumor)\W{1,3}r[12]\b|\br[12](?:\W?is\W?)?[ -](?:resection|margins?|status|excision|situation)\b|^\W{0,3}r[12]\b(?!\W{1,3}(?:lymph|nodes?|nodal|level|station|rib|lobe|segment|block|slide))/;
const R_NEGATIVE = /\br0\b/;
const INCOMPLETE = /\bincomplete(?:ly)? (?:excis|resect)\w{1,4}\b/;
const NO_RESIDUAL = /\bno (?:evidence of )?residual (?:tumor|sarcoma|disease|malignancy)\b/;
const DENIED = /\b(?:not|no|never|without)\b/;

/** What the words of one record say, line by line. */
export function marginIn(text: string): Margin | undefined {
  const statements = statementsIn(text);
  const involved = statements.filter(({ says }) => says === 'involved');
  const free = statements.filter(({ says }) => says === 'free');
  if (involved.length === 0) return free.some(isOfAll) ? 'free' : undefined;
  const places = new Set(involved.flatMap((one) => one.places));
  // "Deep margin positive, peripheral margins negative" is no contradiction.
  const isDenied = free.some((one) => isOfAll(one) || one.places.some((place) => places.has(place)));
  return isDenied ? 'contradictory' : 'involved';
}

/** Does a name say more of a margin than that it is one? "Deep margin", "margins involved by tumour". */
export function saysWhich(name: string): boolean {
  const tokens = plain(name).match(TOKEN) ?? [];
  return tokens.some(
    (token) => PLACES.has(token) || POSITIVE.has(token) || NEGATIVE.has(token) || token === 'distance',
  );
}

function isOfAll({ places }: Statement): boolean {
  return places.length === 0;
}

function plain(text: string): string {
  return text
    .slice(0, MAX_REPORT)
    .toLowerCase()
    .replaceAll('margin(s)', 'margins')
    .replaceAll('tumour', 'tumor')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/: ?[\n\r]+ ?/g, ': ');
}

function statementsIn(text: string): readonly Statement[] {
  const lower = plain(text);
  if (!MENTION.test(lower)) return [];
  return lower.split(SENTENCE_END).flatMap((sentence) => {
    if (!MENTION.test(sentence) || OTHER_SPECIMEN.test(sentence)) return [];
    const isPlainly = !NOT_PLAINLY_AT.test(sentence);
    const isPartly = EXCEPT.test(sentence);
    return sentence
      .split(',')
      .filter((part) => MENTION.test(part) && !NO_FINDING.test(part))
      .flatMap((part) => [...ofMargins(part, isPlainly), ...ofTheWhole(part, isPlainly)])
      .map((one) => (isPartly && one.says === 'free' && isOfAll(one) ? { ...one, places: ['other'] } : one));
  });
}

/** Words for the whole resection: R1, incompletely excised, ink on tumour. */
function ofTheWhole(part: string, isPlainly: boolean): readonly Statement[] {
  const isDenied = DENIED.test(part);
  const isR0 = R_NEGATIVE.test(part);
  const found: Statement[] = [];
  if (R_POSITIVE.test(part) && !isR0 && !isDenied) found.push({ says: 'involved', places: [] });
  if (INCOMPLETE.test(part) && !isDenied) found.push({ says: 'involved', places: [] });
  if (INK.test(part)) {
    if (isPlainly) found.push({ says: 'involved', places: [] });
    else if (/\bno (?:ink|tumor)\b/.test(part)) found.push({ says: 'free', places: [] });
  }
  if (isR0 && !isDenied && !/\br[12]\b/.test(part)) found.push({ says: 'free', places: [] });
  if (NO_RESIDUAL.test(part)) found.push({ says: 'free', places: [] });
  return found;
}

function ofMargins(part: string, isPlainly: boolean): readonly Statement[] {
  const tokens = part.match(TOKEN) ?? [];
  return tokens.flatMap((token, at) =>
    token === 'margin' || token === 'margins' ? (ofMargin(tokens, at, isPlainly) ?? []) : [],
  );
}

/** What is said of the margin that stands at this place: after it, before it, or of the tumour there. */
function ofMargin(tokens: readonly string[], at: number, isPlainly: boolean): Statement | undefined {
  let start = at;
  while (start > 0 && at - start < REACH && isQualifier(tokens[start - 1])) start -= 1;
  const places = tokens.slice(start, at).filter((token) => PLACES.has(token));
  return (
    valueAfter(tokens, { at, start, places }) ??
    valueBefore(tokens, { at, start, places }) ??
    tumourAt(tokens, { at, start, places }, isPlainly)
  );
}

interface Noun {
  readonly at: number;
  /** Where its articles and adjectives begin. */
  readonly start: number;
  readonly places: readonly string[];
}

function isQualifier(token: string | undefined): boolean {
  return token !== undefined && (PLACES.has(token) || BESIDE_PLACE.has(token));
}

/** "Margins: positive", "margin is not involved", "margins involved by sarcoma: none". */
function valueAfter(tokens: readonly string[], { at, start, places }: Noun): Statement | undefined {
  // "None of the margins", "no margin"; "not all margins" says nothing of any one.
  let isDenied = DENIAL.has(tokens[start - 1] ?? '');
  if (isDenied && tokens[start - 1] === 'not') return undefined;
  const found = [...places];
  for (let next = at + 1; next <= at + REACH; next += 1) {
    const token = tokens[next];
    if (token === undefined || ELSEWHERE.has(token)) return undefined;
    if (DENIAL.has(token)) isDenied = !isDenied;
    else if (PLACES.has(token)) found.push(token);
    else if (POSITIVE.has(token)) {
      const answer = answerAfter(tokens, next);
      if (answer === 'open') return undefined;
      return { says: isDenied || answer === 'none' ? 'free' : 'involved', places: found };
    } else if (NEGATIVE.has(token)) {
      if (isDenied && DENIAL.has(tokens[start - 1] ?? '')) return undefined;
      return answerAfter(tokens, next) === undefined
        ? { says: isDenied ? 'involved' : 'free', places: found }
        : undefined;
    }
  }
  return undefined;
}

/** "Positive deep margin", "negative for tumour at the margins", "no positive margins", "involved margins: none". */
function valueBefore(tokens: readonly string[], { at, start, places }: Noun): Statement | undefined {
  let before = start - 1;
  while (before > at - REACH && (BETWEEN.has(tokens[before] ?? '') || isQualifier(tokens[before]))) before -= 1;
  const value = tokens[before] ?? '';
  if (!POSITIVE.has(value) && !NEGATIVE.has(value)) return undefined;
  const answer = answerAfter(tokens, at);
  const isDenied = tokens.slice(Math.max(0, before - 2), before).some((token) => DENIAL.has(token));
  if (POSITIVE.has(value)) {
    if (answer === 'open') return undefined;
    return { says: isDenied || answer === 'none' ? 'free' : 'involved', places };
  }
  // "Negative margins were not achieved" tells of no one margin.
  return isDenied || answer !== undefined ? undefined : { says: 'free', places };
}

/** What stands behind "involved" or "positive margins": nothing, none, or that it is not known. */
function answerAfter(tokens: readonly string[], at: number): 'none' | 'open' | undefined {
  const rest = tokens.slice(at + 1, at + 1 + REACH);
  const colon = rest.findIndex((token) => !/^[a-z0-9.]+$/.test(token));
  const next = rest.find((token) => !['is', 'are', 'was', 'were', ':'].includes(token)) ?? '';
  const answer = colon === -1 ? next : (rest[colon + 1] ?? next);
  if (NONE.has(answer) || NONE.has(next)) return 'none';
  return DENIAL.has(answer) || DENIAL.has(next) || answer === 'cannot' ? 'open' : undefined;
}

/** "Tumour at the margin", "sarcoma extends to the inked deep margin", and "no tumour at the margin". */
function tumourAt(tokens: readonly string[], { start, places }: Noun, isPlainly: boolean): Statement | undefined {
  const verb = tokens[start - 1] ?? '';
  const stem = verb === 'to' ? (tokens[start - 2] ?? '') : verb;
  if (!(verb === 'to' ? EXTENDS.has(stem) : REACHES.has(stem))) return undefined;
  const before = tokens.slice(Math.max(0, start - 1 - REACH), start - 1);
  const ofClause = before.slice(Math.max(before.lastIndexOf('and'), before.lastIndexOf('with')) + 1);
  if (!ofClause.some((token) => TUMOUR.has(token))) return undefined;
  if (isPlainly) return { says: 'involved', places };
  const isFar = ofClause.some((token) => /^(?:\d.*|mm|cm|within|close|closest|near|less|only)$/.test(token));
  return !isFar && ofClause.some((token) => DENIAL.has(token)) ? { says: 'free', places } : undefined;
}
