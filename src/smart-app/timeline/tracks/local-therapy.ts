import type { Operation, OperationRecord } from '../../../chart/operation.ts';
import { readRadiotherapy } from '../../../chart/radiotherapy.ts';
import { DONE, type EventDraft, NOT_LINKED } from '../event.ts';
import { momentIn } from '../placement.ts';
import type { TrackContext, TrackSource } from '../track.ts';
import { serviceEvent } from './service.ts';

const LANES: ReadonlyMap<Operation, readonly [lane: string, name: string]> = new Map([
  ['excision', ['resection', 'tumour excision']],
  ['amputation', ['resection', 'amputation']],
  ['lung-metastasectomy', ['metastasectomy', 'lung metastasectomy']],
  ['other-metastasectomy', ['metastasectomy', 'metastasectomy']],
  ['biopsy', ['biopsy and pathology', 'biopsy']],
  ['pathology', ['biopsy and pathology', 'pathology report']],
  ['surgical-referral', ['referral to surgery', 'referral to surgery']],
]);

export const SURGERY: TrackSource = {
  id: 'surgery',
  title: 'Surgery and biopsy',
  keys: ['procedures', 'diagnosticReports', 'serviceRequests'],
  read: (context) => [
    ...context.chart.surgery.records.flatMap((record) => operationEvent(record, context)),
    ...margins(context),
  ],
};

function operationEvent(record: OperationRecord, context: TrackContext): readonly EventDraft[] {
  const named = LANES.get(record.operation);
  if (named === undefined) return [];
  const [lane, name] = named;
  const { diagnosis, settings } = context.chart;
  const isBefore =
    !record.linked && record.date !== undefined && record.date.end < diagnosis.date.start - settings.workUpDays;
  const remarks = [
    record.whose === 'open' ? NOT_LINKED : '',
    isBefore ? 'before the diagnosis: may be of something else' : '',
  ].filter((remark) => remark !== '');
  const isReported = record.key === 'diagnosticReports' && record.operation !== 'pathology';
  const remark = remarks.length === 0 ? undefined : remarks.join('; ');
  return [
    serviceEvent(record, { lane, name: isReported ? `${name}, report` : name, fill: 'surgery', remark }, context),
  ];
}

/** What was said of the margin of the last resection. */
function margins({ chart, today }: TrackContext): readonly EventDraft[] {
  const { state, evidence } = chart.surgery.positiveMargin;
  const word = { yes: 'positive', no: 'free', unknown: 'undecided' }[state];
  return evidence.map((one) => ({
    lane: 'surgical margin',
    label: `surgical margin: ${word}`,
    word,
    look: { ...DONE, shape: 'diamond', fill: 'surgery', isHollow: state !== 'yes' },
    placement: momentIn(one.date, true, today),
    when: one.date?.text ?? '',
    evidence: [one],
  }));
}

export const RADIOTHERAPY: TrackSource = {
  id: 'radiotherapy',
  title: 'Radiotherapy',
  keys: ['procedures', 'diagnosticReports', 'serviceRequests'],
  read: (context) => [...courses(context), ...referrals(context)],
};

function courses(context: TrackContext): readonly EventDraft[] {
  const { chart, terminology } = context;
  return readRadiotherapy(chart.services, chart.diagnosis, chart.spread, terminology).map(({ service, whose }) =>
    serviceEvent(
      service,
      {
        lane: 'course',
        name: service.key === 'diagnosticReports' ? 'radiotherapy, report' : 'radiotherapy',
        fill: 'radiotherapy',
        remark: whose === 'open' ? NOT_LINKED : undefined,
      },
      context,
    ),
  );
}

function referrals(context: TrackContext): readonly EventDraft[] {
  const name = 'referral to radiation oncology';
  return context.chart.surgery.records
    .filter(({ operation }) => operation === 'radiotherapy-referral')
    .map((record) => serviceEvent(record, { lane: 'referral', name, fill: 'radiotherapy' }, context));
}
