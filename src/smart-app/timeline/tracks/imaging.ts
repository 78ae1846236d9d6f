import type { Evidence } from '../../../chart/fact.ts';
import type { Study } from '../../../chart/imaging.ts';
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

export const IMAGING: TrackSource = {
  id: 'imaging',
  title: 'Imaging',
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

/** Studies that are images for certain, and of nothing that the guideline asks for. */
function otherStudies(context: TrackContext): readonly EventDraft[] {
  const { chart } = context;
  const named = new Set<Evidence>([
    ...chart.imaging.map(({ evidence }) => evidence),
    ...chart.primarySite.mri.done.evidence,
    ...chart.primarySite.mri.ordered.evidence,
  ]);
  return chart.services
    .filter(({ key, evidence }) => key === 'imagingStudies' && !named.has(evidence))
    .map((service) => serviceEvent(service, { lane: 'other studies', name: 'imaging study' }, context));
}
