import { plainText } from '../../guideline/escape.ts';
import { kindInWords } from '../../guideline/wording.ts';
import { momentInWords } from '../parts/moment.ts';
import type { Situation } from '../situation.ts';
import { diagnosisItem, metastasesItem, primarySiteItem, stageItem } from './disease.ts';
import { type HeaderItem, recorded } from './item.ts';
import { newestRecord } from './newest-record.ts';
import { diseaseStatusItem, performanceStatusItem, therapyItem } from './treatment.ts';

/** What stands at the head of the screen, and of the note: where this patient is, as far as the chart says. */
export function stripOf(situation: Situation): readonly HeaderItem[] {
  return [...clinicalItems(situation), dataItem(situation)];
}

/** All of it but the age of the data. */
export function clinicalItems(situation: Situation): readonly HeaderItem[] {
  return [
    diagnosisItem(situation),
    primarySiteItem(situation),
    stageItem(situation),
    metastasesItem(situation),
    performanceStatusItem(situation),
    therapyItem(situation),
    diseaseStatusItem(situation),
  ];
}

function dataItem({ readings, chart, now, pending }: Situation): HeaderItem {
  const read = recorded('read', [], momentInWords(now));
  const newest = newestRecord(readings, chart.today);
  if (newest === undefined)
    return { term: 'Data', values: [read, { ...NO_DATE, standing: pending.size > 0 ? 'reading' : 'open' }] };
  const what = `${kindInWords(newest.kind)}: ${plainText(newest.text)}`;
  const note = pending.size > 0 ? `${what}; still reading` : what;
  return { term: 'Data', values: [read, recorded('newest record', [newest], `${newest.date?.text ?? ''}, ${note}`)] };
}

const NO_DATE = { words: 'no record with a date was read', evidence: [] } as const;
