import type { Manner } from './fhir-answers.ts';

/** What of the chart an EHR sends with a call. */
export type Sent = 'full' | 'lean' | 'none';

/** One kind of call. */
export interface CallKind {
  readonly title: string;
  /** The name of a measured chart. */
  readonly chart: string;
  readonly sent: Sent;
  /** Absent: the call names no server. */
  readonly manner?: Manner;
  /** `new`: the service has never asked this server. `known`: it has, and remembers how. */
  readonly contact: 'new' | 'known';
}

const SENT: readonly Sent[] = ['full', 'lean', 'none'];

/** What a call costs that has all it needs and asks nobody; all other calls with the chart are compared with it. */
export function withoutServer(chart: string): CallKind {
  return { title: `${chart}, full prefetch and no server`, chart, sent: 'full', contact: 'known' };
}

/** The calls that are measured, in the order of the table. */
export const CALL_KINDS: readonly CallKind[] = [
  ...bySent('no ASPS', { chart: 'no-asps', manner: 'as-asked', contact: 'known' }),
  ...bySent('ASPS', { chart: 'asps', manner: 'as-asked', contact: 'known' }),
  ...bySent('drugs by reference', { chart: 'asps-by-reference', manner: 'include-ignored', contact: 'known' }),
  {
    title: 'drugs by reference, no prefetch, `_include` honoured',
    chart: 'asps-by-reference',
    sent: 'none',
    manner: 'as-asked',
    contact: 'known',
  },
  ...byContact('no ASPS', { chart: 'no-asps', sent: 'none', manner: 'refusing' }),
  ...byContact('ASPS', { chart: 'asps', sent: 'none', manner: 'refusing' }),
];

function bySent(title: string, kind: Omit<CallKind, 'sent' | 'title'>): readonly CallKind[] {
  return SENT.map((sent) => ({ ...kind, title: `${title}, ${sent} prefetch`.replace('none', 'no'), sent }));
}

function byContact(title: string, kind: Omit<CallKind, 'contact' | 'title'>): readonly CallKind[] {
  return [
    { ...kind, title: `${title}, no prefetch, \`_count\` refused, first call`, contact: 'new' },
    { ...kind, title: `${title}, no prefetch, \`_count\` refused, later call`, contact: 'known' },
  ];
}
