import type { Diagnosis } from './asps.ts';
import type { Attribution } from './attribution.ts';
import { indicationReader } from './indication.ts';
import { isRadiotherapy } from './operation.ts';
import type { ServiceRecord } from './service-record.ts';
import type { Spread } from './spread.ts';
import { attributed } from './surgery.ts';
import type { Terminology } from './terminology.ts';

/** One course of radiotherapy, given or asked for, of the primary or of a metastasis. */
export interface RadiotherapyRecord {
  readonly service: ServiceRecord;
  /** Never another cancer's. */
  readonly whose: Exclude<Attribution, 'other'>;
}

/** All radiotherapy on file that is not for another cancer, in the order of the records. */
export function readRadiotherapy(
  services: readonly ServiceRecord[],
  diagnosis: Diagnosis,
  spread: Spread,
  terminology: Terminology,
): readonly RadiotherapyRecord[] {
  const indicationOf = indicationReader(diagnosis.records, spread, terminology);
  return services.flatMap((service): RadiotherapyRecord[] => {
    const concept = service.concepts.find((one) => isRadiotherapy(one, terminology));
    if (concept === undefined) return [];
    const { whose } = attributed(concept, indicationOf(service.resource), spread, terminology);
    return whose === 'other' ? [] : [{ service, whose }];
  });
}
