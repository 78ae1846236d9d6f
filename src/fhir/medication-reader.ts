import { isJsonObject } from '../cds-hooks/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import { referencedId } from '../chart/resource.ts';
import type { FhirAnswer } from './fhir-server.ts';

/** Of one call. Each is a request of its own, and charts name most drugs in a display as well. */
const MAX_MEDICATIONS = 30;
/** Below the base. There are other patients' resources too, and a reference may hold dots, slashes and queries. */
const MEDICATION = /^\/Medication\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** Where the Medications are. */
export interface MedicationSource {
  /** The FHIR base URL. */
  readonly base: string;
  /** The URL that may be asked for this reference; `undefined` if it leads away from the server. */
  readonly resolve: (reference: string) => string | undefined;
}

/** Reads the Medications that records only refer to, each at most once in a call. */
export interface MedicationReader {
  /** Without those that cannot be had: a record whose drug stays unread is for the chart to judge. */
  read(references: readonly string[], get: (url: string) => Promise<FhirAnswer>): Promise<readonly JsonObject[]>;
}

/**
 * One by one, since Epic honours no `_include`, and nobody documents a search by several ids. `onSkipped` is told of what came
 * under an id and was not the Medication of that id.
 */
export function createMedicationReader(
  { base, resolve }: MedicationSource,
  onSkipped: (count: number) => void,
): MedicationReader {
  const root = new URL(base).pathname.replace(/\/$/, '');
  const asked = new Map<string, Promise<JsonObject | undefined>>();

  function urlOf(reference: string): string | undefined {
    const url = resolve(reference);
    if (url === undefined) return undefined;
    const { pathname, search } = new URL(url);
    return search === '' && MEDICATION.test(pathname.slice(root.length)) ? url : undefined;
  }

  async function readOne(url: string, get: (url: string) => Promise<FhirAnswer>): Promise<JsonObject | undefined> {
    const answer = await get(url);
    if (answer.kind === 'failed') return undefined;
    if (isMedication(answer.body, url)) return answer.body;
    onSkipped(1);
    return undefined;
  }

  return {
    async read(references, get) {
      const answers = references.flatMap((reference) => {
        const url = urlOf(reference);
        const known = url === undefined ? undefined : asked.get(url);
        if (url === undefined || known !== undefined) return known ?? [];
        if (asked.size >= MAX_MEDICATIONS) return [];
        const answer = readOne(url, get);
        asked.set(url, answer);
        return answer;
      });
      const read = await Promise.all(answers);
      return [...new Set(read)].filter((medication) => medication !== undefined);
    },
  };
}

function isMedication(body: unknown, url: string): body is JsonObject {
  return isJsonObject(body) && body['resourceType'] === 'Medication' && body['id'] === referencedId(url);
}
