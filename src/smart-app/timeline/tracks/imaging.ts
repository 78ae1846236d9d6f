import { readCodedText } from '../../../chart/coding.ts';
import type { Evidence } from '../../../chart/fact.ts';
import { type Study, scansIn } from '../../../chart/imaging.ts';
import type { ServiceRecord } from '../../../chart/service-record.ts';
import type { EventDraft } from '../event.ts';
import { momentIn } from '../placement.ts';
import type { TrackContext, TrackSource } from '../track.ts';
import { serviceEvent } from './service.ts';

const STUDIES: Readonly<Record<Study, string>> = {
  'mri-brain': 'brain MRI',
  'ct-head': 'head CT',
  'ct-chest': 'chest CT',
  'pet-ct': 'PET-CT',
};
const PRIMARY = 'MRI of the primary site';

/** Radiology in HL7 v2-0074, by its kinds, in LOINC (US Core), and imaging in SNOMED CT. */
const IMAGING_CATEGORIES = new Set(['RAD', 'RUS', 'RX', 'CT', 'NMR', 'NMS', 'LP29684-5', '363679005']);
const SCAN =
  /\b(?:[fn]?mri?|ct|pet|x-?rays?|radiographs?|ultrasounds?|ultrasonography|scintigraphy|bone scan|tomography|magnetic resonance)\b/i;

export const IMAGING: TrackSource = {
  id: 'imaging',
  title: 'Imaging',
  none: 'nothing recognised as imaging found',
  keys: ['procedures', 'diagnosticReports', 'imagingStudies', 'serviceRequests'],
  read: (context) => [...stagingScans(context), ...scansOfPrimary(context), ...otherStudies(context)],
};

function stagingScans(context: TrackContext): readonly EventDraft[] {
  return context.chart.imaging.flatMap(({ study, evidence }) => {
    const service = context.serviceOf(evidence);
    return service === undefined
      ? []
      : [serviceEvent(service, { lane: STUDIES[study], name: STUDIES[study] }, context)];
  });
}

function scansOfPrimary(context: TrackContext): readonly EventDraft[] {
  const { done, ordered } = context.chart.primarySite.mri;
  return [done, ordered].flatMap(({ state, evidence, doubt }) =>
    evidence.map((one): EventDraft => {
      const isPerhaps = state === 'unknown' && doubt === 'site-not-comparable';
      const naming = { lane: PRIMARY, name: isPerhaps ? 'MRI, perhaps of the primary site' : PRIMARY };
      const service = context.serviceOf(one);
      return service === undefined ? ofEvidence(one, naming, context) : serviceEvent(service, naming, context);
    }),
  );
}

/** An order that is no service on file: a draft. */
function ofEvidence(
  evidence: Evidence,
  { lane, name }: { readonly lane: string; readonly name: string },
  { today }: TrackContext,
): EventDraft {
  return {
    lane,
    label: `${name}, asked for`,
    word: 'asked for',
    look: { shape: 'circle', fill: 'ink', isHollow: true },
    placement: momentIn(evidence.date, false, today),
    when: evidence.date?.text ?? '',
    evidence: [evidence],
  };
}

/** The images that the guideline does not ask for: an imaging study, or what its category or its words call imaging. */
function otherStudies(context: TrackContext): readonly EventDraft[] {
  const { chart } = context;
  const named = new Set<Evidence>([
    ...chart.imaging.map(({ evidence }) => evidence),
    ...chart.primarySite.mri.done.evidence,
    ...chart.primarySite.mri.ordered.evidence,
  ]);
  return chart.services
    .filter((service) => !named.has(service.evidence) && isImaging(service))
    .map((service) => serviceEvent(service, { lane: 'other studies', name: 'imaging study' }, context));
}

function isImaging({ key, concepts, resource }: ServiceRecord): boolean {
  if (key === 'imagingStudies') return true;
  const category = readCodedText(resource['category']);
  return (
    category.codings.some(({ code }) => IMAGING_CATEGORIES.has(code ?? '')) ||
    category.texts.some((text) => /radiolog|imaging/i.test(text)) ||
    concepts.some(({ texts }) => texts.flatMap(scansIn).some((scan) => SCAN.test(scan)))
  );
}
