import type { FhirCost } from './fhir-cost.ts';
import { type Spread, table } from './statistics.ts';

/** The costs as a table. `latencyMs` is what one answer of the FHIR server takes. */
export function fhirTable(costs: readonly FhirCost[], latencyMs: number): string {
  const head = ['call', 'FHIR requests', 'FHIR KB', 'body KB', 'p50 ms', 'added ms', 'round trips'];
  const rows = costs.map(({ kind, requests, fhirBytes, bodyBytes, milliseconds, addedMilliseconds }) => [
    kind.title,
    range(requests),
    kilobytes(fhirBytes.median),
    kilobytes(bodyBytes),
    milliseconds.median.toFixed(0),
    rounded(addedMilliseconds.median, 0),
    rounded(addedMilliseconds.median / latencyMs, 1),
  ]);
  return table([head, ...rows]);
}

function range({ min, max }: Spread): string {
  return min === max ? String(min) : `${min}–${max}`;
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

/** A difference below what is shown is none, whichever way it goes: no minus before a zero. */
function rounded(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-(?=[0.]+$)/, '');
}
