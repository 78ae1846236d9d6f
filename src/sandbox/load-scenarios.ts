import type { Resource } from '../ehr-demo/patient-store.ts';
import type { Scenario } from '../ehr-demo/scenarios.ts';
import { type LoadedPatient, type LoadOptions, loadOnto } from './load-patients.ts';
import type { PatientNote } from './report.ts';

/** What a run has put on the server so far; it grows while patients are loaded, so that it is right at every moment. */
export type Loaded = {
  readonly patients: { readonly scenario: Scenario; readonly loaded: LoadedPatient }[];
  /** By transaction. */
  readonly created: (readonly Resource[])[];
  readonly notes: PatientNote[];
  /** Is there a transaction of which nobody knows what it left? */
  uncertain: boolean;
  /** Did one get no answer at all? It may still be at work. */
  lost: boolean;
};

/** Why loading stopped before the last patient. */
export type LoadEnd =
  | { readonly kind: 'done' }
  /** The very first write was refused: nothing is there. */
  | { readonly kind: 'read-only'; readonly because: string }
  | { readonly kind: 'unreachable' };

/** Nothing loaded yet. */
export function nothingLoaded(): Loaded {
  return { patients: [], created: [], notes: [], uncertain: false, lost: false };
}

/**
 * Loads one patient after the other, into `loaded`. One that the server does not take is noted, and the others are tested all
 * the same.
 */
export async function loadScenariosOnto(
  scenarios: readonly Scenario[],
  loaded: Loaded,
  options: LoadOptions & { readonly signal: AbortSignal; readonly onStep: (patient: string) => void },
): Promise<LoadEnd> {
  for (const [at, scenario] of scenarios.entries()) {
    if (options.signal.aborted) break;
    const { patient } = scenario;
    options.onStep(patient);
    // oxlint-disable-next-line no-await-in-loop -- a shared server is not to be flooded
    const load = await loadOnto(options, patient);
    switch (load.kind) {
      case 'loaded':
        loaded.created.push(load.created);
        loaded.patients.push({ scenario, loaded: load.patient });
        break;
      case 'lost':
        loaded.uncertain = true;
        loaded.lost = true;
        return { kind: 'unreachable' };
      case 'refused':
        if (at === 0) return { kind: 'read-only', because: load.because };
        loaded.notes.push({ patient, kind: 'not-loaded', note: `not loaded: ${load.because}` });
        break;
      case 'failed':
        loaded.uncertain = true;
        loaded.created.push(load.created);
        loaded.notes.push({ patient, kind: 'not-loaded', note: `not loaded: ${load.because}` });
        break;
      default:
        load satisfies never;
    }
  }
  return { kind: 'done' };
}
