import type { DateInterval } from '../../chart/calendar.ts';
import type { Chart } from '../../chart/chart.ts';
import { readCode } from '../../chart/coding.ts';
import { isActive, isCalledActive } from '../../chart/condition.ts';
import { coverage, newestFirst } from '../../chart/fact.ts';
import { siteInWords } from '../../chart/metastatic-sites.ts';
import type { JsonObject } from '../../chart/reading.ts';
import type { Metastasis, OpenSecondary } from '../../chart/spread.ts';
import { stageStatements } from '../../chart/stage.ts';
import { plainText } from '../../guideline/escape.ts';
import { whyUnknown } from '../parts/gap.ts';
import type { Situation } from '../situation.ts';
import { absent, dateInWords, type HeaderItem, type HeaderValue, recorded, undecided, unlessAll } from './item.ts';

/** So many stage statements are named, the newest. */
const STAGES = 2;

export function diagnosisItem({ chart, pending }: Situation): HeaderItem {
  const { certainty, by, date, evidence } = chart.diagnosis;
  const sources = coverage(chart.readings, ['conditions']);
  if (certainty === 'absent')
    return {
      term: 'Diagnosis',
      values: [absent('no record of alveolar soft part sarcoma found', sources, pending, 'in Condition')],
    };
  const [words, how] =
    certainty === 'suspected'
      ? ['suspected alveolar soft part sarcoma', 'not established']
      : [
          'alveolar soft part sarcoma',
          by === 'code' ? 'established by a code' : 'established by its name in text only',
        ];
  return {
    term: 'Diagnosis',
    values: [recorded(words, evidence, [how, sinceInWords(date), activityInWords(chart, pending)].join(', '))],
  };
}

/** When a record was made is not when the disease began. */
function sinceInWords({ start, text }: DateInterval): string {
  if (text === '') return 'date not recorded';
  return Number.isFinite(start) ? `since ${text}` : `recorded ${text}`;
}

/** Active only if the record says so itself; that it does not say it is over is another thing. */
function activityInWords({ active, diagnosis }: Chart, pending: Situation['pending']): string {
  switch (active.state) {
    case 'yes':
      return diagnosis.conditions.some(isCalledActive) ? 'active' : 'not recorded as over';
    case 'no':
      return overInWords(diagnosis.conditions);
    case 'unknown':
      return `active or not: ${whyUnknown(active, pending)}`;
    default:
      return active.state satisfies never;
  }
}

/** "recorded as remission": by the chart's own word, since not all of them say that it is over. */
export function overInWords(conditions: readonly JsonObject[]): string {
  const over = conditions.find((condition) => !isActive(condition));
  const status = over === undefined || isCalledActive(over) ? undefined : readCode(over['clinicalStatus']);
  return `recorded as ${plainText(status ?? 'over')}`;
}

export function primarySiteItem({ chart, pending }: Situation): HeaderItem {
  const { known } = chart.primarySite;
  const value =
    known.state === 'yes'
      ? recorded(known.value ?? 'recorded', known.evidence)
      : undecided('not decided', known, pending);
  return { term: 'Primary site', values: [value] };
}

export function stageItem({ guideline, chart, pending }: Situation): HeaderItem {
  const { metastatic, primaries } = chart.spread;
  const statements = stageStatements(chart.readings, chart.diagnosis.conditions, primaries, guideline.terminology);
  const newest = newestFirst(statements.filter(({ whose }) => whose === 'asps')).slice(0, STAGES);
  const stated = newest.map((one) => recorded(plainText(one.text), [one], dateInWords(one.date)));
  return { term: 'Stage', values: [spread(), ...stated] };

  function spread(): HeaderValue {
    switch (metastatic.state) {
      case 'yes':
        return recorded('metastatic', metastatic.evidence);
      case 'no':
        return recorded('localised', metastatic.evidence);
      case 'unknown':
        return undecided('metastatic or not: undecided', metastatic, pending);
      default:
        return metastatic.state satisfies never;
    }
  }
}

export function metastasesItem({ chart, pending }: Situation): HeaderItem {
  const { metastatic, metastases, openSecondaries } = chart.spread;
  const sources = coverage(chart.readings, ['conditions']);
  const bySite = [...Map.groupBy(metastases, sitesInWords)].map(([site, found]) => {
    const all = newestFirst(found);
    return recorded(site, all, dateInWords(all.findLast(({ date }) => date !== undefined)?.date));
  });
  const open = openSecondaries.map(
    (secondary): HeaderValue => ({
      words: `not counted: ${plainText(secondary.evidence.text)}`,
      note: `${openInWords(secondary)}; ${dateInWords(secondary.evidence.date)}`,
      evidence: [secondary.evidence],
      standing: 'open',
    }),
  );
  return { term: 'Metastases', values: [...(bySite.length > 0 ? bySite : [none()]), ...open, ...more()] };

  function none(): HeaderValue {
    if (metastatic.state === 'yes') return absent('sites not recorded', sources, pending);
    if (metastatic.state === 'no') return recorded('no record of any found', metastatic.evidence);
    return absent('no record of any that counts found', sources, pending);
  }

  function more(): readonly HeaderValue[] {
    return bySite.length === 0 ? [] : unlessAll('there may be others', sources, pending);
  }
}

function openInWords({ standing, condition }: OpenSecondary): string {
  switch (standing) {
    case 'suspected':
      return 'suspected';
    case 'resolved':
      return overInWords([condition]);
    case 'unattributed':
      return 'of which cancer is open';
    default:
      return standing satisfies never;
  }
}

/** A place that the guideline does not tell apart goes by the chart's own words. */
function sitesInWords({ sites, evidence }: Metastasis): string {
  const names = sites.filter((site) => site !== 'other').map(siteInWords);
  return names.length === 0 ? plainText(evidence.text) : names.join(', ');
}
