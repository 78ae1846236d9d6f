import type { Day } from './calendar.ts';
import { longDiseaseFreeInterval } from './disease-free-interval.ts';
import type { Fact } from './fact.ts';
import type { ImagingRecord } from './imaging.ts';
import { type IntervalStaging, readIntervalStaging } from './interval-ct.ts';
import { type MetastaticSites, readMetastaticSites } from './metastatic-sites.ts';
import type { Readings } from './reading.ts';
import { readSurgery, type Surgery, type SurgeryContext } from './surgery.ts';
import type { Terminology } from './terminology.ts';

/** Surgery and local therapy: what was done, where the disease is, and whether a metastasectomy may be thought of. */
export interface LocalTherapy extends Surgery {
  readonly longDiseaseFreeInterval: Fact;
  readonly sites: MetastaticSites;
  readonly staging: IntervalStaging;
}

export function readLocalTherapy(
  readings: Readings,
  context: SurgeryContext & { readonly imaging: readonly ImagingRecord[]; readonly today: Day },
  terminology: Terminology,
): LocalTherapy {
  const surgery = readSurgery(readings, context, terminology);
  return {
    ...surgery,
    longDiseaseFreeInterval: longDiseaseFreeInterval(readings, { ...context, surgery }),
    sites: readMetastaticSites(readings, context.spread, context.settings),
    staging: readIntervalStaging(readings, context),
  };
}
