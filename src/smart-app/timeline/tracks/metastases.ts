import { readDate, readPeriod } from '../../../chart/calendar.ts';
import { isActive, isOnlySuspected } from '../../../chart/condition.ts';
import { siteInWords } from '../../../chart/metastatic-sites.ts';
import type { Metastasis } from '../../../chart/spread.ts';
import type { EventDraft, Look } from '../event.ts';
import { closed, daysOf, type Placement } from '../placement.ts';
import type { TrackContext, TrackSource } from '../track.ts';

const LINE: Look = { shape: 'line', fill: 'ink', isHollow: false };

export const METASTASES: TrackSource = {
  id: 'metastases',
  title: 'Metastases',
  keys: ['conditions'],
  read: (context) => [
    ...context.chart.spread.metastases.flatMap((one) => atSites(one, '', context)),
    ...context.chart.spread.openSecondaries.flatMap((one) => atSites(one, standingOf(one), context)),
  ],
};

/** One event a site, from the day that the metastasis is there or on record. */
function atSites(metastasis: Metastasis, standing: string, context: TrackContext): readonly EventDraft[] {
  const { sites, evidence, dates } = metastasis;
  const began = dates.onset ?? dates.recorded;
  return sites.map((site): EventDraft => {
    const lane = site === 'other' ? 'another site, or none named' : siteInWords(site);
    const remarks = [
      dates.onset === undefined && began !== undefined ? 'the day on which it was entered' : '',
      standing === 'uncertain' ? 'whose it is, or whether it stands, is open' : '',
    ].filter((remark) => remark !== '');
    return {
      lane,
      label: `metastasis: ${lane}${standing === '' ? '' : `, ${standing}`}`,
      word: standing,
      look: standing === '' ? LINE : { ...LINE, isHollow: true },
      placement: placed(metastasis, context),
      when: began === undefined || began.text === '' ? '' : `since ${began.text}`,
      remark: remarks.length === 0 ? undefined : remarks.join('; '),
      evidence: [evidence],
    };
  });
}

function placed({ condition, dates }: Metastasis, { today, died }: TrackContext): Placement | undefined {
  const days = daysOf(dates.onset ?? dates.recorded);
  if (days === undefined) return undefined;
  const begin = closed(days, today);
  if (isActive(condition))
    return {
      kind: 'stretch',
      begin,
      end: died === undefined ? 'goes-on' : { from: Math.max(begin.to, died.from), to: Math.max(begin.to, died.to) },
    };
  const abated = daysOf(readDate(condition['abatementDateTime']) ?? readPeriod(condition['abatementPeriod']));
  return { kind: 'stretch', begin, end: closed(abated ?? { from: begin.to, to: Infinity }, today) };
}

function standingOf({ condition }: Metastasis): string {
  if (isOnlySuspected(condition)) return 'suspected';
  return isActive(condition) ? 'uncertain' : 'resolved';
}
