import { type DateInterval, readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import { type ConditionRecord, conditionEvidence, counts, isOnlySuspected } from './condition.ts';
import type { DraftOrder } from './draft-orders.ts';
import { type Evidence, type Fact, newestFirst, notFound, unknown, yes } from './fact.ts';
import { asObjects, asText } from './json.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { ServiceRecord } from './service-record.ts';
import type { Settings } from './settings.ts';
import type { Terminology } from './terminology.ts';
import { assertionOf, MAX_TEXT } from './text.ts';

/** Who else looks after the patient, or is asked to (facts: "Follow-up, contacts and supportive care"). */
export interface Contacts {
  readonly palliativeCare: Fact;
  readonly sarcomaCentre: Fact;
}

/** "Palliative radiotherapy" is a treatment, not a contact. */
const PALLIATIVE =
  /\b(?:palliative (?:(?:and|&) supportive )?(?:care|medicine|team|service|consult\w{0,8}|referral|nurs\w{1,4}|clinic|physician|specialist)|supportive (?:and|&) palliative care|hospice)\b/;
const SARCOMA_CENTRE =
  /\b(?:sarcoma (?:(?:and \w{1,20}|reference|referral|specialist|specialty|expert|treatment|oncology|surgery) ){0,2}(?:cent(?:re|er)|clinic|service|program(?:me)?|unit|team|network|specialist|surgeon)|(?:cent(?:re|er)|clinic|unit) for (?:\w{1,20} ){0,5}sarcomas?)\b/;
/** Worth a closer look: most texts are not. */
const PALLIATIVE_HINT = /palliative|hospice/i;
const SARCOMA_HINT = /sarcoma/i;
/** Offered, and not taken up. */
const NOT_WANTED = /\b(?:declin\w{1,3}|refus\w{1,3}|cancell?ed|deferred|not (?:indicated|needed|wanted|interested))\b/;

/** Visits that take place, did or will. */
const VISITS = new Set(['planned', 'arrived', 'triaged', 'in-progress', 'onleave', 'finished', 'unknown']);

export interface ContactContext {
  readonly conditions: readonly ConditionRecord[];
  readonly services: readonly ServiceRecord[];
  readonly drafts: readonly DraftOrder[];
  readonly readings: Readings;
  /** What was over before the work-up of the ASPS began is no contact for it. */
  readonly diagnosed: DateInterval;
  readonly settings: Pick<Settings, 'sarcomaCentres' | 'workUpDays'>;
}

/** Is it a contact for the ASPS: yes; or perhaps, since its date does not tell or it is over? */
type Standing = 'counts' | 'undated' | 'over';

/** A record that may show a contact: what it is, and whom it names. */
interface Contact {
  readonly concept: CodedText;
  readonly names: readonly string[];
  readonly evidence: Evidence;
  /** In force, or still to come: it lasts, whenever it began. */
  readonly lasts?: boolean;
  readonly over?: boolean;
}

/** What shows a contact, and when it was. */
interface Seen extends Pick<Contact, 'evidence' | 'lasts' | 'over'> {
  /** The date of the evidence, unless another one decides. */
  readonly date?: DateInterval | undefined;
}

export function readContacts(context: ContactContext, terminology: Terminology): Contacts {
  const { conditions, services, drafts, readings, diagnosed, settings } = context;
  const contacts: readonly Contact[] = [
    ...drafts
      .filter(({ resource }) => resource['resourceType'] === 'ServiceRequest')
      .map(({ resource, concept, evidence: said }) => ({
        concept,
        names: namesIn(resource),
        evidence: said,
        lasts: true,
      })),
    ...services.filter(({ key }) => key !== 'diagnosticReports' && key !== 'imagingStudies').map(ofService),
    ...resourcesOf(readings, 'encounters', 'Encounter').flatMap(ofEncounter),
    ...resourcesOf(readings, 'careTeams', 'CareTeam').flatMap(ofCareTeam),
  ];
  const centres = settings.sarcomaCentres.map(plain).filter((name) => name !== '');
  return { palliativeCare: palliativeCare(), sarcomaCentre: sarcomaCentre() };

  function palliativeCare(): Fact {
    const seen = contacts.filter(
      ({ concept, names }) => isPalliative(concept) || speaks(names, PALLIATIVE_HINT, PALLIATIVE),
    );
    const coded = conditions
      .filter(({ condition, code }) => counts(condition) && !isOnlySuspected(condition) && isPalliative(code))
      .map(({ condition, dates }) => ({
        evidence: conditionEvidence(condition),
        date: dates.onset ?? dates.recorded,
      }));
    return found([...seen, ...coded]);
  }

  function isPalliative(concept: CodedText): boolean {
    const named = terminology.isIn(concept, 'palliative-care') || speaks(concept.texts, PALLIATIVE_HINT, PALLIATIVE);
    return named && !concept.texts.some(isNotWanted);
  }

  function sarcomaCentre(): Fact {
    return found(
      contacts.filter(({ concept, names }) => {
        const said = [...concept.texts, ...names];
        const named = speaks(said, SARCOMA_HINT, SARCOMA_CENTRE) || said.some((text) => namesCentre(text, centres));
        return named && !concept.texts.some(isNotWanted);
      }),
    );
  }

  function found(seen: readonly Seen[]): Fact {
    const placed = seen.flatMap((contact) => {
      const standing = standingOf(contact);
      return standing === undefined ? [] : [{ standing, evidence: contact.evidence }];
    });
    const sure = placed.filter(({ standing }) => standing === 'counts');
    if (sure.length > 0) return yes(newestFirst(sure));
    // Hardly any EHR serves CareTeam, and a referral seldom stands among the Procedures.
    const none = notFound(readings, ['serviceRequests', 'encounters'], ['procedures', 'careTeams']);
    if (placed.length === 0) return none;
    const undated = placed.some(({ standing }) => standing === 'undated');
    return unknown(newestFirst(placed), none, undated ? 'date-not-comparable' : 'resolved');
  }

  /** `undefined`: it was over before the work-up began. What has no date counts, as does all while the ASPS has none. */
  function standingOf({ evidence: said, date = said.date, lasts, over }: Seen): Standing | undefined {
    if (lasts !== true && date !== undefined && date.end < diagnosed.start - settings.workUpDays) return undefined;
    if (over === true) return 'over';
    if (lasts === true || date === undefined || diagnosed.end === Infinity) return 'counts';
    return date.start >= diagnosed.end - settings.workUpDays ? 'counts' : 'undated';
  }
}

function speaks(texts: readonly string[], hint: RegExp, name: RegExp): boolean {
  return texts.some((text) => {
    if (!hint.test(text)) return false;
    const spoken = assertionOf(text, name);
    // "Evaluate for hospice" is a contact; "no palliative care" and a relative's are none.
    return spoken !== undefined && spoken !== 'negated' && spoken !== 'family';
  });
}

function isNotWanted(text: string): boolean {
  return NOT_WANTED.test(text.slice(0, MAX_TEXT).toLowerCase());
}

/** The name as such, not as a part of another word; in any script. */
function namesCentre(text: string, centres: readonly string[]): boolean {
  if (centres.length === 0) return false;
  const said = plain(text);
  return centres.some((name) => {
    const around = said.split(name);
    // Between two pieces stands the name: whole, if neither goes on with a letter.
    return around.some((before, at) => {
      const after = around[at + 1];
      return after !== undefined && !LETTER.test(before.slice(-1)) && !LETTER.test(after.charAt(0));
    });
  });
}

const LETTER = /[\p{L}\p{N}]/u;

function plain(text: string): string {
  return text.slice(0, MAX_TEXT).normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

function ofService({ concepts, resource, evidence: said }: ServiceRecord): Contact {
  const concept = {
    codings: concepts.flatMap(({ codings }) => codings),
    texts: concepts.flatMap(({ texts }) => texts),
  };
  return { concept, names: namesIn(resource), evidence: said };
}

function ofEncounter(encounter: JsonObject): readonly Contact[] {
  const status = encounter['status'];
  if (typeof status === 'string' && !VISITS.has(status)) return [];
  const concept = readCodedText(encounter['type'], encounter['serviceType'], encounter['reasonCode']);
  const names = namesIn(encounter);
  const date = readPeriod(encounter['period']) ?? readDate(encounter['period']);
  return [{ concept, names, evidence: evidence(encounter, 'encounter', date, concept.texts[0] ?? names[0]) }];
}

/** A team that is in force, or does not say; one that is no more was a contact. */
const TEAM_OVER = 'inactive';

function ofCareTeam(team: JsonObject): readonly Contact[] {
  const status = asText(team['status']) ?? 'active';
  if (status !== 'active' && status !== TEAM_OVER) return [];
  const participants = asObjects(team['participant']);
  const concept = readCodedText(
    { text: team['name'] },
    team['category'],
    ...participants.map((participant) => participant['role']),
  );
  const names = namesIn(team);
  const text = asText(team['name']) ?? names[0] ?? concept.texts[0];
  const said = evidence(team, 'care-team', readPeriod(team['period']), text);
  return [{ concept, names, evidence: said, ...(status === TEAM_OVER ? { over: true } : { lasts: true }) }];
}

/** The people, teams and organisations that a record names as those who act, by display or as contained resources. */
function namesIn(resource: JsonObject): readonly string[] {
  const participants = asObjects(resource['participant']);
  const performers = asObjects(resource['performer']);
  const references = [
    ...performers,
    ...performers.map((performer) => performer['actor']),
    ...performers.map((performer) => performer['onBehalfOf']),
    ...participants.flatMap((one) => [one['individual'], one['member'], one['onBehalfOf'], one['actor']]),
    ...asObjects(resource['location']).flatMap((place) => [place, place['location']]),
    ...asObjects(resource['locationReference']),
    ...asObjects(resource['managingOrganization']),
    resource['serviceProvider'],
  ].flatMap((reference) => asObjects(reference));
  return [
    ...references.flatMap((reference) => asText(reference['display']) ?? []),
    ...asObjects(resource['contained']).flatMap((contained) => asText(contained['name']) ?? []),
    ...readCodedText(resource['performerType']).texts,
  ];
}
